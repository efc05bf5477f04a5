"""An asynchronous context manager, such as a deployment, for tests that are plain functions."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Generic, Self, TypeVar

Entered = TypeVar("Entered")
Result = TypeVar("Result")


class Background(Generic[Entered]):
    """Enters a context manager in a loop of its own, whose thread lasts as long as this one's context.

    Args:
        make: makes the context manager, for example the class `Deployment`.
    """

    value: Entered
    """What the context manager gave on entering."""

    def __init__(self, make: Callable[[], AbstractAsyncContextManager[Entered]]) -> None:
        self._manager = make()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="background")

    def __enter__(self) -> Self:
        """Start the loop and enter; the loop ends if that fails."""
        self._thread.start()
        try:
            self.value = self.do(self._manager.__aenter__())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave, and end the loop."""
        try:
            self.do(self._manager.__aexit__(kind, error, trace))
        finally:
            self._end()

    def do(self, work: Coroutine[object, object, Result], seconds: float = 60.0) -> Result:
        """Run a coroutine in the loop and wait for its result.

        Raises:
            TimeoutError: it takes longer than `seconds`.
        """
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def _end(self) -> None:
        self.do(_cancelled_rest())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _cancelled_rest() -> None:
    """Cancel what is still waiting, as `asyncio.run` does before it closes its loop."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
