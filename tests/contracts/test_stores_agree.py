"""The guarded writes of both databases, called directly with whatever a client might send, answer alike.

A client that was changed, that is late or that lies calls the same functions as ours does. Here the embedded
twin and the server's functions hold the same invented library and get the same invented calls, past every use
case: each must answer the same verdict and leave the same rows. So the server decides again what the client
decided, by the same rules.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.lending.facts import Desk
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.rules import OVERRIDABLE, Refusal
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url
from madoguchi.app.server.gateway import Connected
from madoguchi.app.staff.passwords import NOBODY
from tests.support.cluster import Cluster
from tests.support.library import JST, MINAMI, SOGO, TODAY, SmallLibrary

pytestmark = pytest.mark.timeout(300)

EXAMPLES = 200

Row = dict[str, Any]

PATRONS, ITEMS, TITLES = (1, 2, 3), (1, 2, 3, 4, 5), (1, 2)
CARDS = ("2000000001", "2000000002", "2000000003", "2000000901", "2000000999", "", "2' or '1'='1", "貸出")
NUMBERS = ("1000000001", "1000000002", "1000000003", "1000000004", "1000000005", "1000000999", "")
OPERATIONS = tuple(UUID(int=place) for place in range(1, 7))
VISITS = (UUID(int=101), UUID(int=102))
LOGINS = ("clerk", "keeper", "leaving", "left", "nobody")
# what was there before has keys that no sequence of the server reaches during the test
OLD_KEYS = 1_000_000

# what a state is made of, in the order in which rows may be written; cleared the other way round
STATE_TABLES = (
    t.title,
    t.item,
    t.patron,
    t.card,
    t.loan,
    t.reservation,
    t.transit,
    t.loan_override,
    t.operation,
    t.statistic,
)


@dataclass
class State:
    """The rows of an invented library, and what its settings are."""

    now: dt.datetime
    policy: Row
    terms: dict[str, tuple[int, int]]
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def today(self) -> dt.date:
        """The library's day."""
        return self.now.astimezone(JST).date()


@st.composite
def states(draw: st.DrawFn) -> State:
    """A library in which anything that the schema allows may have happened."""
    day = draw(st.sampled_from((TODAY, dt.date(2026, 12, 28), dt.date(2028, 2, 29), dt.date(2027, 3, 1))))
    at = draw(st.sampled_from((dt.time(0, 0, 5), dt.time(8, 59), dt.time(10), dt.time(23, 59, 50))))
    state = State(
        now=dt.datetime.combine(day, at, JST),
        policy={
            "overdue_block_days": draw(st.sampled_from((0, 30))),
            "card_idle_years": draw(st.sampled_from((1, 3))),
            "max_renewals": draw(st.sampled_from((0, 1, 2))),
            "due_on_open_day": draw(st.booleans()),
            "undo_minutes": draw(st.sampled_from((0, 10))),
            "shelf_open_days": draw(st.sampled_from((1, 7))),
            "backdate_days": draw(st.sampled_from((0, 7))),
        },
        terms={
            group: (draw(st.integers(0, 3)), draw(st.sampled_from((1, 14, 30))))
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
            "reference_only": draw(st.integers(0, 7)) == 0,
            "borrowed_from": draw(st.sampled_from((None, None, None, "神奈川県立図書館"))),
        }
        for key in ITEMS
    ]
    _people(draw, state)
    _loans(draw, state)
    _reservations(draw, state)
    _operations(draw, state)
    return state


def _people(draw: st.DrawFn, state: State) -> None:
    idle = state.policy["card_idle_years"]
    births = (dt.date(1980, 4, 1), dt.date(2008, 2, 29), state.today.replace(year=state.today.year - 13, day=1))
    last_used = (
        *(state.today - dt.timedelta(days=days) for days in (0, 20, 20, 20)),
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
            "last_used_on": draw(st.sampled_from(last_used)),
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
    state.rows["loan_override"] = [
        {
            "id": UUID(int=200 + place),
            "visit_id": visit,
            "patron_id": patron,
            "refusal": refusal.value,
            "reason": "確認した",
            "login": "clerk",
            "granted_at": state.now,
        }
        for place, (visit, patron, refusal) in enumerate(
            draw(
                st.lists(
                    st.tuples(
                        st.sampled_from(VISITS),
                        st.sampled_from(PATRONS),
                        st.sampled_from(sorted(OVERRIDABLE)),
                    ),
                    max_size=6,
                    unique=True,
                )
            )
        )
    ]


def _loans(draw: st.DrawFn, state: State) -> None:
    loans = state.rows["loan"] = []
    for item in ITEMS:
        for is_open in draw(st.sampled_from(((), (), (True,), (False,), (False, True)))):
            due_on = state.today + dt.timedelta(days=draw(st.sampled_from((-31, -30, -1, 0, 1, 14, 40))))
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
    for key in range(1, draw(st.integers(0, 5)) + 1):
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
        reservations.append(row)
    state.rows["transit"] = [
        {"item_id": item, "to_branch_id": draw(st.sampled_from((SOGO, MINAMI))), "since": state.today}
        for item in on_shelves
        if draw(st.integers(0, 3)) == 0
    ]


def _operations(draw: st.DrawFn, state: State) -> None:
    operations = state.rows["operation"] = []
    numbers = {row["id"]: row["number"] for row in state.rows["item"]}
    for key in OPERATIONS[: draw(st.integers(0, 4))]:
        act = draw(st.sampled_from(("lend", "checkin", "checkin", "renew", "undo", "cancelled")))
        loan = draw(st.sampled_from([None, *state.rows["loan"]])) if act != "cancelled" else None
        answer: Row | None = None
        if loan is not None or act == "checkin":
            answer = {"refusal": None, "due_on": None if loan is None else loan["due_on"].isoformat()}
            answer |= {"item_number": None if loan is None else numbers[loan["item_id"]]}
        operations.append(
            {
                "id": key,
                "act": act,
                "loan_id": None if loan is None else loan["id"],
                "answer": None if answer is None else json.dumps(answer),
                "done_on": state.today,
            }
        )


class Twins:
    """The same library twice: in a file, and on the server."""

    def __init__(self, embedded: SmallLibrary, server: SmallLibrary) -> None:
        self._libraries = (embedded, server)
        self._connections = [library.engine.connect() for library in self._libraries]
        self._counters = [Connected(connection) for connection in self._connections]
        for connection in self._connections:
            connection.execute(
                t.staff.insert(),
                [
                    {"login": login, "name": login, "role": "counter_staff", "password_hash": NOBODY}
                    for login in ("leaving", "left")
                ],
            )

    def close(self) -> None:
        """Closes both connections."""
        for connection in self._connections:
            connection.close()
        for library in self._libraries:
            library.close()

    def fill(self, state: State) -> None:
        """Makes both libraries what `state` says."""
        for library, connection in zip(self._libraries, self._connections, strict=True):
            library._now = state.now
            connection.exec_driver_sql("BEGIN")
            if library.on_postgresql:
                connection.execute(sa.text("update test_clock set at = :at"), {"at": state.now})
            for table in reversed(STATE_TABLES):
                connection.execute(table.delete())
            connection.execute(t.policy.update().values(state.policy))
            for group, (most, days) in state.terms.items():
                connection.execute(
                    t.loan_term.update()
                    .where(t.loan_term.c.loan_group == group)
                    .values(max_loans=most, loan_days=days)
                )
            for login, days in (("leaving", 0), ("left", -1)):
                connection.execute(
                    t.staff.update()
                    .where(t.staff.c.login == login)
                    .values(active_until=state.today + dt.timedelta(days=days))
                )
            for table in STATE_TABLES:
                if rows := state.rows.get(table.name):
                    connection.execute(table.insert(), rows)
            connection.exec_driver_sql("COMMIT")

    def both(self, act: Callable[[Connected], object]) -> list[object]:
        """What each of the two answers; a broken constraint is an answer, too."""
        answers: list[object] = []
        for counter in self._counters:
            try:
                answers.append(act(counter))
            except sa.exc.IntegrityError as error:
                answers.append(type(error))
        return answers

    def contents(self) -> list[dict[str, list[Row]]]:
        """The rows of both, with a loan told by what it is, not by the key that either has given it."""
        return [_contents(connection) for connection in self._connections]


def _contents(connection: sa.Connection) -> dict[str, list[Row]]:
    rows = {
        table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
        for table in STATE_TABLES[2:]
    }
    loans = {row["id"]: f"{row['item_id']} {row['returned_at']}" for row in rows["loan"]}
    for row in (*rows["operation"], *rows["reservation"]):
        row["loan_id"] = loans.get(row["loan_id"])
    for row in rows["operation"]:
        row["answer"] = None if row["answer"] is None else json.loads(row["answer"])
    for row in (*rows["loan"], *rows["statistic"]):
        del row["id"]
    return {name: sorted(found, key=repr) for name, found in rows.items()}


@pytest.fixture(scope="module")
def twins(
    cluster: Cluster, library_template: str, library_file: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Twins]:
    """Both libraries, used for every example in turn."""
    path = tmp_path_factory.mktemp("twins") / "library.sqlite"
    shutil.copyfile(library_file, path)
    cluster.create_database("library_twins", template=library_template)
    made = Twins(SmallLibrary(embedded_url(path)), SmallLibrary(cluster.url("library_twins")))
    yield made
    made.close()
    cluster.drop_database("library_twins")


Call = Callable[[Connected], object]


@dataclass(frozen=True)
class Asked:
    """One call: its name and arguments, for Hypothesis to show, and how it is made."""

    name: str
    arguments: Row

    def __call__(self, counter: Connected) -> object:
        return getattr(counter.writes, self.name)(**self.arguments)


def _desks() -> st.SearchStrategy[Desk]:
    return st.builds(
        Desk, branch_id=st.sampled_from((SOGO, MINAMI)), terminal=st.just("1番窓口"), login=st.sampled_from(LOGINS)
    )


@st.composite
def calls(draw: st.DrawFn, state: State, acts: tuple[str, ...]) -> Asked:
    """A call that a client could make, honest or not."""
    name = draw(st.sampled_from(acts))
    arguments: Row = {}
    if name != "erase_returned":
        arguments["operation"] = draw(st.sampled_from(OPERATIONS))
    if name in {"lend", "grant_override"}:
        arguments["visit"] = draw(st.sampled_from(VISITS))
        arguments["card_number"] = draw(st.sampled_from(CARDS[:3] * 4 + CARDS[3:]))
    if name in {"lend", "take_back", "renew"}:
        arguments["item_number"] = draw(st.sampled_from(NUMBERS[:5] * 4 + NUMBERS[5:]))
    if name in {"lend", "renew"}:
        days = st.one_of(st.sampled_from((1, 14, 30)), st.integers(-2, 45))
        arguments["due_on"] = state.today + dt.timedelta(days=draw(days))
    if name == "take_back":
        arguments["returned_on"] = state.today + dt.timedelta(days=draw(st.sampled_from((0, 0, -1, -7, -8, 1))))
        known = [row["id"] for row in state.rows["reservation"]]
        arguments["reservation_id"] = draw(st.sampled_from([None, *known, 999]))
        kept = draw(st.one_of(st.none(), st.integers(-1, 20)))
        arguments["keep_until"] = None if kept is None else state.today + dt.timedelta(days=kept)
    if name == "undo_return":
        arguments["return_operation"] = draw(st.sampled_from(OPERATIONS))
    if name == "grant_override":
        arguments["refusal"] = draw(st.sampled_from([*sorted(OVERRIDABLE), *Refusal]))
        arguments["reason"] = draw(st.sampled_from(("窓口で確認した", "", " ")))
    if name not in {"erase_returned", "cancel_lend"}:
        arguments["desk"] = draw(_desks())
    return Asked(name, arguments)


WRITES = ("lend", "take_back", "undo_return", "renew", "cancel_lend", "grant_override", "erase_returned")

many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def agree(twins: Twins, act: Call) -> object:
    """Has both do it; both must answer and leave the same. Returns the answer."""
    embedded, server = twins.both(act)
    assert embedded == server
    left, right = twins.contents()
    assert left == right
    return embedded


@pytest.mark.parametrize("acts", [*((name,) for name in WRITES[:-1]), WRITES], ids=[*WRITES[:-1], "any"])
def test_the_same_call_has_the_same_answer_and_the_same_effect(twins: Twins, acts: tuple[str, ...]) -> None:
    """One to three calls of one kind, or of any, on a library that could be in any state."""

    @many
    @given(st.data())
    def examine(data: st.DataObject) -> None:
        state = data.draw(states())
        twins.fill(state)
        for _ in range(data.draw(st.integers(1, 3))):
            asked = data.draw(calls(state, acts))
            answer = agree(twins, asked)
            event(f"{asked.name}: {getattr(answer, 'refusal', answer)}")

    examine()
