"""Puts the agent on a terminal: its program, its settings and keys, its unit, and the kernel's parameter.

    madoguchi-usb install --terminal NAME --group GROUP --account ACCOUNT --policy-key FILE
                          [--key FILE] [--python PATH] [--kernel-parameter] [--root FOLDER]

Run as root. The agent's key comes from the server (`madoguchi-server usb-agent-key`): `--key` is left out
only where one is here already, which stays then. Nothing that is there already is lost: with another key, the
agent puts the records of the one before aside. Only the room `device_control` is copied, into a folder that
root alone can write to. Afterwards the command is in `/usr/local/sbin`.
"""

from __future__ import annotations

import argparse
import compileall
import pwd
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from madoguchi.device_control.floor import PARAMETER
from madoguchi.device_control.places import Places
from madoguchi.device_control.sealed import BadText, check_terminal, key_of

PROGRAM: Final = Path("usr/lib/madoguchi-usb")
UNIT: Final = "madoguchi-usb.service"
UNITS: Final = Path("etc/systemd/system")
SHELL: Final = Path("usr/local/sbin/madoguchi-usb")
UDEV: Final = Path("etc/udev/rules.d/90-madoguchi-usb.rules")
GRUB: Final = Path("etc/default/grub.d/madoguchi-usb.cfg")
_CHECKOUT: Final = Path(__file__).resolve().parents[2]
_GROUP: Final = re.compile(r"[a-z0-9-]{1,30}")
_DEBIANS: Final = "/usr/bin/python3"
_NO_DESKTOP: Final = """\
# The agent has a lent stick mounted: no desktop does, and udisks only for an administrator.
SUBSYSTEM=="block", SUBSYSTEMS=="usb", ENV{UDISKS_IGNORE}="1", ENV{UDISKS_SYSTEM}="1", ENV{UDISKS_AUTO}="0"
"""
_MAIN: Final = """\
import sys

from madoguchi.device_control.program import main

sys.exit(main())
"""


class CannotInstall(Exception):
    """It is not installed; the message says what is missing."""


def main(arguments: Sequence[str]) -> int:
    """Installs it; 0: done, 1: not done, 2: not understood."""
    asked = _parser().parse_args(arguments)
    try:
        _install(asked)
    except (CannotInstall, OSError) as error:
        sys.stderr.write(f"madoguchi-usb install: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("madoguchi-usb install", description="Puts the agent on this terminal.")
    parser.add_argument("--terminal", required=True, help="the terminal's name at the server")
    parser.add_argument("--group", required=True, help="the group of terminals whose policy it takes")
    parser.add_argument("--account", required=True, help="the account that the window runs in")
    parser.add_argument(
        "--policy-key", required=True, type=Path, help="the public key of the policies, a file"
    )
    parser.add_argument("--key", type=Path, help="the agent's key, a file; without it, the one that is here")
    parser.add_argument("--python", default=_DEBIANS, help="an interpreter that has `cryptography`")
    parser.add_argument("--kernel-parameter", action="store_true", help="writes it for GRUB")
    parser.add_argument(
        "--root", type=Path, default=Path("/"), help="another system's root; nothing is started"
    )
    return parser


def _install(asked: argparse.Namespace) -> None:
    root: Path = asked.root
    places = Places(root)
    settings, key, policy_key = _settings(asked), _key(asked, places), _policy_key(asked)
    _can_verify(asked.python)
    _program(root / PROGRAM)
    places.settings.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    _put(places.settings, settings, 0o644)
    _put(places.public_key, policy_key, 0o644)
    _put(places.key, key, 0o600)
    _unit(root, asked)
    shell = root / SHELL
    shell.parent.mkdir(parents=True, exist_ok=True)
    _put(shell, f'#!/bin/sh\nexec {shlex.quote(asked.python)} -I /{PROGRAM} "$@"\n', 0o755)
    udev = root / UDEV
    udev.parent.mkdir(parents=True, exist_ok=True)
    # udev sees for itself that it has changed
    _put(udev, _NO_DESKTOP, 0o644)
    if asked.kernel_parameter:
        grub = root / GRUB
        grub.parent.mkdir(parents=True, exist_ok=True)
        _put(grub, f'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX {PARAMETER}=0"\n', 0o644)
        _say("The kernel's parameter is written; it holds after `update-grub` and a restart.")
        _say("From then on no USB keyboard types before the agent runs: no passphrase of a disk either.")
    if asked.key is not None:
        _say(f"The agent's key is in {places.key}: delete {asked.key}.")
    if root == Path("/"):
        for command in (["daemon-reload"], ["enable", UNIT], ["restart", UNIT]):
            subprocess.run(["systemctl", *command], check=True)  # noqa: S603, S607 - systemd's own
        _say("It runs. Without a policy everything but root hubs is closed: `madoguchi-usb policy FILE`.")


def _settings(asked: argparse.Namespace) -> str:
    try:
        check_terminal(asked.terminal)
    except BadText as error:
        raise CannotInstall(str(error)) from error
    if not _GROUP.fullmatch(asked.group):
        raise CannotInstall("a group is small letters, digits and -, 30 at most")
    words = {"group": asked.group, "terminal": asked.terminal, "window_account": asked.account}
    for word in words.values():
        if '"' in word or "\\" in word or not word.isprintable():
            raise CannotInstall(f"{word!r} cannot be written")
    return "".join(f'{name} = "{word}"\n' for name, word in words.items())


def _key(asked: argparse.Namespace, places: Places) -> str:
    if asked.key is None and not places.key.exists():
        # one made here could be taken in by no server
        raise CannotInstall("no key is here: --key with one of `madoguchi-server usb-agent-key`")
    text: str = (asked.key or places.key).read_text(encoding="ascii")
    try:
        key_of(text)
    except BadText as error:
        raise CannotInstall(f"the agent's {error}") from error
    return text.strip() + "\n"


def _policy_key(asked: argparse.Namespace) -> str:
    # the policy's rules do without `cryptography`; the key's shape is looked at with it
    from madoguchi.device_control.signed import BadKey, read_public

    text: str = asked.policy_key.read_text(encoding="ascii")
    try:
        read_public(text)
    except BadKey as error:
        raise CannotInstall(f"the policies' key: {error}") from error
    return text


def _can_verify(python: str) -> None:
    line = "from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey"
    ran = subprocess.run([python, "-I", "-c", line], check=False, capture_output=True)  # noqa: S603
    if ran.returncode:
        raise CannotInstall(
            f"{python} has no `cryptography`; on Debian: apt-get install python3-cryptography"
        )


def _program(place: Path) -> None:
    """The room, whole or not at all: a copy beside it takes its place."""
    made = place.with_name(place.name + ".new")
    shutil.rmtree(made, ignore_errors=True)
    room = made / "madoguchi/device_control"
    room.mkdir(parents=True)
    _put(made / "__main__.py", _MAIN, 0o644)
    _put(made / "madoguchi/__init__.py", (_CHECKOUT / "madoguchi/__init__.py").read_text("utf-8"), 0o644)
    for file in sorted((_CHECKOUT / "madoguchi/device_control").glob("*.py")):
        _put(room / file.name, file.read_text("utf-8"), 0o644)
    for folder in (made, made / "madoguchi", room):
        folder.chmod(0o755)
    compileall.compile_dir(made, quiet=1, stripdir=made, prependdir=Path("/") / PROGRAM)
    old = place.with_name(place.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    made.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _unit(root: Path, asked: argparse.Namespace) -> None:
    units = root / UNITS
    added = units / f"{UNIT}.d"
    added.mkdir(parents=True, exist_ok=True)
    unit = (_CHECKOUT / "installer" / UNIT).read_text(encoding="utf-8")
    _put(units / UNIT, unit.replace(f"={_DEBIANS} ", f"={asked.python} "), 0o644)
    try:
        group = pwd.getpwnam(asked.account).pw_gid
    except KeyError as error:
        if root == Path("/"):
            raise CannotInstall(f"there is no account {asked.account}") from error
        return
    _put(added / "window.conf", f"[Service]\nSupplementaryGroups={group}\n", 0o644)


def _put(file: Path, content: str, mode: int) -> None:
    unfinished = file.with_name(f".{file.name}.new")
    unfinished.touch(mode=0o600)
    unfinished.chmod(mode)
    unfinished.write_text(content, encoding="utf-8")
    unfinished.replace(file)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
