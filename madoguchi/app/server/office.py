"""The office's functions of the central server, one call each; every one of them is on record there."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from madoguchi.app.office.values import (
    Account,
    AccountState,
    AuditProblem,
    AuditRecord,
    ComplianceFigures,
    Incident,
    IncidentKind,
    IncidentReport,
    NewAccount,
    OfficeRefusal,
    Setting,
    SettingChange,
    Settings,
    Terminal,
    Terminals,
    TerminalState,
    Viewed,
)
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.server.odbc_errors import sqlstate
from madoguchi.app.staff.permissions import Role
from madoguchi.app.staff.scram import make_verifier

_NUMBERING: Final = "numbering"
_BAD_VALUE: Final = ("22", "23")
_NO_RIGHT: Final = "42501"
_ONE_OF: Final = "one of "
_TEXT, _INTEGER, _MOMENT = sa.Text(), sa.Integer(), sa.DateTime(timezone=True)

Answer = dict[str, Any]


class CentralOffice:
    """What may be done depends on who is signed in; the server decides. What it refuses changed nothing."""

    _ADD = call(
        "account.add_staff",
        login=_TEXT,
        name=_TEXT,
        role=_TEXT,
        branches=ARRAY(sa.Text()),
        until=sa.Date(),
        verifier=_TEXT,
    )
    _RESET = call("account.reset_staff", login=_TEXT, verifier=_TEXT)
    _DISABLE = call("account.disable_staff", login=_TEXT)
    _LAST_DAY = call("account.set_last_day", login=_TEXT, until=sa.Date())
    _CARD = call("account.set_card", login=_TEXT, number=_TEXT)
    _UNLOCK = call("account.unlock_staff", login=_TEXT)
    _STAFF = call("account.list_staff", unused_days=_INTEGER)
    _TERMINALS = call("account.list_terminals")
    _SET_TERMINAL = call("account.set_terminal", name=_TEXT, settings=JSONB())
    _REVOKE = call("account.revoke_terminal", name=_TEXT)
    _RECONNECT = call("account.reconnect_terminal", name=_TEXT)
    _DISCONNECT = call("desk.disconnect_terminal")
    _SETTINGS = call("account.list_settings")
    _SET = call("account.set_setting", place=_TEXT, row_key=_TEXT, name=_TEXT, old=_TEXT, new=_TEXT)
    _CHANGES = call("account.setting_changes")
    _SEARCH = call("audit.search", first=_MOMENT, last=_MOMENT, who=_TEXT, act=_TEXT)
    _VIEWS = call("audit.search_views", first=_MOMENT, last=_MOMENT, who=_TEXT, card=_TEXT)
    _VERIFY = call("audit.verify")
    _CHAINS = call("audit.export_chains", first=_MOMENT, last=_MOMENT)
    _RECORDS = call("audit.export_records", chain=_INTEGER, first=sa.BigInteger(), last=sa.BigInteger())
    _NOTE_EXPORT = call("audit.note_export", sha256=_TEXT, records=_INTEGER)
    _REPORT = call(
        "desk.report_incident",
        id=sa.Uuid(),
        noticed_at=_MOMENT,
        kind=_TEXT,
        content=_TEXT,
        cause=_TEXT,
        damage=_TEXT,
        extent=_TEXT,
    )
    _INCIDENTS = call("account.list_incidents")
    _CLOSE = call("account.close_incident", number=_INTEGER, measures=_TEXT)
    _COMPLIANCE = call("account.compliance")

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _ask(self, statement: sa.Select[str], **values: object) -> Answer | OfficeRefusal:
        try:
            answer = answer_of(self._connection, statement, **values)
        except sa.exc.DBAPIError as error:
            state = sqlstate(error.orig) if error.orig is not None else None
            if state == _NO_RIGHT:
                return OfficeRefusal.NOT_ALLOWED
            if state is not None and state.startswith(_BAD_VALUE):
                return OfficeRefusal.BAD_VALUE
            raise
        return answer if answer["refusal"] is None else OfficeRefusal(answer["refusal"])

    def _do(self, statement: sa.Select[str], **values: object) -> OfficeRefusal | None:
        answer = self._ask(statement, **values)
        return answer if isinstance(answer, OfficeRefusal) else None

    # -- accounts ------------------------------------------------------------------------------------------

    def list_staff(self, unused_days: int | None = None) -> tuple[Account, ...] | OfficeRefusal:
        """The accounts by login; with ``unused_days`` those nobody has signed in with for so long."""
        answer = self._ask(self._STAFF, unused_days=unused_days)
        if isinstance(answer, OfficeRefusal):
            return answer
        today = dt.date.fromisoformat(answer["today"])
        return tuple(_account(row, today) for row in answer["rows"])

    def add_staff(self, account: NewAccount, password: str) -> OfficeRefusal | None:
        """Makes an account with this temporary password, of which the server sees a verifier only."""
        return self._do(
            self._ADD,
            login=account.login,
            name=account.name,
            role=account.role.value,
            branches=list(account.branches),
            until=account.last_day,
            verifier=make_verifier(password),
        )

    def reset_staff(self, login: str, password: str) -> OfficeRefusal | None:
        """Gives an account a new temporary password and ends its sessions; brings back a disabled one."""
        return self._do(self._RESET, login=login, verifier=make_verifier(password))

    def disable_staff(self, login: str) -> OfficeRefusal | None:
        """Ends an account and its sessions at once."""
        return self._do(self._DISABLE, login=login)

    def set_last_day(self, login: str, day: dt.date | None) -> OfficeRefusal | None:
        """Says until when an account is good; None: for good."""
        return self._do(self._LAST_DAY, login=login, until=day)

    def set_card(self, login: str, number: str | None) -> OfficeRefusal | None:
        """Says which staff card is this person's; None: none."""
        return self._do(self._CARD, login=login, number=number)

    def unlock_staff(self, login: str) -> OfficeRefusal | None:
        """Ends the lock that bad sign-ins brought."""
        return self._do(self._UNLOCK, login=login)

    # -- terminals -----------------------------------------------------------------------------------------

    def list_terminals(self) -> Terminals | OfficeRefusal:
        """The terminals by branch and name."""
        answer = self._ask(self._TERMINALS)
        if isinstance(answer, OfficeRefusal):
            return answer
        branches = tuple((str(code), str(name)) for code, name in answer["branches"] or ())
        return Terminals(tuple(_terminal(row) for row in answer["rows"]), branches)

    def set_terminal(self, name: str, settings: dict[str, object]) -> OfficeRefusal | None:
        """Changes settings of a terminal, its branch among them; one that is None goes."""
        return self._do(self._SET_TERMINAL, name=name, settings=settings)

    def revoke_terminal(self, name: str) -> OfficeRefusal | None:
        """Takes a terminal's certificates off the list for good, and ends who works there."""
        return self._do(self._REVOKE, name=name)

    def reconnect_terminal(self, name: str) -> OfficeRefusal | None:
        """Lets a terminal in again that was cut off."""
        return self._do(self._RECONNECT, name=name)

    def disconnect_this_terminal(self) -> OfficeRefusal | None:
        """Cuts this terminal off (8.4③): its sessions end, and only system staff come in."""
        return self._do(self._DISCONNECT)

    # -- settings ------------------------------------------------------------------------------------------

    def list_settings(self) -> Settings | OfficeRefusal:
        """The settings that may be changed from a terminal."""
        answer = self._ask(self._SETTINGS)
        if isinstance(answer, OfficeRefusal):
            return answer
        found = tuple(
            Setting(
                place=row["place"],
                row_key=row["row_key"],
                name=row["name"],
                value=row["value"],
                yes_or_no=row["kind"] == "yes",
                least=row["least_value"],
                most=row["most_value"],
                may_be_none=row["kind"] == "number or none",
                choices=tuple(row["kind"].removeprefix(_ONE_OF).split())
                if row["kind"].startswith(_ONE_OF)
                else (),
            )
            for row in answer["rows"]
        )
        numbering = next((setting for setting in found if setting.name == _NUMBERING), None)
        return Settings(
            tuple(setting for setting in found if setting.name != _NUMBERING),
            answer["categories"] or {},
            numbering,
        )

    def set_setting(self, setting: Setting, value: str) -> OfficeRefusal | None:
        """Sets one; refused where it is not any more what ``setting`` says."""
        return self._do(
            self._SET,
            place=setting.place,
            row_key=setting.row_key,
            name=setting.name,
            old=setting.value,
            new=value,
        )

    def setting_changes(self) -> tuple[SettingChange, ...] | OfficeRefusal:
        """The last changes on record, newest first."""
        answer = self._ask(self._CHANGES)
        if isinstance(answer, OfficeRefusal):
            return answer
        return tuple(_change(row) for row in answer["rows"])

    # -- the audit -----------------------------------------------------------------------------------------

    def search_audit(
        self, first: dt.datetime | None, last: dt.datetime | None, who: str | None, act: str | None
    ) -> tuple[AuditRecord, ...] | OfficeRefusal:
        """Records from ``first`` until before ``last``, newest first, at most 1,000."""
        answer = self._ask(self._SEARCH, first=first, last=last, who=who, act=act)
        if isinstance(answer, OfficeRefusal):
            return answer
        return tuple(
            AuditRecord(
                row["chain"], row["seq"], _moment(row["at"]), row["who"], row["act"], row["subject"] or {}
            )
            for row in answer["rows"]
        )

    def search_views(
        self, first: dt.datetime | None, last: dt.datetime | None, who: str | None, card: str | None
    ) -> tuple[Viewed, ...] | OfficeRefusal:
        """Who looked at whose record, newest first, at most 1,000."""
        answer = self._ask(self._VIEWS, first=first, last=last, who=who, card=card)
        if isinstance(answer, OfficeRefusal):
            return answer
        return tuple(
            Viewed(row["chain"], row["seq"], _moment(row["at"]), row["who"], row["patron_id"], row["how"])
            for row in answer["rows"]
        )

    def verify_audit(self) -> tuple[AuditProblem, ...] | OfficeRefusal:
        """Where the chains do not hold; nowhere: nothing was changed."""
        answer = self._ask(self._VERIFY)
        if isinstance(answer, OfficeRefusal):
            return answer
        return tuple(
            AuditProblem(row["kind"], row["chain"], row["seq"], row["problem"]) for row in answer["rows"]
        )

    def export_chains(self, first: dt.datetime | None, last: dt.datetime | None) -> Answer | OfficeRefusal:
        """Where each chain begins and ends within a time."""
        return self._ask(self._CHAINS, first=first, last=last)

    def export_records(self, chain: int, first: int, last: int) -> list[tuple[str, str]] | OfficeRefusal:
        """Text and hash of at most 1,000 records of a chain."""
        answer = self._ask(self._RECORDS, chain=chain, first=first, last=last)
        if isinstance(answer, OfficeRefusal):
            return answer
        return [(text, digest) for text, digest in answer["rows"]]

    def note_export(self, sha256: str, records: int) -> OfficeRefusal | None:
        """Puts the digest of an export on record."""
        return self._do(self._NOTE_EXPORT, sha256=sha256, records=records)

    # -- incidents and compliance --------------------------------------------------------------------------

    def report_incident(self, report: IncidentReport) -> int | OfficeRefusal:
        """Reports an incident, once however often it is sent; returns its number."""
        answer = self._ask(
            self._REPORT,
            id=report.id,
            noticed_at=report.noticed_at,
            kind=report.kind.value,
            content=report.content,
            cause=report.cause,
            damage=report.damage,
            extent=report.extent,
        )
        return answer if isinstance(answer, OfficeRefusal) else int(answer["number"])

    def list_incidents(self) -> tuple[Incident, ...] | OfficeRefusal:
        """Incidents, at most 200: the open ones first and of them the oldest, then the latest."""
        answer = self._ask(self._INCIDENTS)
        if isinstance(answer, OfficeRefusal):
            return answer
        return tuple(_incident(row) for row in answer["rows"])

    def close_incident(self, number: int, measures: str) -> OfficeRefusal | None:
        """Says what was done about an incident."""
        return self._do(self._CLOSE, number=number, measures=measures)

    def compliance(self) -> ComplianceFigures | OfficeRefusal:
        """What of the standard's demands can be counted now."""
        answer = self._ask(self._COMPLIANCE)
        if isinstance(answer, OfficeRefusal):
            return answer
        moments = {name: _moment_or_none(answer[name]) for name in ("alone_since", "settings_changed")}
        figures = {name: answer[name] for name in ComplianceFigures.__slots__}
        return ComplianceFigures(**(figures | moments))


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _moment_or_none(text: str | None) -> dt.datetime | None:
    return None if text is None else _moment(text)


def _account(row: Answer, today: dt.date) -> Account:
    last_day = None if row["active_until"] is None else dt.date.fromisoformat(row["active_until"])
    if row["disabled_at"] is not None:
        state = AccountState.DISABLED
    elif last_day is not None and last_day < today:
        state = AccountState.ENDED
    elif row["locked_until"] is not None:
        state = AccountState.LOCKED
    else:
        state = AccountState.TEMPORARY if row["must_change"] else AccountState.ACTIVE
    return Account(
        login=row["login"],
        name=row["name"],
        role=Role(row["role"]),
        branches=tuple(row["branches"]),
        last_day=last_day,
        last_in=_moment_or_none(row["last_in"]),
        state=state,
        card_number=row["card_number"],
    )


def _terminal(row: Answer) -> Terminal:
    if row["revoked_at"] is not None:
        state = TerminalState.REVOKED
    elif row["disconnected_at"] is not None:
        state = TerminalState.DISCONNECTED
    else:
        state = TerminalState.RENEWING if row["next_serial"] is not None else TerminalState.ENROLLED
    until = row["next_valid_until"] or row["valid_until"]
    return Terminal(
        name=row["name"],
        branch=row["branch"],
        valid_until=None if until == "infinity" else _moment(until),
        state=state,
        signed_in=row["signed_in"] or "",
        settings=row["settings"],
    )


def _change(row: Answer) -> SettingChange:
    subject = row["subject"]
    old, new = subject["old"], subject.get("new") or {}
    key = f"{old['category']}/{old['loan_group']}" if subject["table"] == "public.loan_term" else ""
    return SettingChange(
        at=_moment(row["at"]),
        who=row["who"],
        place=subject["table"].split(".")[1],
        row_key=key,
        # a record leaves out what is none, before or afterwards
        changed={
            name: (_written(old.get(name)), _written(new.get(name)))
            for name in dict.fromkeys([*old, *new])
            if old.get(name) != new.get(name)
        },
    )


def _written(value: object) -> str:
    """A value as ``account.settings`` writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _incident(row: Answer) -> Incident:
    return Incident(
        number=row["number"],
        reported_at=_moment(row["reported_at"]),
        noticed_at=_moment(row["noticed_at"]),
        terminal=row["terminal"],
        branch=row["branch"],
        login=row["login"],
        kind=IncidentKind(row["kind"]),
        content=row["content"],
        cause=row["cause"],
        damage=row["damage"],
        extent=row["extent"],
        measures=row["measures"] or "",
        closed_at=_moment_or_none(row["closed_at"]),
        closed_by=row["closed_by"] or "",
    )
