"""The accounts of the staff: made, ended, given a new password, listed; by the functions of the database."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from typing import Any, Final

from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.database import call
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.server.tables.accounts import STAFF_ROLES
from madoguchi.app.staff.accounts import LOGIN, LONGEST_NAME, temporary_password
from madoguchi.app.staff.scram import make_verifier

_REFUSALS: Final = {
    "login_taken": "this login is taken, by an account or by another role of the server",
    "no_such_account": "there is no such account",
}


def add_to(commands: Commands) -> None:
    """Adds the commands of this file."""
    staff = commands.add_parser("staff", help="accounts of the staff").add_subparsers(required=True)
    add = staff.add_parser("add", help="a new account; prints its temporary password, once")
    add.add_argument("login", type=_login)
    add.add_argument("--name", required=True, type=_name)
    add.add_argument("--role", required=True, choices=STAFF_ROLES)
    add.add_argument("--branches", type=_codes, default=[], metavar="CODE,CODE", help="contract staff's own")
    add.add_argument("--until", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="the last day")
    add.set_defaults(run=add_staff)
    disable = staff.add_parser("disable", help="ends the account and its sessions, at once")
    disable.set_defaults(run=disable_staff)
    reset = staff.add_parser("reset", help="a new temporary password; also brings back a disabled account")
    reset.set_defaults(run=reset_staff)
    last_day = staff.add_parser("last-day", help="until when the account is good")
    last_day.set_defaults(run=set_last_day)
    unlock = staff.add_parser("unlock", help="ends the lock that bad sign-ins brought")
    unlock.set_defaults(run=unlock_staff)
    for parser in (disable, reset, last_day, unlock):
        parser.add_argument("login", type=_login)
    last_day.add_argument("date", type=_day_or_never, metavar="YYYY-MM-DD|never")
    listed = staff.add_parser("list", help="the accounts; --unused 90d: those nobody has signed in with")
    listed.add_argument("--unused", type=_days, metavar="90d")
    listed.set_defaults(run=list_staff)


def add_staff(context: Context, options: argparse.Namespace) -> int:
    """Makes an account; the server sees a verifier, never the password."""
    password = temporary_password()
    with context.transaction() as connection:
        answer = call(
            connection,
            "account.add_staff",
            "cast(:login as text), cast(:name as text), cast(:role as text),"
            " string_to_array(nullif(cast(:branches as text), ''), ','), cast(:until as date),"
            " cast(:verifier as text)",
            login=options.login,
            name=options.name,
            role=options.role,
            branches=",".join(options.branches),
            until=options.until,
            verifier=make_verifier(password),
        )
        _refuse(answer)
    _say_password(context, options.login, password)
    return 0


def reset_staff(context: Context, options: argparse.Namespace) -> int:
    """Gives an account a new temporary password and ends its sessions."""
    password = temporary_password()
    with context.transaction() as connection:
        _refuse(
            call(
                connection,
                "account.reset_staff",
                "cast(:login as text), cast(:verifier as text)",
                login=options.login,
                verifier=make_verifier(password),
            )
        )
    _say_password(context, options.login, password)
    return 0


def disable_staff(context: Context, options: argparse.Namespace) -> int:
    """Ends an account and its sessions."""
    return _simply(context, "account.disable_staff", options.login, "disabled, and signed out everywhere")


def unlock_staff(context: Context, options: argparse.Namespace) -> int:
    """Ends the lock of an account."""
    return _simply(context, "account.unlock_staff", options.login, "not locked")


def set_last_day(context: Context, options: argparse.Namespace) -> int:
    """Sets until when an account is good."""
    with context.transaction() as connection:
        _refuse(
            call(
                connection,
                "account.set_last_day",
                "cast(:login as text), cast(:until as date)",
                login=options.login,
                until=options.date,
            )
        )
    context.say(f"{options.login}: last day {options.date or 'not set'}")
    return 0


def list_staff(context: Context, options: argparse.Namespace) -> int:
    """One line an account, tabs between: login, name, role, branches, last day, last sign-in, state."""
    with context.transaction() as connection:
        answer = call(connection, "account.list_staff", "cast(:days as integer)", days=options.unused)
    for row in answer["rows"]:
        context.say("\t".join(_line(row)))
    return 0


def _line(row: dict[str, Any]) -> list[str]:
    if row["disabled_at"]:
        state = "disabled"
    elif row["active_until"] and row["active_until"] < dt.datetime.now().astimezone().date().isoformat():
        state = "ended"
    elif row["locked_until"]:
        state = "locked"
    else:
        state = "temporary password" if row["must_change"] else "active"
    return [
        row["login"],
        row["name"],
        row["role"],
        ",".join(row["branches"]) or "-",
        row["active_until"] or "-",
        (row["last_in"] or "never")[:10],
        state,
    ]


def _simply(context: Context, function: str, login: str, done: str) -> int:
    with context.transaction() as connection:
        _refuse(call(connection, function, "cast(:login as text)", login=login))
    context.say(f"{login}: {done}")
    return 0


def _say_password(context: Context, login: str, password: str) -> None:
    context.say(f"{login}: temporary password {password}")
    context.say("It is shown this once, and has to be changed at the first sign-in.")


def _refuse(answer: dict[str, Any]) -> None:
    if answer["refusal"] is not None:
        raise CannotDo(_REFUSALS.get(answer["refusal"], str(answer["refusal"])))


# -- what is typed -------------------------------------------------------------------------------------------


def _login(text: str) -> str:
    if not LOGIN.fullmatch(text):
        raise argparse.ArgumentTypeError("3 to 30 small letters, digits and underscores, a letter first")
    return text


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise argparse.ArgumentTypeError(f"1 to {LONGEST_NAME} characters that can be seen")
    return name


def _codes(text: str) -> list[str]:
    codes = [code.strip() for code in text.split(",")]
    if not all(re.fullmatch(r"[a-z0-9_-]{1,16}", code) for code in codes):
        raise argparse.ArgumentTypeError("codes of branches, commas between")
    return codes


def _day_or_never(text: str) -> dt.date | None:
    return None if text == "never" else dt.date.fromisoformat(text)


def _days(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,4})d?", text)
    if not found:
        raise argparse.ArgumentTypeError("a number of days, like 90d")
    return int(found[1])
