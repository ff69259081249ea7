"""Takes the agent off a terminal again: the kernel's parameter, its unit, program, socket and settings.

    madoguchi-usb uninstall [--all] [--root FOLDER]

Run as root. The agent's key, and `/var/lib/madoguchi-usb` with the records that the server may not have yet,
stay unless `--all` is given. No device is opened by it.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from madoguchi.device_control.floor import PARAMETER
from madoguchi.device_control.install import GRUB, PROGRAM, SHELL, UDEV, UNIT, UNITS
from madoguchi.device_control.places import Places

_UPDATE_GRUB: Final = "update-grub"


def main(arguments: Sequence[str]) -> int:
    """Takes it off; 0: done, also where there was none, 1: not done, 2: not understood."""
    parser = argparse.ArgumentParser(
        "madoguchi-usb uninstall", description="Takes the agent off this terminal."
    )
    parser.add_argument(
        "--all", action="store_true", help="the agent's key and its records, too: those not sent are lost"
    )
    parser.add_argument(
        "--root", type=Path, default=Path("/"), help="another system's root; nothing is stopped"
    )
    asked = parser.parse_args(arguments)
    try:
        _uninstall(asked.root, everything=asked.all)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"madoguchi-usb uninstall: {error}\n")
        return 1
    return 0


def _uninstall(root: Path, *, everything: bool) -> None:
    is_here, places = root == Path("/"), Places(root)
    # first: a machine that starts with the parameter and without the agent has no USB keyboard
    _parameter(root, is_here=is_here)
    if is_here and (root / UNITS / UNIT).exists():
        _run("systemctl", "disable", "--now", UNIT)
    (root / UNITS / UNIT).unlink(missing_ok=True)
    (root / UNITS / "sysinit.target.wants" / UNIT).unlink(missing_ok=True)
    (root / UNITS / f"{UNIT}.d/window.conf").unlink(missing_ok=True)
    # what an administrator put beside it stays
    _remove_if_empty(root / UNITS / f"{UNIT}.d")
    if is_here:
        _run("systemctl", "daemon-reload")
    for file in (places.socket, places.lease, places.settings, places.public_key, root / SHELL, root / UDEV):
        file.unlink(missing_ok=True)
    _remove_if_empty(places.stick, places.run)
    if (root / PROGRAM).exists():
        shutil.rmtree(root / PROGRAM)
    if everything:
        places.key.unlink(missing_ok=True)
        if places.state.exists():
            shutil.rmtree(places.state)
    _remove_if_empty(places.key.parent)
    for left in (places.key, places.state):
        if left.exists():
            _say(f"{left} is left; --all takes it away, too.")
    _say("The agent is off this terminal: nothing here decides about USB devices any more.")


def _parameter(root: Path, *, is_here: bool) -> None:
    grub = root / GRUB
    if grub.exists():
        grub.unlink()
        if is_here and shutil.which(_UPDATE_GRUB):
            _run(_UPDATE_GRUB)
        else:
            _say(f"The kernel's parameter is taken back; it is gone after `{_UPDATE_GRUB}` and a restart.")
        _say("Until the restart, what is plugged in stays closed: a keyboard, too.")
        return
    with suppress(OSError):
        if f"{PARAMETER}=0" in (root / "proc/cmdline").read_text(encoding="utf-8", errors="replace").split():
            _say(f"{PARAMETER}=0 is on the kernel's command line, and not by this program.")
            _say("Take it from there before the next start: without the agent no USB keyboard types then.")


def _remove_if_empty(*folders: Path) -> None:
    for folder in folders:
        # what others put there stays, and so does a stick that is mounted
        with suppress(OSError):
            folder.rmdir()


def _run(*command: str) -> None:
    subprocess.run(command, check=True)  # noqa: S603 - systemd's and GRUB's own


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
