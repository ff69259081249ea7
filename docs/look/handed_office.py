"""What a central server could say to the pages of the office, made up: for `central_states.py`.

`tests/counter/test_office.py` shows the same pages on a real one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from handed_agent import HandedDevices

from madoguchi.app.office.values import (
    Account,
    AccountState,
    AuditRecord,
    ComplianceFigures,
    Incident,
    IncidentKind,
    NewAccount,
    Setting,
    Settings,
    Terminal,
    Terminals,
    TerminalState,
)
from madoguchi.app.staff.permissions import Role
from madoguchi.barcode.code_plan import TRAINING_PLAN, plan_text

BRANCHES = (
    ("sogo", "総合市民図書館"),
    ("minami", "南市民図書館"),
    ("tsujido", "辻堂市民図書館"),
    ("oba", "湘南大庭市民図書館"),
)


class HandedOffice:
    """Answers as ``CentralOffice`` does."""

    def __init__(self, now: dt.datetime) -> None:
        self._now = now

    def list_terminals(self) -> Terminals:
        """Four of them, each in another state."""
        until = self._now + dt.timedelta(days=300)
        soon = self._now + dt.timedelta(days=12)
        return Terminals(
            (
                Terminal(
                    "総合 1番窓口", "sogo", until, TerminalState.ENROLLED, "joho", {"idle_seconds": 120}
                ),
                Terminal("総合 2番窓口", "sogo", soon, TerminalState.ENROLLED, "kunren", {}),
                Terminal(
                    "南 1番窓口",
                    "minami",
                    until,
                    TerminalState.DISCONNECTED,
                    "",
                    {"receipt_printer": "南の受付"},
                ),
                Terminal("辻堂 1番窓口", "tsujido", until, TerminalState.RENEWING, "itaku", {}),
                Terminal("湘南大庭 3番窓口", "oba", until, TerminalState.REVOKED, "", {}),
            ),
            BRANCHES,
        )

    def list_staff(self, unused_days: int | None = None) -> tuple[Account, ...]:
        """One in each state."""
        del unused_days
        last_in, contract = self._now - dt.timedelta(hours=2), dt.date(2027, 3, 31)
        return (
            Account("hanako", "訓練 花子", Role.COUNTER_STAFF, (), None, None, AccountState.TEMPORARY, None),
            Account(
                "itaku", "委託 良子", Role.CONTRACT_STAFF, ("tsujido", "oba"), contract, last_in,
                AccountState.ACTIVE, None,
            ),
            Account("joho", "情報 守", Role.SYSTEM_STAFF, (), None, last_in, AccountState.ACTIVE, None),
            Account("kanri", "管理 正", Role.SECURITY_MANAGER, (), None, last_in, AccountState.ACTIVE, None),
            Account("kotai", "交代 次郎", Role.COUNTER_STAFF, (), None, last_in, AccountState.LOCKED, None),
            Account("kunren", "訓練 太郎", Role.COUNTER_STAFF, (), None, last_in, AccountState.ACTIVE, None),
            Account("mukashi", "昔 一郎", Role.COUNTER_STAFF, (), None, None, AccountState.DISABLED, None),
        )  # fmt: skip

    def add_staff(self, account: NewAccount, password: str) -> None:
        """It is done."""

    def list_settings(self) -> Settings:
        """Some."""
        found = (
            ("policy", "", "overdue_block_days", "30", 0, 3650),
            ("policy", "", "max_renewals", "1", 0, 20),
            ("policy", "", "undo_minutes", "10", 1, 120),
            ("policy", "", "shelf_open_days", "7", 1, 60),
            ("rule", "", "password_days", "90", 1, 3650),
            ("rule", "", "failures_to_lock", "5", 1, 100),
            ("rule", "", "lock_minutes", "15", 1, 1440),
            ("loan_term", "resident/print", "max_loans", "10", 0, 999),
            ("loan_term", "resident/print", "loan_days", "14", 1, 365),
            ("loan_term", "child/print", "max_loans", "10", 0, 999),
        )
        settings = [
            Setting(place, row, name, value, False, least, most)
            for place, row, name, value, least, most in found
        ]
        settings.insert(2, Setting("policy", "", "due_on_open_day", "true", True, 0, 1))
        numbering = Setting("policy", "", "numbering", plan_text(TRAINING_PLAN), False, 0, 0)
        return Settings(tuple(settings), {"resident": "市内在住", "child": "児童・市内在住"}, numbering)

    def search_audit(self, *_asked: object) -> tuple[AuditRecord, ...]:
        """The last minutes of a Saturday."""
        acts: tuple[tuple[str, str, dict[str, object]], ...] = (
            ("kunren", "checkout", {"loan": 48213}),
            ("kunren", "checkout", {"loan": 48212}),
            ("itaku", "return", {"loan": 48107}),
            ("joho", "setting changed", {"name": "undo_minutes", "old": "10", "new": "15"}),
            ("kunren", "incident reported", {"kind": "device", "incident": 2}),
            ("kunren", "sign-in", {}),
            ("madoguchi_watch", "account locked", {"login": "kotai"}),
            ("joho", "account added", {"role": "counter_staff", "login": "hanako"}),
        )
        return tuple(
            AuditRecord(1, 820 - place, self._now - dt.timedelta(seconds=47 * place), who, act, subject)
            for place, (who, act, subject) in enumerate(acts)
        )

    def list_incidents(self) -> tuple[Incident, ...]:
        """One that is open, one that is closed."""
        earlier = self._now - dt.timedelta(days=3)
        return (
            Incident(
                2, self._now, self._now, "総合 1番窓口", "総合市民図書館", "kunren", IncidentKind.DEVICE,
                "カウンターに、だれのものか分からない USB メモリーがあった", "", "", "", "", None, "",
            ),
            Incident(
                1, earlier, earlier, "南 1番窓口", "南市民図書館", "kotai", IncidentKind.FAULT,
                "レシートプリンターが止まった", "紙づまり", "なし", "この端末だけ", "紙を入れ直した",
                earlier + dt.timedelta(hours=1), "kanri",
            ),
        )  # fmt: skip

    def compliance(self) -> ComplianceFigures:
        """As after a good week."""
        return ComplianceFigures(
            accounts=52, administrators=4, unused=1, ended_not_disabled=0, temporary_for_long=0, locked=1,
            failures_today=5, password_days=90, terminals=41, terminals_ending=1, disconnected=1,
            idle_longest=120, incidents_open=1, watched=True, alone_since=None, tls=True,
            settings_changed=self._now, audit_records=48_213,
        )  # fmt: skip


class _WithOffice:
    """The training library's counter, and an office beside it."""

    def __init__(self, connected: Any, office: HandedOffice, devices: HandedDevices) -> None:
        self._connected = connected
        self.office = office
        self.devices = devices

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connected, name)


class HandedLine:
    """A way to the training library on which the office is answered for."""

    def __init__(self, line: Any, now: dt.datetime) -> None:
        self._line = line
        self._office, self._devices = HandedOffice(now), HandedDevices(now)

    def run(self, act: Callable[[Any], Any]) -> Any:
        """Runs ``act`` and returns its answer."""
        return self._line.run(lambda connected: act(_WithOffice(connected, self._office, self._devices)))

    def sign_out(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Closes the line."""
        self._line.close()
