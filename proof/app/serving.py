"""The application as its own process, on the real servers."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
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
        return [json.loads(line) for line in self.output.read_text().splitlines()]


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
def running(env: Mapping[str, str], folder: Path, port: int) -> Iterator[Application]:
    """Runs the application until the block ends; it must end by SIGTERM on its own."""
    output = folder / f"application-{port}.log"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "reference.app"],
            cwd=ROOT,
            env={**env, "PORT": str(port)},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                _await_start(client, process, output)
                yield Application(client, env, process, output)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _await_start(client: httpx.Client, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            client.get("/health/live").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the application did not start:\n{output.read_text()}")
