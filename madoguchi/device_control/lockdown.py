"""Closes what was lent, without the agent: after a crash, a kill, a freeze, and when a lease's time is over.

Run by systemd as a file (`python3 -I -S lockdown.py`), so that it is done as soon as can be: it imports
nothing that takes time, and needs neither policy nor key nor journal.
"""

from __future__ import annotations

import os
import sys
import time

_STORAGE = 8
_INTERFACE = 4
_TRIES = 3
_PR_SET_PDEATHSIG = 1
_SECONDS = 3.0


def lock_down(root: str = "/") -> bool:
    """Closes every device that can hold files, and has what is plugged in from now on closed.

    Not the leased one alone: which one that is would have to be read from a file. The agent opens what its
    policy allows when it is back. Each is closed by a process of its own, so that one for which the kernel
    takes long keeps nobody from the others. Returns whether all of them are closed.
    """
    devices = os.path.join(root, "sys/bus/usb/devices")
    closing: list[int] = []
    left: list[str] = []
    for name in _names(devices):
        place = os.path.join(devices, name)
        if name.startswith("usb"):
            _write(os.path.join(place, "authorized_default"))
        elif ":" not in name and _holds_files(_read(os.path.join(place, "descriptors"))):
            process = _fork()
            if process == 0:
                # nothing of this process's end is run a second time
                os._exit(0 if _close(place) else 1)
            if process < 0:
                left.append(place)
            else:
                closing.append(process)
    # what no process could be made for comes last
    closed = [_close(place) for place in left]
    return _all_ended_well(closing) and all(closed)


def end_lease(nonce: str, root: str = "/") -> bool:
    """Closes the leased device, if this is still that lease; returns whether it is closed.

    The file of the lease stays: the agent reads from it, at its start, what it did not end itself.
    """
    import json
    from pathlib import Path

    # run as a file, this is not on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from madoguchi.device_control.places import Places
    from madoguchi.device_control.sysfs import Gone, NotDone, SysfsBus, Unreadable

    places = Places(Path(root))
    try:
        lease = json.loads(places.lease.read_text(encoding="utf-8"))
        if lease["nonce"] != nonce:
            return True
        place = os.path.join(root, "sys/bus/usb/devices", lease["port"])
        bus = SysfsBus(places.root / "sys", places.root / "proc/sys/kernel/random/boot_id")
        try:
            if bus.read(lease["port"]).instance != lease["instance"]:
                return True
        except Gone:
            # or a file of it alone is
            pass
    except FileNotFoundError:
        return True
    except (OSError, ValueError, KeyError, TypeError, Unreadable, NotDone):
        # which device was lent cannot be told
        return lock_down(root)
    return _close(place)


def guard(agent: int, root: str = "/") -> bool:
    """Waits until the agent is no more, of which the kernel tells by SIGTERM, and does as `lock_down`.

    Writes a line as soon as nothing is missed any more. Killed by the agent, it closes nothing. It must be a
    child of the agent's main thread.
    """
    import ctypes
    import signal

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    told = ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) == 0
    if told and os.getppid() == agent:
        os.write(1, b"stands\n")
        signal.sigwait({signal.SIGTERM})
    return lock_down(root)


def main(arguments: list[str], root: str = "/") -> int:
    """`[--lease NONCE | --guard AGENT]`. 0: closed; 1: something is still open; 2: not understood."""
    if not arguments:
        return 0 if lock_down(root) else 1
    if arguments[0] == "--lease" and len(arguments) == 2:
        return 0 if end_lease(arguments[1], root) else 1
    if arguments[0] == "--guard" and len(arguments) == 2:
        return 0 if guard(int(arguments[1]), root) else 1
    sys.stderr.write("lockdown [--lease NONCE | --guard AGENT]\n")
    return 2


def _fork() -> int:
    """A new process: 0 in it, its number here, -1 if there is none."""
    try:
        return os.fork()
    except OSError:
        return -1


def _all_ended_well(processes: list[int]) -> bool:
    until = time.monotonic() + _SECONDS
    well = True
    while processes and time.monotonic() < until:
        for process in list(processes):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                processes.remove(process)
                well = well and status == 0
        time.sleep(0.001)
    return well and not processes


def _names(devices: str) -> list[str]:
    try:
        return os.listdir(devices)
    except OSError:
        return []


def _holds_files(raw: bytes) -> bool:
    """Whether any interface is one of storage; also when that cannot be read."""
    at = 0
    while at < len(raw):
        if len(raw) - at < 2 or raw[at] < 2:
            return True
        if raw[at + 1] == _INTERFACE and (len(raw) - at < 6 or raw[at + 5] == _STORAGE):
            return True
        at += raw[at]
    return raw[4:5] in (b"", bytes([_STORAGE]))


def _close(place: str) -> bool:
    file = os.path.join(place, "authorized")
    for _ in range(_TRIES):
        if _read(file).strip() in (b"", b"0"):
            # closed, or gone
            return True
        _write(file)
    return _read(file).strip() in (b"", b"0")


def _read(file: str) -> bytes:
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except OSError:
        return b""


def _write(file: str) -> None:
    try:
        # never made: what is gone stays gone
        descriptor = os.open(file, os.O_WRONLY | os.O_CLOEXEC)
    except OSError:
        return
    try:
        os.write(descriptor, b"0")
    except OSError as error:
        sys.stderr.write(f"{file}: {error}\n")
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
