"""The command line beside pytest: `python -m acceptance criteria|verify|clean|docs`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from acceptance.catalogue import CatalogueError, load_catalogue
from acceptance.levels import STAGES
from acceptance.outcomes import Unverified
from acceptance.target import TargetError
from acceptance.verdict import Verdict
from acceptance.waivers import WaiverError

USAGE_ERROR = 4


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """End with the suite's own status for a usage error."""
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except (CatalogueError, WaiverError, TargetError) as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m acceptance", description="Acceptance of an APEX Analytics deployment.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = commands.add_parser("criteria", help="list the catalogue")
    listing.set_defaults(command=_criteria)
    checking = commands.add_parser("verify", help="recompute a sign-off's verdict from its recorded evidence")
    checking.add_argument("file", type=Path, nargs="?", default=Path("reports/signoff.json"))
    checking.add_argument(
        "--max-age", type=float, default=24, metavar="HOURS", help="refuse an older one (default: 24)"
    )
    checking.add_argument("--target", default="", metavar="NAME", help="refuse a sign-off of another target")
    checking.add_argument(
        "--stage", choices=STAGES, default="post-deploy", help="refuse another (default: post-deploy)"
    )
    checking.add_argument("--commit", default="", help="refuse a sign-off of another deployed commit")
    checking.set_defaults(command=_verify)
    cleaning = commands.add_parser("clean", help="remove what a killed run left on a target")
    cleaning.add_argument("--target", required=True, metavar="NAME|FILE")
    cleaning.add_argument("--reports", type=Path, default=Path("reports"), metavar="FOLDER", help="the runs' reports")
    cleaning.add_argument("--yes", action="store_true", help="act; without it, only say what would be removed")
    cleaning.set_defaults(command=_clean)
    writing = commands.add_parser(
        "docs", help="regenerate docs/criteria.md, docs/configuration.md, targets/example.env"
    )
    writing.set_defaults(command=_docs)
    return parser


def _criteria(_options: argparse.Namespace) -> int:
    for criterion in load_catalogue():
        print(f"{criterion.id:6} {criterion.level:14} phase {criterion.phase}  {criterion.status:8} {criterion.plan}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from acceptance.verify import RefusedError, describe, verify

    try:
        verified = verify(
            options.file,
            max_age=timedelta(hours=options.max_age),
            target=options.target,
            stage=options.stage,
            commit=options.commit,
        )
    except RefusedError as refusal:
        print(f"REFUSED: {refusal}")
        return Verdict.UNVERIFIED.exit_status
    print(f"{describe(verified.decision)}\n{verified.what}")
    return verified.decision.verdict.exit_status


def _clean(options: argparse.Namespace) -> int:
    from acceptance.cleanup import clean_up, count_rows, remove_dead_folders
    from acceptance.ledger import Ledger
    from acceptance.target import load_target

    target = load_target(options.target)
    if target.database_url is None:
        raise TargetError("clean needs DATABASE_URL in the target's settings")
    url, ledger = target.database_url.get_secret_value(), Ledger(target.name, options.reports)
    for prefix in list(ledger):
        if options.yes:
            print(f"{prefix}*: {clean_up(url, ledger, prefix, last=True)}")
            continue
        try:
            rows = count_rows(url, prefix)
        except Unverified as problem:
            print(problem)
            return Verdict.UNVERIFIED.exit_status
        print(f"{prefix}*: {', '.join(f'{count} of {table}' for table, count in rows.items())}")
    if options.yes:
        print(f"{remove_dead_folders()} temporary folders of dead runs were removed")
    left = list(ledger)
    print(
        f"{len(left)} prefixes are on record" + ("" if options.yes or not left else ": add --yes to remove their rows")
    )
    return Verdict.UNVERIFIED.exit_status if options.yes and left else 0


def _docs(_options: argparse.Namespace) -> int:
    from acceptance.documentation import generated_files

    for path, text in generated_files().items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
