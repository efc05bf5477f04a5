"""Starting and stopping the embedded deployment as a process of its own: the engine never imports it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from dotenv import dotenv_values

from acceptance.paths import ROOT
from acceptance.target import Target, TargetError, make_target
from acceptance.waiting import NotInTimeError, wait_for

BOOT_DEADLINE_S = 120.0  # the first boot on a machine prepares the data directory
STOP_DEADLINE_S = 15.0


class EmbeddedDeployment:
    """A running `python -m reference up`, and the target that it wrote."""

    def __init__(self, folder: Path, stage: str, faults: Sequence[str] = ()) -> None:
        """Boot it, and wait until it says where it is.

        Args:
            folder: a private folder for the settings file and the process's log.
            stage: the stage of the plan in which it is to stand.
            faults: names of faults to apply, as `python -m reference faults` lists them.

        Raises:
            TargetError: it did not come up; the message ends with what it printed last.
        """
        self._env_file = folder / "reference.env"
        self._log = folder / "reference.log"
        command = [sys.executable, "-m", "reference", "up", "--stage", stage, "--env-file", str(self._env_file)]
        command += ["--parent", str(os.getpid())]
        for fault in faults:
            command += ["--fault", fault]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait_until_up()
        except BaseException:
            self.stop()
            raise
        self.target: Target = make_target(
            {key: value for key, value in dotenv_values(self._env_file, interpolate=False).items() if value},
            "reference",
        )

    def _wait_until_up(self) -> None:
        try:
            ended = wait_for(
                "the embedded deployment to be up",
                self._process.poll,
                lambda status: status is not None or self._env_file.exists(),
                deadline_s=BOOT_DEADLINE_S,
                every_s=0.02,
            )
        except NotInTimeError:
            raise TargetError(
                f"the embedded deployment is not up after {BOOT_DEADLINE_S:.0f} s:\n{self._last_lines()}"
            ) from None
        if ended is not None:
            raise TargetError(f"the embedded deployment ended while it was booting:\n{self._last_lines()}")

    def _last_lines(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-8:])

    def stop(self) -> None:
        """End it; it removes what it made."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_DEADLINE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
