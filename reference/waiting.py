"""Waiting for something to become true, with a deadline."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class TooLateError(RuntimeError):
    """What was waited for did not happen in time; the message says what, and how long."""


async def until(check: Callable[[], Awaitable[bool]], *, what: str, seconds: float, every: float = 0.02) -> None:
    """Ask `check` every so many seconds until it says yes.

    Raises:
        TooLateError: it had not said so after `seconds`.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not await check():
        if loop.time() > deadline:
            raise TooLateError(f"{what}: not within {seconds:g} s")
        await asyncio.sleep(every)


async def in_thread(work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
    """Do work in a thread; a cancellation waits for its end, as a thread cannot be stopped."""
    task = asyncio.create_task(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(task)
    finally:
        await asyncio.wait([task])
