"""No picture of this program's memory is written: it holds names, titles and passwords."""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_DUMPABLE = 4


def forbid_core_dumps() -> None:
    """Has the kernel write no core file for this process, and let no other program read its memory.

    On Linux; on other systems nothing is done (Windows keeps crash dumps by a policy of the machine).

    Raises:
        OSError: the kernel refused.
    """
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # a core file sent to a program by a pipe (systemd-coredump) does not heed the limit
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
