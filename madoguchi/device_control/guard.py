"""A process beside the agent while a stick is lent, which closes it when the agent is no more.

systemd hears of the agent's end only when every thread of it has ended, and one that waits for the kernel to
open or close a device ends when the kernel has done with that. The guard is told by the kernel in the moment
in which the agent's main thread dies, and closes what can hold files (`lockdown --guard`).
"""

from __future__ import annotations

import logging
import os
import selectors
import subprocess
from collections.abc import Callable, Sequence

_log = logging.getLogger(__name__)


class Guard:
    """At most one process, watched by the agent's own loop. `command` is given the agent's process number."""

    def __init__(self, selector: selectors.BaseSelector, command: Callable[[int], Sequence[str]]) -> None:
        self._selector, self._command = selector, command
        self._process: subprocess.Popen[bytes] | None = None

    def stand(self, then: Callable[[bool], None]) -> None:
        """Starts it; `then` is told in the loop whether it stands, ready to act."""
        self.dismiss()
        try:
            # from the main thread, whose death it is told of
            process = subprocess.Popen(  # noqa: S603 - our own command, as a list
                list(self._command(os.getpid())),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath)},
            )
        except OSError as error:
            _log.warning("the guard did not start: %s", error)
            then(False)
            return
        self._process = process
        assert process.stdout is not None
        said = process.stdout

        def heard() -> None:
            stands = bool(os.read(said.fileno(), 16))
            self._selector.unregister(said)
            said.close()
            then(stands and self._process is process)

        self._selector.register(said, selectors.EVENT_READ, heard)

    def dismiss(self) -> None:
        """Ends it, if there is one; nothing is closed by it any more."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            # it has nothing that the kernel could keep it in
            process.wait()
