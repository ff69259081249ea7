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
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import check_out, open_visit
from madoguchi.app.lending.facts import Desk, Verdict
from madoguchi.app.lending.materials import MaterialKind, group_of
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.reserving import place_reservation
from madoguchi.app.lending.rules import OVERRIDABLE, Refusal
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url
from madoguchi.app.server.entering import enter
from madoguchi.app.server.gateway import Connected
from madoguchi.app.server.odbc_errors import sqlstate
from madoguchi.app.staff.session import SessionEnd, SignedIn
from tests.contracts.invented_libraries import (
    CARDS,
    NUMBERS,
    OPERATIONS,
    OTHERS,
    SEATS,
    STATE_TABLES,
    TITLES,
    VISITS,
    Closed,
    Row,
    State,
    states,
)
from tests.support.cluster import Cluster
from tests.support.library import MINAMI, SOGO, SmallLibrary
from tests.support.staff import PASSWORD, door_at

pytestmark = pytest.mark.timeout(600)

# how many libraries each kind of call is tried on; a loan has the most to decide
EXAMPLES = {
    "lend": 150,
    "take_back": 100,
    "undo_return": 80,
    "renew": 80,
    "place_reservation": 120,
    "cancel_lend": 60,
    "grant_override": 60,
    "any": 100,
}
USE_CASE_EXAMPLES = 200


class Twins:
    """The same library twice: in a file, and on the server."""

    def __init__(self, embedded: SmallLibrary, server: SmallLibrary) -> None:
        self._libraries = (embedded, server)
        self._connections = [library.engine.connect() for library in self._libraries]
        self._embedded = Connected(self._connections[0])
        closed = self._connections[0].execute(sa.select(t.closed_day.c.branch_id, t.closed_day.c.day)).all()
        self.closed = {
            branch: {row.day for row in closed if row.branch_id == branch} for branch in (SOGO, MINAMI)
        }
        for library in self._libraries:
            for login in ("leaving", "left"):
                library.add_staff(login, "counter_staff", login)
        for login in ("clerk_1", "leaving_1"):
            # on the server they are there already, one of a crowd each
            embedded.add_staff(login, "counter_staff", login)
        self._engines: list[sa.Engine] = []
        self._seated = {login: self._seat(server, branch, login) for branch, login in {*SEATS, *OTHERS}}

    def _seat(self, server: SmallLibrary, branch: int, login: str) -> Connected:
        """The connection of somebody who is signed in on the server, at a terminal of their branch."""
        engine = door_at(server.terminal_url(branch))(login, PASSWORD)
        self._engines.append(engine)
        connection = engine.connect()
        answer = enter(connection, uuid4(), login=login)
        assert isinstance(answer, SignedIn), f"{login}: {answer}"
        return Connected(connection)

    def close(self) -> None:
        """Closes every connection."""
        for connection in (*self._connections, *(seated.connection for seated in self._seated.values())):
            connection.close()
        for engine in self._engines:
            engine.dispose()
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
            for login, days in (("leaving", 0), ("leaving_1", 0), ("left", -1)):
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
        """What each of the two answers, the server to whoever sits at the act's desk.

        A broken constraint is an answer, too, and so is that an account has ended.
        """
        desk = desk_of(act)
        answers: list[object] = []
        for counter in (self._embedded, self._seated[desk.login if desk else "clerk"]):
            try:
                answers.append(act(counter))
            except sa.exc.IntegrityError as error:
                answers.append(type(error))
            except sa.exc.DBAPIError as error:
                if sqlstate(error) != SessionEnd.ACCOUNT.value:
                    raise
                answers.append(Verdict(Refusal.NOT_ALLOWED))
        return answers

    def erase(self) -> list[object]:
        """How many loans each has erased: the embedded library by itself, on the server its watcher."""
        return [library.erase_returned() for library in self._libraries]

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
    for row in (*rows["loan"], *rows["reservation"], *rows["statistic"]):
        del row["id"]
    return {name: sorted(found, key=repr) for name, found in rows.items()}


@pytest.fixture(scope="module")
def twins(
    cluster: Cluster, library_template: str, library_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Twins]:
    """Both libraries, used for every example in turn."""
    path = tmp_path_factory.mktemp("twins") / "library.sqlite"
    shutil.copyfile(library_file, path)
    cluster.create_database("library_twins", template=library_template)
    made = Twins(SmallLibrary(embedded_url(path)), SmallLibrary(cluster.url("library_twins"), cluster))
    yield made
    made.close()
    cluster.drop_database("library_twins")


Call = Callable[[Connected], object]


def desk_of(act: Call) -> Desk | None:
    """The desk at which an act is done, if it names one."""
    named = act.arguments if isinstance(act, Asked) else getattr(act, "keywords", {})
    return named.get("desk")


@dataclass(frozen=True)
class Asked:
    """One call: its name and arguments, for Hypothesis to show, and how it is made."""

    name: str
    arguments: Row

    def __call__(self, counter: Connected) -> object:
        return getattr(counter.writes, self.name)(**self.arguments)


def _cards(state: State) -> st.SearchStrategy[str]:
    lost = CARDS[3:4] if "lost" in state.troubles else ()
    return st.sampled_from((*CARDS[:3], *lost, *(CARDS[4:] if "unknown" in state.troubles else ())))


def _numbers(state: State) -> st.SearchStrategy[str]:
    return st.sampled_from((*NUMBERS[:5], *(NUMBERS[5:] if "unknown" in state.troubles else ())))


@st.composite
def _wanted(draw: st.DrawFn, state: State) -> Row:
    """What is asked for in a reservation: a title, perhaps one copy of it, and where it is picked up."""
    strange = (99,) if "unknown" in state.troubles else ()
    title = draw(st.sampled_from((*TITLES, *strange)))
    copies = [row["number"] for row in state.rows["item"] if row["title_id"] == title]
    return {
        "title_id": title,
        "item_number": draw(st.none() | st.none() | st.sampled_from([*copies * 4, NUMBERS[0]])),
        "pickup_branch_id": draw(st.sampled_from((SOGO, MINAMI, *strange))),
    }


def _desks(*others: tuple[int, str]) -> st.SearchStrategy[Desk]:
    seats = st.sampled_from((*SEATS, *others))
    return seats.map(lambda seat: Desk(branch_id=seat[0], terminal="1番窓口", login=seat[1]))


def _open_day(closed: set[dt.date], day: dt.date) -> dt.date:
    while day in closed:
        day += dt.timedelta(days=1)
    return day


@st.composite
def calls(draw: st.DrawFn, state: State, acts: tuple[str, ...], closed: Closed) -> Asked:
    """A call that a client could make, honest or not."""
    name = draw(st.sampled_from(acts))
    # who has no right to an act at all is not told what else speaks against it: see tests/server/rights
    desk, arguments = draw(_desks(*(OTHERS if name == "grant_override" else ()))), Row()
    one_day = dt.timedelta(days=1)
    if name != "erase_returned":
        arguments["operation"] = draw(st.sampled_from(OPERATIONS))
    if name in {"lend", "grant_override", "place_reservation"}:
        arguments["visit"] = draw(st.sampled_from(VISITS))
        arguments["card_number"] = draw(_cards(state))
    if name == "grant_override":
        arguments["item_number"] = draw(st.none() | _numbers(state))
    if name == "place_reservation":
        arguments |= draw(_wanted(state))
    if name in {"lend", "take_back", "renew"}:
        arguments["item_number"] = draw(_numbers(state))
    if name in {"lend", "renew"}:
        kinds = {row["number"]: MaterialKind(row["kind"]) for row in state.rows["item"]}
        kind = kinds.get(arguments["item_number"], MaterialKind.BOOK)
        soonest = state.today + state.terms[group_of(kind)][1] * one_day
        ruled = _open_day(closed[desk.branch_id], soonest) if state.policy["due_on_open_day"] else soonest
        honest = st.sampled_from((ruled, ruled, soonest, ruled + one_day))
        arguments["due_on"] = draw(honest | st.dates(state.today - 2 * one_day, state.today + 45 * one_day))
    if name == "take_back":
        arguments["returned_on"] = state.today + dt.timedelta(
            days=draw(st.sampled_from((0, 0, 0, 0, 0, -1, -7, -8, 1)))
        )
        known = [row["id"] for row in state.rows["reservation"] if row["state"] != "lent"]
        arguments["reservation_id"] = draw(st.sampled_from([None, *known, *known, 999]))
        ruled = state.today
        for _ in range(state.policy["shelf_open_days"]):
            ruled = _open_day(closed[desk.branch_id], ruled + one_day)
        kept = st.sampled_from((ruled, ruled, None, ruled - one_day, ruled + one_day))
        arguments["keep_until"] = draw(kept)
    if name == "undo_return":
        done = [row["id"] for row in state.rows["operation"]]
        arguments["return_operation"] = draw(st.sampled_from([*done * 4, *OPERATIONS]))
    if name == "grant_override":
        arguments["refusal"] = draw(st.sampled_from([*sorted(OVERRIDABLE) * 6, *Refusal]))
        arguments["reason"] = draw(st.sampled_from(("窓口で確認した",) * 6 + ("", " ", "\u3000\n")))
    if name not in {"erase_returned", "cancel_lend"}:
        arguments["desk"] = desk
    return Asked(name, arguments)


WRITES = (
    "lend",
    "take_back",
    "undo_return",
    "renew",
    "place_reservation",
    "cancel_lend",
    "grant_override",
    "erase_returned",
)

many = settings(
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


def agree(twins: Twins, act: Call) -> object:
    """Has both do it; both must answer and leave the same. Returns the answer."""
    desk = desk_of(act)
    if isinstance(act, Asked) and act.name == "erase_returned":
        embedded, server = twins.erase()
    else:
        embedded, server = twins.both(act)
    if desk is not None and (desk.branch_id, desk.login) in OTHERS:
        # the server refuses before it looks at anything; neither does anything
        assert server == Verdict(Refusal.NOT_ALLOWED)
        assert isinstance(embedded, Verdict)
    else:
        assert embedded == server
    left, right = twins.contents()
    assert left == right
    return embedded


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_same_call_has_the_same_answer_and_the_same_effect(twins: Twins, kind: str) -> None:
    """One to three calls of one kind, or of any, on a library that could be in any state."""
    acts = WRITES if kind == "any" else (kind,)

    @settings(many, max_examples=EXAMPLES[kind])
    @given(st.data())
    def examine(data: st.DataObject) -> None:
        state = data.draw(states(kind))
        twins.fill(state)
        for _ in range(data.draw(st.integers(1, 3))):
            asked = data.draw(calls(state, acts, twins.closed))
            answer = agree(twins, asked)
            event(f"{asked.name}: {getattr(answer, 'refusal', answer)}")

    examine()


@st.composite
def acts_of_a_clerk(draw: st.DrawFn, state: State) -> partial[Any]:
    """A use case as the counter runs it, whatever the library is like."""
    operation, desk = draw(st.sampled_from(OPERATIONS)), draw(_desks())
    number = draw(_numbers(state))
    match draw(st.sampled_from(("open_visit", "check_out", "check_out", "check_in", "renew", "reserve"))):
        case "open_visit":
            return partial(
                open_visit,
                visit=draw(st.sampled_from(VISITS)),
                card_number=draw(_cards(state)),
                desk=desk,
            )
        case "check_out":
            wished = draw(st.one_of(st.none(), st.integers(-1, 45)))
            return partial(
                check_out,
                operation=operation,
                visit=draw(st.sampled_from(VISITS)),
                card_number=draw(_cards(state)),
                item_number=number,
                desk=desk,
                wished_due=None if wished is None else state.today + dt.timedelta(days=wished),
            )
        case "check_in":
            back = draw(st.sampled_from((None, 0, state.policy["backdate_days"])))
            drop = None if back is None else state.today - dt.timedelta(days=back)
            return partial(check_in, operation=operation, item_number=number, desk=desk, book_drop_day=drop)
        case "reserve":
            return partial(
                place_reservation,
                operation=operation,
                visit=draw(st.sampled_from(VISITS)),
                card_number=draw(_cards(state)),
                desk=desk,
                **draw(_wanted(state)),
            )
        case _:
            return partial(renew, operation=operation, item_number=number, desk=desk)


def test_what_the_client_decides_is_what_the_server_decides(twins: Twins) -> None:
    """Nothing moves between the read and the write here, so no act may end as *changed*.

    An operation's id names one act: whoever gives it to another act gets the first one's answer, which is no
    answer to the other. That is a broken client, and left to the test above.
    """

    @settings(many, max_examples=USE_CASE_EXAMPLES)
    @given(st.data())
    def examine(data: st.DataObject) -> None:
        state = data.draw(states())
        state.rows["operation"] = [row for row in state.rows["operation"] if row["act"] == "cancelled"]
        twins.fill(state)
        used: dict[UUID, partial[Any]] = {}
        for _ in range(data.draw(st.integers(1, 2))):
            act = data.draw(acts_of_a_clerk(state))
            operation = act.keywords.get("operation")
            if operation is not None:
                act = used.setdefault(operation, act)
            answer = agree(twins, act)
            event(f"{act.func.__name__}: {getattr(answer, 'refusal', type(answer).__name__)}")
            assert getattr(answer, "refusal", None) is not Refusal.CHANGED

    examine()
