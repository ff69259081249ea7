"""Finding and ending the processes of one PostgreSQL cluster, and a watchman who does so when we cannot.

Run as a script it is the watchman: it reads one line of JSON from its standard input, waits for the end of
that input, which comes when the process that started it closes the pipe or dies in any way at all, then ends
the cluster and removes its directory. So a killed test run leaves nothing behind, not even when it had
stopped the server with SIGSTOP.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path


def cluster_pids(mark: str, uid: int) -> list[int]:
    """Return the process ids of the cluster, the postmaster (the oldest) first.

    `mark` is a word only this cluster has: it stands in the postmaster's data directory, and PostgreSQL puts
    `cluster_name` into the title of every other process. Programs of other names or users (a psql that was
    given a path with the mark in it) are not counted. A process that has ended but was not waited for is not
    listed.
    """
    found: list[tuple[int, int]] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):  # it ended while we looked
            if entry.stat().st_uid != uid or mark.encode() not in (entry / "cmdline").read_bytes():
                continue
            before, _, after = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")
            if before.endswith("(postgres"):
                found.append((int(after.split()[19]), int(entry.name)))
    return [pid for _, pid in sorted(found)]


def is_stopped(pid: int) -> bool:
    """True when the process stands still after SIGSTOP, or is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
    return text.rpartition(")")[2].split()[0] in "TtZX"


def send(pids: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to each process that is still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def end_cluster(mark: str, uid: int, patience: float = 5.0) -> None:
    """End every process of the cluster: ask for an immediate shutdown, and after `patience` seconds kill.

    Asking first lets the postmaster give back its System V shared memory, which outlives a killed process.
    """
    pids = cluster_pids(mark, uid)
    send(pids, signal.SIGCONT)
    send(pids[:1], signal.SIGQUIT)
    deadline = time.monotonic() + patience
    while pids := cluster_pids(mark, uid):
        if time.monotonic() > deadline:
            send(pids, signal.SIGKILL)
        time.sleep(0.02)


def post_watchman(mark: str, uid: int, directory: Path) -> "subprocess.Popen[str]":
    """Start the watchman of a cluster and of its directory; he acts when his standard input is closed."""
    watchman = subprocess.Popen(
        [sys.executable, "-I", __file__],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True, cwd="/",
    )  # fmt: skip
    assert watchman.stdin is not None
    watchman.stdin.write(json.dumps({"mark": mark, "uid": uid, "directory": str(directory)}) + "\n")
    watchman.stdin.flush()
    return watchman


def _watch() -> None:
    """Wait for the end of standard input, then clear up. A Ctrl-C meant for the test run is not for us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ward = json.loads(sys.stdin.readline())
    sys.stdin.read()
    end_cluster(ward["mark"], ward["uid"])
    shutil.rmtree(ward["directory"], ignore_errors=True)


if __name__ == "__main__":
    _watch()
