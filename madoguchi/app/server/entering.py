"""Coming and going at the central server: what its functions answer, read into values."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from madoguchi.app.devices.fields import virus_check_of
from madoguchi.app.lending.facts import Desk
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.staff.numbering import plan_in_force
from madoguchi.app.staff.password_rules import PasswordProblem, check_password
from madoguchi.app.staff.permissions import Role
from madoguchi.app.staff.scram import ITERATIONS, make_verifier, stored_key
from madoguchi.app.staff.session import (
    LastTime,
    PasswordNeeded,
    PasswordRefused,
    PasswordWhy,
    ServerState,
    SignedIn,
    SignedInElsewhere,
    SignInAnswer,
    SignInProblem,
)

_log = logging.getLogger(__name__)

WATCHED_WITHIN: Final = dt.timedelta(minutes=1)

_ENTER = call("desk.enter", session=sa.Uuid(), take_over=sa.Boolean())
_LEAVE = call("desk.leave")
_STATE = call("desk.state")
_SALTS = call("desk.password_salts")
_CHANGE = call("desk.change_password", verifier=sa.Text(), keys=JSONB())


def enter(connection: sa.Connection, session: UUID, *, login: str, take_over: bool = False) -> SignInAnswer:
    """Signs in over this connection, or goes on with a session whose connection was lost."""
    began = dt.datetime.now(dt.UTC)
    answer = answer_of(connection, _ENTER, session=session, take_over=take_over)
    match answer["refusal"]:
        case None:
            return _signed_in(answer, began)
        case "signed_in_elsewhere":
            return SignedInElsewhere(answer["terminal"], answer["branch"], _moment(answer["since"]))
        case ("password_temporary" | "password_old") as why:
            return PasswordNeeded(login, answer["name"], PasswordWhy(why))
        case problem:
            return SignInProblem(problem)


def leave(connection: sa.Connection) -> None:
    """Signs out over this connection."""
    answer_of(connection, _LEAVE)


def change_password(connection: sa.Connection, *, login: str, password: str) -> PasswordRefused | None:
    """Has the server take a new password; None: it is the password now.

    The server sees a verifier, and what the password gives under the old ones' salts, to tell whether it is
    one of them; never the password.
    """
    known = answer_of(connection, _SALTS)
    problems = check_password(password, login=login, name=known["name"] or "")
    if problems:
        return PasswordRefused(problems)
    keys = {salt: stored_key(password, salt, ITERATIONS) for salt in known["rows"]}
    answer = answer_of(connection, _CHANGE, verifier=make_verifier(password), keys=keys)
    return PasswordRefused((PasswordProblem.REUSED,)) if answer["refusal"] == "reused" else None


def server_state(connection: sa.Connection) -> ServerState:
    """How the server is, for the counters."""
    answer = answer_of(connection, _STATE)
    beat = answer["beat_at"]
    return ServerState(
        watched=beat is not None and _moment(answer["server_time"]) - _moment(beat) < WATCHED_WITHIN,
        alone_since=None if answer["alone_since"] is None else _moment(answer["alone_since"]),
    )


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _virus_check(setting: object) -> tuple[str, ...]:
    """The command, or none where none is set, or one that is not to be trusted with a file."""
    if setting is None:
        return ()
    try:
        return virus_check_of(setting)
    except ValueError as error:
        _log.error("virus_check of this terminal: %s; nothing is copied from or to a stick", error)
        return ()


def _signed_in(answer: dict[str, Any], began: dt.datetime) -> SignedIn:
    # the server's clock was read somewhere between asking and the answer: the middle is the best guess
    ended = dt.datetime.now(dt.UTC)
    ahead = began + (ended - began) / 2 - _moment(answer["server_time"])
    days_left = int(answer["password_days_left"])
    return SignedIn(
        desk=Desk(branch_id=answer["branch_id"], terminal=answer["terminal"], login=answer["login"]),
        name=answer["name"],
        role=Role(answer["role"]),
        branch=answer["branch"],
        command_prefix=answer["command_prefix"],
        last=None
        if answer["last_in"] is None
        else LastTime(
            signed_in_at=_moment(answer["last_in"]),
            signed_out_at=None if answer["last_out"] is None else _moment(answer["last_out"]),
            how=answer["last_how"] or "",
            branch=answer["last_branch"],
            terminal=answer["last_terminal"],
        ),
        failures=answer["failures"],
        password_days_left=days_left if days_left <= answer["password_warning_days"] else None,
        clock_ahead_seconds=ahead.total_seconds(),
        idle_seconds=answer["settings"].get("idle_seconds"),
        cut_off=answer["disconnected_at"] is not None,
        card_number=answer["card_number"],
        receipt_printer=answer["settings"].get("receipt_printer") or "",
        virus_check=_virus_check(answer["settings"].get("virus_check")),
        plan=plan_in_force(answer["settings"].get("scanner"), answer["numbering"], answer["command_prefix"]),
    )
