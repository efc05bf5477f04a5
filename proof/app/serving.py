"""The application as its own process, on the real servers."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from proof.waiting import wait_for
from reference.paths import ROOT
from reference.ports import Port

SECRET = "b7f0c2e94d815a6377aa90c1fe52d8064ee3b19c2d7f58a0913c4e6b7d82f0a5"
ORIGIN = "https://shop.example"


@dataclass(frozen=True)
class Application:
    """A running application: a client of it, its variables, and its lines."""

    client: httpx.Client
    env: Mapping[str, str]
    process: subprocess.Popen[bytes]
    output: Path

    def lines(self) -> list[dict[str, Any]]:
        """Reads what it has printed so far; every line must be JSON."""
        whole, _, _under_way = self.output.read_text().rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]


def variables(database_url: str, redis_url: str, **changes: str) -> dict[str, str]:
    """Gives a production-like environment."""
    return {
        "PATH": os.environ["PATH"],
        "ENVIRONMENT": "production",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": SECRET,
        "ALLOWED_ORIGINS": ORIGIN,
        "RATE_LIMIT_REQUESTS": "1000000",
        **changes,
    }


@contextmanager
def running(env: Mapping[str, str], folder: Path) -> Iterator[Application]:
    """Runs the application until the block ends; it must end by SIGTERM on its own."""
    output, port = folder / "application.log", Port()
    with output.open("wb") as stream, closing(port):
        process = subprocess.Popen(
            [sys.executable, "-m", "reference.app"],
            cwd=ROOT,
            env={**env, "PORT": str(port.number)},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        try:
            with httpx.Client(base_url=f"http://{port.address}", timeout=30) as client:
                wait_for(lambda: process.poll() is not None or _answers(client), "the application answers")
                assert process.poll() is None, f"the application did not start:\n{output.read_text()}"
                yield Application(client, env, process, output)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/health/live").is_success
    except httpx.TransportError:
        return False
