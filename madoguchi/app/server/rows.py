"""A read's rows made into the facts its act is decided on, whichever database brought them."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from madoguchi.app.lending.calendar import ClosedDays
from madoguchi.app.lending.facts import (
    CheckoutFacts,
    CopyWanted,
    GroupUse,
    ItemFacts,
    ItemOnlyFacts,
    ItemShown,
    LoanFacts,
    PatronFacts,
    QueueHead,
    ReadyElsewhere,
    ReservationFacts,
    TitleWanted,
    Today,
    Verdict,
)
from madoguchi.app.lending.materials import LoanGroup, MaterialKind
from madoguchi.app.lending.rules import LoanTerm, Policy, Refusal
from madoguchi.app.server.statements import HORIZON_DAYS, NOTES_APART

Row = Mapping[Any, Any]


def patron_facts(rows: Sequence[Row]) -> PatronFacts | None:
    """A patron, from a row for each group of materials; None where there are no rows."""
    if not rows:
        return None
    uses = {
        LoanGroup(row["loan_group"]): GroupUse(
            LoanGroup(row["loan_group"]), row["open_loans"], row["max_loans"]
        )
        for row in rows
    }
    row = rows[0]
    return _patron(
        row,
        _read_today(row),
        uses=tuple(uses[group] for group in LoanGroup if group in uses),
        overdue_items=row["overdue_items"],
        ready_reservations=row["ready_reservations"],
        travelling_reservations=row["travelling_reservations"],
        ready_elsewhere=_ready_elsewhere(row["ready_elsewhere"] or ""),
    )


def checkout_facts(row: Row) -> CheckoutFacts:
    """All a checkout is decided on. Who the patron is by name is not in it."""
    today = _read_today(row)
    known = row["patron_id"] is not None and row["item_number"] is not None
    return CheckoutFacts(
        today=today,
        patron=None
        if row["patron_id"] is None
        else _patron(
            row,
            today,
            uses=(GroupUse(LoanGroup(row["loan_group"]), row["open_loans"], row["max_loans"]),)
            if known
            else (),
        ),
        item=_read_item(row),
        term=LoanTerm(row["max_loans"], row["term_days"]) if known else None,
        overrides=frozenset(Refusal(name) for name in (row["overrides"] or "").split(",") if name),
        others_ahead=row["others_ahead"] or 0,
        earlier=read_earlier(row["earlier_act"], row["earlier_answer"]),
    )


def item_facts(row: Row) -> ItemOnlyFacts:
    """All a return, or a renewal by item, is decided on."""
    return ItemOnlyFacts(
        today=_read_today(row),
        item=_read_item(row),
        earlier=read_earlier(row["earlier_act"], row["earlier_answer"]),
    )


def reservation_facts(row: Row, item_number: str | None) -> ReservationFacts:
    """All a reservation of a title is decided on, or of the one copy that was asked for."""
    today = _read_today(row)
    return ReservationFacts(
        today=today,
        patron=None if row["patron_id"] is None else _patron(row, today, uses=()),
        reservations=row["reservations"],
        max_reservations=row["max_reservations"],
        reservations_of_group=row["reservations_of_group"],
        max_of_group=row["max_of_group"],
        title=None
        if row["title_id"] is None
        else TitleWanted(
            name=name_of(row),
            copies_to_lend=row["copies_to_lend"],
            on_shelf=row["on_shelf"],
            waiting=row["waiting"],
            reserved_by_patron=bool(row["reserved_by_patron"]),
            due_on=row["due_on"],
            passed_over=row["passed_over"],
        ),
        copy=None
        if item_number is None
        else CopyWanted(item_number, row["copy_number"] is not None, bool(row["copy_reference_only"])),
        pickup_branch=row["pickup_branch"],
        earlier=read_earlier(row["earlier_act"], row["earlier_answer"]),
    )


def read_earlier(act: str | None, answer: str | None) -> Verdict | None:
    """The verdict an operation already got; its values are gone once its loan is erased."""
    if act is None:
        return None
    if act == "cancelled":
        return Verdict(Refusal.CANCELLED)
    if answer is None:
        return Verdict(Refusal.ANSWER_ERASED)
    return parse_verdict(answer)


def parse_verdict(answer: str) -> Verdict:
    """A verdict from the JSON text that every guarded write answers and remembers."""
    values = json.loads(answer)
    refusal = values.pop("refusal")
    return Verdict(None if refusal is None else Refusal(refusal), values)


def _read_today(row: Row) -> Today:
    day: dt.date = row["today"]
    closed = (dt.date.fromisoformat(text) for text in (row["closed_days"] or "").split(",") if text)
    return Today(
        day=day,
        policy=Policy(
            overdue_block_days=row["policy_overdue_block_days"],
            card_idle_years=row["policy_card_idle_years"],
            max_renewals=row["policy_max_renewals"],
            due_on_open_day=row["policy_due_on_open_day"],
            undo_minutes=row["policy_undo_minutes"],
            shelf_open_days=row["policy_shelf_open_days"],
            backdate_days=row["policy_backdate_days"],
        ),
        calendar=ClosedDays.of(
            closed,
            first=day - dt.timedelta(days=31),
            last=day + dt.timedelta(days=HORIZON_DAYS),
        ),
    )


def _patron(
    row: Row,
    today: Today,
    *,
    uses: tuple[GroupUse, ...],
    overdue_items: int = 0,
    ready_reservations: int = 0,
    travelling_reservations: int = 0,
    ready_elsewhere: tuple[ReadyElsewhere, ...] = (),
) -> PatronFacts:
    return PatronFacts(
        patron_id=row["patron_id"],
        number=row["card_number"],
        lost=row["card_state"] == "lost",
        name=row.get("patron_name", ""),
        kana=row.get("patron_kana", ""),
        category=row.get("category_name", ""),
        note=row.get("patron_note") or "",
        blocked=bool(row["blocked"]),
        last_used_on=row["last_used_on"],
        uses=uses,
        overdue_items=overdue_items,
        oldest_due_on=row["oldest_due_on"],
        ready_reservations=ready_reservations,
        travelling_reservations=travelling_reservations,
        ready_elsewhere=ready_elsewhere,
        today=today,
    )


def _ready_elsewhere(text: str) -> tuple[ReadyElsewhere, ...]:
    """What ``statements`` writes: how many and the branch's name, each apart from the next as notes are."""
    found = re.split(f"{NOTES_APART}(?=[0-9]+,)", text) if text else ()
    pairs = (each.partition(",") for each in found)
    return tuple(ReadyElsewhere(branch, int(count)) for count, _, branch in pairs)


def name_of(row: Row) -> str:
    """A title with its volume, as it is said."""
    return " ".join(part for part in (row["title"], row["volume"]) if part)


def _read_item(row: Row) -> ItemFacts | None:
    if row["item_number"] is None:
        return None
    return ItemFacts(
        shown=ItemShown(
            number=row["item_number"],
            title=name_of(row),
            creators=row["statement"],
            kind=MaterialKind(row["kind"]),
            attachments=row["attachments"],
            note=row["item_note"],
        ),
        group=LoanGroup(row["loan_group"]),
        reference_only=row["reference_only"],
        borrowed_from=row["borrowed_from"],
        home_branch_id=row["home_branch_id"],
        home_branch=row["home_branch"],
        loan=None
        if row["loan_id"] is None
        else LoanFacts(
            loan_id=row["loan_id"],
            patron_id=row["loan_patron_id"],
            lent_on=row["lent_on"],
            due_on=row["due_on"],
            renewals=row["renewals"],
            term=LoanTerm(row["loan_max_loans"], row["loan_days"]),
        ),
        head=None
        if row["head_id"] is None
        else QueueHead(
            reservation_id=row["head_id"],
            patron_id=row["head_patron_id"],
            pickup_branch_id=row["head_pickup_branch_id"],
            pickup_branch=row["head_pickup_branch"],
            state=row["head_state"],
        ),
        waiting=row["waiting"],
        others_waiting=row["others_waiting"],
    )
