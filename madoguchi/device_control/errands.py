"""Other programs that the agent has do something for it, without waiting for them."""

from __future__ import annotations

import logging
import os
import selectors
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import Final

_log = logging.getLogger(__name__)

_SECONDS: Final = 8.0


class Errands:
    """Programs that run now, watched by the agent's own loop. One that takes too long is killed."""

    def __init__(self, selector: selectors.BaseSelector) -> None:
        self._selector = selector
        self._running: dict[int, tuple[subprocess.Popen[bytes], float, Callable[[bool], None]]] = {}

    def run(self, command: Sequence[str], then: Callable[[bool], None] = lambda done: None) -> None:
        """Starts a program; `then` is told in the loop whether it ended well."""
        try:
            process = subprocess.Popen(  # noqa: S603 - our own commands, as lists
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                # whoever runs for the agent does not speak for it
                env={"PATH": os.environ.get("PATH", os.defpath)},
            )
        except OSError as error:
            _log.warning("%s did not start: %s", command[0], error)
            then(False)
            return
        watched = os.pidfd_open(process.pid)
        self._running[watched] = (process, time.monotonic() + _SECONDS, then)
        self._selector.register(watched, selectors.EVENT_READ, lambda: self._ended(watched))

    def expire(self) -> None:
        """Ends what has taken too long."""
        now = time.monotonic()
        for process, until, _ in list(self._running.values()):
            if now > until:
                process.kill()

    def _ended(self, watched: int) -> None:
        process, _, then = self._running.pop(watched)
        self._selector.unregister(watched)
        os.close(watched)
        status = process.wait()
        if status:
            _log.warning("%s ended with %d", process.args, status)
        then(status == 0)
