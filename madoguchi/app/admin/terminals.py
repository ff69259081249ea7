"""The terminals: enrolled, given settings, revoked, listed."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any, Final

from madoguchi.app.admin.authority import NotARequest
from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.database import call
from madoguchi.app.admin.making import fingerprint, open_authority
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.devices.fields import group_of, virus_check_of
from madoguchi.app.files import write
from madoguchi.app.settings import IDLE_SECONDS
from madoguchi.app.terminal.names import subject
from madoguchi.barcode.code_plan import PlanError, read_plan

_LARGEST_REQUEST: Final = 65_536


def add_to(commands: Commands) -> None:
    """Adds the commands of this file."""
    terminal = commands.add_parser("terminal", help="terminals of the counters").add_subparsers(required=True)
    enrol = terminal.add_parser("enrol", help="signs a terminal's request; also renews its certificate")
    enrol.add_argument("name", type=_name)
    enrol.add_argument("--branch", required=True, metavar="CODE", help="the branch it stands in")
    enrol.add_argument("--request", required=True, type=Path, metavar="FILE.csr")
    enrol.add_argument("--out", required=True, type=Path, metavar="FILE.crt")
    enrol.add_argument("--days", type=int, default=397, help="for how long (397)")
    enrol.add_argument("--set", nargs="+", action="extend", default=[], metavar="KEY=VALUE", dest="settings")
    enrol.set_defaults(run=enrol_terminal)
    revoke = terminal.add_parser("revoke", help="takes a terminal's certificates off the list, at once")
    revoke.add_argument("name", type=_name)
    revoke.set_defaults(run=revoke_terminal)
    changed = terminal.add_parser("set", help="settings of a terminal: " + ", ".join(_SETTINGS))
    changed.add_argument("name", type=_name)
    changed.add_argument("settings", nargs="+", metavar="KEY=VALUE", help="nothing after = takes it away")
    changed.set_defaults(run=set_terminal)
    listed = terminal.add_parser("list", help="the terminals, one a line")
    listed.set_defaults(run=list_terminals)


def enrol_terminal(context: Context, options: argparse.Namespace) -> int:
    """Signs a request under the name the administrator says, and puts its number on the list of terminals.

    A terminal that has a certificate keeps it until it first comes with the new one.
    """
    settings = read_settings(options.settings)
    if "branch" in settings:
        raise CannotDo("the branch is said with --branch")
    authority = open_authority(context.home)
    try:
        if options.request.stat().st_size > _LARGEST_REQUEST:
            raise CannotDo(f"{options.request}: too large for a terminal's request")
        signed = authority.sign_terminal(options.request.read_bytes(), name=options.name, days=options.days)
    except OSError as error:
        raise CannotDo(f"{options.request}: cannot be read ({error.strerror})") from error
    except NotARequest as error:
        raise CannotDo(f"{options.request}: {error.sentence_ja}") from error
    except ValueError as error:
        raise CannotDo(str(error)) from error
    beside = options.out.with_name("ca.crt")
    try:
        # before the number is known: a file that cannot be written is found out while nothing has changed
        write(options.out, signed.pem, 0o644)
        write(beside, authority.certificate_pem, 0o644)
    except OSError as error:
        raise CannotDo(f"{error.filename or options.out}: cannot be written ({error.strerror})") from error
    with context.transaction() as connection:
        call(
            connection,
            "account.enrol_terminal",
            "cast(:name as text), cast(:branch as text), cast(:serial as text), cast(:until as timestamptz),"
            " cast(:settings as jsonb)",
            name=options.name,
            branch=options.branch,
            serial=str(signed.serial),
            until=signed.not_after.isoformat(),
            settings=json.dumps(settings, ensure_ascii=False),
        )
    context.say(f"{options.name}: certificate {options.out} until {signed.not_after:%Y-%m-%d}")
    context.say(f"authority {beside}")
    context.say(f"  SHA-256 {fingerprint(authority.certificate_pem)}")
    return 0


def revoke_terminal(context: Context, options: argparse.Namespace) -> int:
    """Ends a terminal: its sessions at once, its certificates for good."""
    with context.transaction() as connection:
        _refuse(call(connection, "account.revoke_terminal", "cast(:name as text)", name=options.name))
    context.say(f"{options.name}: revoked, and signed out")
    return 0


def set_terminal(context: Context, options: argparse.Namespace) -> int:
    """Changes settings of a terminal; it takes them up at the next sign-in."""
    settings = json.dumps(read_settings(options.settings), ensure_ascii=False)
    with context.transaction() as connection:
        _refuse(
            call(
                connection,
                "account.set_terminal",
                "cast(:name as text), cast(:settings as jsonb)",
                name=options.name,
                settings=settings,
            )
        )
    context.say(f"{options.name}: set")
    return 0


def list_terminals(context: Context, _options: argparse.Namespace) -> int:
    """One line a terminal, tabs between: name, branch, certificate until, state, settings."""
    with context.transaction() as connection:
        answer = call(connection, "account.list_terminals")
    for row in answer["rows"]:
        context.say("\t".join(_line(row)))
    return 0


def _line(row: dict[str, Any]) -> list[str]:
    state = "in use by " + row["signed_in"] if row["signed_in"] else "enrolled"
    if row["next_serial"]:
        state = "a new certificate waits"
    if row["revoked_at"]:
        state = "revoked"
    settings = " ".join(f"{key}={_shown(value)}" for key, value in sorted(row["settings"].items()))
    return [row["name"], row["branch"], row["valid_until"][:10], state, settings or "-"]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _refuse(answer: dict[str, Any]) -> None:
    if answer["refusal"] is not None:
        raise CannotDo("there is no such terminal, or it was revoked")


# -- what is typed -------------------------------------------------------------------------------------------


def _name(text: str) -> str:
    try:
        subject(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text.strip()


def read_settings(words: list[str]) -> dict[str, Any]:
    """Settings typed as ``key=value``; a value of nothing takes the setting away (null).

    Raises:
        CannotDo: no such setting, or no such value.
    """
    found: dict[str, Any] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or key not in _SETTINGS:
            raise CannotDo(f"{key}: no setting of a terminal; there are {', '.join(_SETTINGS)}")
        if not value and key == "branch":
            raise CannotDo("branch: every terminal stands in one")
        found[key] = _SETTINGS[key](key, value) if value else None
    return found


def _code(key: str, value: str) -> str:
    if not re.fullmatch(r"[a-z0-9_-]{1,16}", value):
        raise CannotDo(f"{key}: a branch's code, like sogo")
    return value


def _seconds(key: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 5 or int(value) not in IDLE_SECONDS:
        raise CannotDo(f"{key}: {IDLE_SECONDS.start} to {IDLE_SECONDS.stop - 1} seconds")
    return int(value)


def _printer(key: str, value: str) -> str:
    if len(value) > 100 or not value.isprintable():
        raise CannotDo(f"{key}: a printer's name, at most 100 characters that can be seen")
    return value


def _scanner(key: str, value: str) -> Any:
    """A code plan of this terminal's own, as a JSON object; it goes before the library's."""
    try:
        read_plan(value)
    except PlanError as error:
        raise CannotDo(f"{key}: a code plan as a JSON object; {error}") from error
    return json.loads(value)


def _usb_group(key: str, value: str) -> str:
    """Which group's USB policy this terminal fetches; its agent has to be of the same."""
    try:
        return group_of(value)
    except ValueError as error:
        raise CannotDo(f"{key}: {error}") from error


def _virus_check(key: str, value: str) -> list[str]:
    """The command that checks files from and for a stick, as a JSON list of its arguments."""
    try:
        return list(virus_check_of(json.loads(value)))
    except ValueError as error:
        reason = "a JSON list" if isinstance(error, json.JSONDecodeError) else str(error)
        raise CannotDo(f"{key}: {reason}") from error


_SETTINGS: Final = {
    "branch": _code,
    "idle_seconds": _seconds,
    "receipt_printer": _printer,
    "label_printer": _printer,
    "scanner": _scanner,
    "usb_group": _usb_group,
    "virus_check": _virus_check,
}
