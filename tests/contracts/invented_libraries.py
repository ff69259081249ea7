"""Libraries in any state that the schema allows, for Hypothesis to draw."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from madoguchi.app.lending.rules import ABOUT_THE_ITEM, OVERRIDABLE, Refusal
from madoguchi.app.server import tables as t
from tests.support.library import JST, MINAMI, SOGO, TODAY

Row = dict[str, Any]

PATRONS, ITEMS, TITLES = (1, 2, 3), (1, 2, 3, 4, 5), (1, 2)
CARDS = ("2000000001", "2000000002", "2000000003", "2000000901", "2000000999", "", "2' or '1'='1", "貸出")
NUMBERS = ("1000000001", "1000000002", "1000000003", "1000000004", "1000000005", "1000000999", "")
OPERATIONS = tuple(UUID(int=place) for place in range(1, 13))
VISITS = (UUID(int=101), UUID(int=102))
# who sits where; nobody sits at two desks
SEATS = (
    *((SOGO, "clerk"),) * 3,
    *((MINAMI, "clerk_1"),) * 3,
    (SOGO, "leaving"),
    (MINAMI, "leaving_1"),
)
# may set nothing aside: whoever has another role, and whoever is not there any more
OTHERS = ((SOGO, "keeper"), (SOGO, "left"))
# what was there before has keys that no sequence of the server reaches during the test
OLD_KEYS = 1_000_000

# what a state is made of, in the order in which rows may be written; cleared the other way round
STATE_TABLES = (
    t.title,
    t.item,
    t.patron,
    t.card,
    t.patron_note,
    t.loan,
    t.reservation,
    t.transit,
    t.shelf_leftover,
    t.loan_override,
    t.operation,
    t.statistic,
)


# What may be wrong in a library. Few things at once, or the first of them hides the others.
TROUBLES = (
    "limits", "reference", "idle", "overdue", "blocked", "on_loan", "queue", "waived", "lost", "unknown",
)  # fmt: skip

Closed = dict[int, set[dt.date]]


@dataclass
class State:
    """The rows of an invented library, and what its settings are."""

    troubles: set[str]
    now: dt.datetime
    policy: Row
    terms: dict[str, tuple[int, int]]
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def today(self) -> dt.date:
        """The library's day."""
        return self.now.astimezone(JST).date()


# What a kind of call is about, and what was done before: without it there would be nothing to decide.
ABOUT = {
    "lend": ({"queue"}, ("lend", "cancelled")),
    "take_back": ({"queue", "on_loan"}, ("checkin", "cancelled")),
    "renew": ({"on_loan"}, ("renew", "cancelled")),
    "undo_return": ({"on_loan"}, ("checkin", "checkin", "checkin", "undone", "lend")),
    "place_reservation": ({"queue"}, ("reserve", "cancelled")),
    "cancel_lend": ({"queue", "on_loan"}, ("lend", "lend", "lend", "checkin", "cancelled")),
}
ANY_ACTS = ("checkin", "checkin", "lend", "undone", "renew", "undo", "reserve", "cancelled")


@st.composite
def states(draw: st.DrawFn, kind: str = "any") -> State:
    """A library in which anything that the schema allows may have happened."""
    about, acts = ABOUT.get(kind, (set(), ANY_ACTS))
    troubles = draw(st.sets(st.sampled_from(TROUBLES), max_size=4))
    troubles |= {trouble for trouble in sorted(about) if draw(st.integers(0, 3))}
    day = draw(st.sampled_from((TODAY, dt.date(2026, 12, 28), dt.date(2028, 2, 29), dt.date(2027, 3, 1))))
    at = draw(st.sampled_from((dt.time(0, 0, 5), dt.time(8, 59), dt.time(10), dt.time(23, 59, 50))))
    state = State(
        troubles,
        now=dt.datetime.combine(day, at, JST),
        policy={
            "overdue_block_days": draw(st.sampled_from((0, 30))),
            "card_idle_years": draw(st.sampled_from((1, 3))),
            "max_renewals": draw(st.sampled_from((0, 1, 2))),
            "due_on_open_day": draw(st.booleans()),
            "undo_minutes": draw(st.sampled_from((0, 10))),
            "shelf_open_days": draw(st.sampled_from((1, 7))),
            "backdate_days": draw(st.sampled_from((0, 7))),
            "max_reservations": draw(st.sampled_from((1, 2))) if "limits" in troubles else 6,
        },
        terms={
            group: (
                draw(st.integers(0, 2)) if "limits" in troubles else 10,
                draw(st.sampled_from((14, 1, 30))),
            )
            for group in ("print", "audio", "video")
        },
    )
    state.rows["title"] = [{"id": key, "title": f"題 {key}", "ndc": "913.6"[: key * 3 - 3]} for key in TITLES]
    state.rows["item"] = [
        {
            "id": key,
            "number": NUMBERS[key - 1],
            "title_id": draw(st.sampled_from(TITLES)),
            "home_branch_id": draw(st.sampled_from((SOGO, MINAMI))),
            "kind": draw(st.sampled_from(("book", "magazine", "cd", "dvd"))),
            "reference_only": "reference" in troubles and draw(st.booleans()),
            "borrowed_from": draw(st.sampled_from((None, None, None, "神奈川県立図書館"))),
            **draw(
                st.sampled_from(
                    (
                        {"not_found": 0, "not_found_on": None, "missing_since": None},
                        {"not_found": 1, "not_found_on": state.today, "missing_since": None},
                        {"not_found": 3, "not_found_on": day, "missing_since": state.today},
                    )
                )
            ),
        }
        for key in ITEMS
    ]
    _people(draw, state)
    _loans(draw, state)
    _reservations(draw, state)
    _operations(draw, state, acts)
    return state


def _given_for(override: tuple[str, UUID, int, Refusal, int | None]) -> tuple[object, ...]:
    """What the schema has once: of what is about the patron, whatever the item."""
    _login, visit, patron, refusal, item = override
    return visit, patron, refusal, item if refusal in ABOUT_THE_ITEM else None


def _people(draw: st.DrawFn, state: State) -> None:
    idle = state.policy["card_idle_years"]
    births = (
        dt.date(1980, 4, 1),
        dt.date(2008, 2, 29),
        state.today.replace(year=state.today.year - 13, day=1),
    )
    last_used = (
        *(state.today - dt.timedelta(days=days) for days in (20, 0)),
        *(dt.date(state.today.year - idle, 2, 28) + dt.timedelta(days=days) for days in (0, 1)),
        *(state.today - dt.timedelta(days=366 * idle + days) for days in (-2, -1, 0, 1)),
    )
    state.rows["patron"] = [
        {
            "id": key,
            "name": "見本",
            "kana": "ミホン",
            "birth_date": draw(st.sampled_from(births)),
            "category": draw(st.sampled_from(("resident", "child"))),
            "last_used_on": draw(st.sampled_from(last_used if "idle" in state.troubles else last_used[:2])),
            "registered_on": dt.date(2020, 4, 1),
        }
        for key in PATRONS
    ]
    state.rows["card"] = [
        {"number": CARDS[key - 1], "patron_id": key, "state": "active", "issued_on": dt.date(2020, 4, 1)}
        for key in PATRONS
    ]
    state.rows["card"].append(
        {"number": CARDS[3], "patron_id": 1, "state": "lost", "issued_on": dt.date(2019, 4, 1)}
    )
    state.rows["patron_note"] = [
        {
            "id": UUID(int=600 + place),
            "patron_id": draw(st.sampled_from(PATRONS)),
            "text": "弁償の相談中",
            "blocks": draw(st.booleans()),
            "login": "clerk",
            "made_on": state.today,
            "ends_on": draw(st.none() | st.integers(-1, 1).map(lambda n: state.today + dt.timedelta(days=n))),
        }
        for place in range(draw(st.integers(0, 3)) if "blocked" in state.troubles else 0)
    ]
    state.rows["loan_override"] = [
        {
            "id": UUID(int=200 + place),
            "visit_id": visit,
            "patron_id": patron,
            "refusal": refusal.value,
            "reason": "確認した",
            "login": login,
            "granted_at": state.now - dt.timedelta(minutes=draw(st.sampled_from((0, 9, 10, 11)))),
            "item_id": item if refusal in ABOUT_THE_ITEM else None,
            "item_erased": refusal in ABOUT_THE_ITEM and item is None,
        }
        for place, (login, visit, patron, refusal, item) in enumerate(
            draw(
                st.lists(
                    st.tuples(
                        st.sampled_from(("clerk", "clerk", "clerk_1")),
                        st.sampled_from(VISITS),
                        st.sampled_from(PATRONS),
                        st.sampled_from(sorted(OVERRIDABLE)),
                        st.sampled_from((*ITEMS, None)),
                    ),
                    max_size=8 if "waived" in state.troubles else 0,
                    unique_by=_given_for,
                )
            )
        )
    ]


def _loans(draw: st.DrawFn, state: State) -> None:
    loans = state.rows["loan"] = []
    on_loan = ((), (True,), (False,), (False, True)) if "on_loan" in state.troubles else ((), (), (False,))
    dues = (0, 1, 14, 40, *((-31, -30, -1) if "overdue" in state.troubles else ()))
    for item in ITEMS:
        for is_open in draw(st.sampled_from(on_loan)):
            due_on = state.today + dt.timedelta(days=draw(st.sampled_from(dues)))
            lent_on = min(due_on, state.today) - dt.timedelta(days=draw(st.integers(0, 3)))
            ago = draw(st.sampled_from((0, 9, 10, 11)))
            loans.append(
                {
                    "id": OLD_KEYS + len(loans),
                    "item_id": item,
                    "patron_id": draw(st.sampled_from(PATRONS)),
                    "branch_id": draw(st.sampled_from((SOGO, MINAMI))),
                    "lent_on": lent_on,
                    "due_on": due_on,
                    "renewals": draw(st.integers(0, 1)),
                    "returned_on": None if is_open else max(lent_on, state.today),
                    "returned_at": None if is_open else state.now - dt.timedelta(minutes=ago),
                }
            )


def _reservations(draw: st.DrawFn, state: State) -> None:
    titles = {row["id"]: row["title_id"] for row in state.rows["item"]}
    on_loan = {row["item_id"] for row in state.rows["loan"] if row["returned_at"] is None}
    on_shelves = [item for item in ITEMS if item not in on_loan]
    reservations = state.rows["reservation"] = []
    for key in range(1, (draw(st.integers(1, 6)) if "queue" in state.troubles else 0) + 1):
        row: Row = {
            "id": OLD_KEYS + key,
            "title_id": draw(st.sampled_from(TITLES)),
            "item_id": None,
            "patron_id": draw(st.sampled_from(PATRONS)),
            "pickup_branch_id": draw(st.sampled_from((SOGO, MINAMI))),
            # several may have been placed at one moment
            "placed_at": state.now - dt.timedelta(hours=draw(st.integers(1, 3))),
            "state": draw(st.sampled_from(("waiting", "waiting", "ready", "in_transit", "lent"))),
            "trapped_item_id": None,
            "keep_until": None,
            "ready_on": None,
            "loan_id": None,
        }
        copies = [item for item in ITEMS if titles[item] == row["title_id"]]
        if copies and draw(st.integers(0, 2)) == 0:
            row["item_id"] = draw(st.sampled_from(copies))
        taken = {other["trapped_item_id"] for other in reservations}
        free = [item for item in on_shelves if item in copies and item not in taken]
        loans = [loan for loan in state.rows["loan"] if loan["item_id"] in copies]
        if row["state"] in {"ready", "in_transit"} and free:
            row["trapped_item_id"] = draw(st.sampled_from(free))
        elif row["state"] == "lent" and loans:
            loan = draw(st.sampled_from(loans))
            row |= {"loan_id": loan["id"], "patron_id": loan["patron_id"]}
            row["trapped_item_id"] = draw(st.sampled_from((None, loan["item_id"])))
        else:
            row["state"] = "waiting"
        if row["state"] == "ready" or (row["loan_id"] and row["trapped_item_id"] and draw(st.booleans())):
            row["keep_until"] = state.today + dt.timedelta(days=draw(st.integers(0, 7)))
            row["ready_on"] = draw(st.sampled_from((None, state.today - dt.timedelta(days=1))))
        reservations.append(row)
    state.rows["transit"] = [
        {
            "item_id": item,
            "to_branch_id": draw(st.sampled_from((SOGO, MINAMI))),
            "since": state.today - dt.timedelta(days=draw(st.integers(0, 4))),
            "from_branch_id": draw(st.sampled_from((None, SOGO, MINAMI))),
            "sent_on": draw(st.sampled_from((None, None, state.today))),
        }
        for item in on_shelves
        if draw(st.integers(0, 3)) == 0
    ]
    state.rows["shelf_leftover"] = [
        {"item_id": item, "branch_id": draw(st.sampled_from((SOGO, MINAMI))), "since": state.today}
        for item in on_shelves
        if draw(st.integers(0, 3)) == 0
    ]


def _operations(draw: st.DrawFn, state: State, acts: tuple[str, ...]) -> None:
    operations = state.rows["operation"] = []
    numbers = {row["id"]: row["number"] for row in state.rows["item"]}
    for key in OPERATIONS[: draw(st.integers(0, 4))]:
        act, loans = draw(st.sampled_from(acts)), state.rows["loan"]
        loan = draw(st.sampled_from([*loans * 2, None])) if act not in {"cancelled", "reserve"} else None
        answer: Row | None = None
        if loan is not None or act in {"checkin", "undone"}:
            answer = {"refusal": None, "due_on": None if loan is None else loan["due_on"].isoformat()}
            answer |= {"item_number": None if loan is None else numbers[loan["item_id"]]}
            # returns of before 0003 did not say where
            answer |= draw(st.sampled_from(({}, {"branch_id": SOGO}, {"branch_id": MINAMI})))
        if act == "reserve":
            answer = draw(st.sampled_from((None, {"refusal": None, "place": 2, "in_stock": False})))
        operations.append(
            {
                "id": key,
                "act": act,
                "loan_id": None if loan is None else loan["id"],
                "answer": None if answer is None else json.dumps(answer),
                "done_on": state.today - dt.timedelta(days=draw(st.sampled_from((0, 0, 1)))),
            }
        )
