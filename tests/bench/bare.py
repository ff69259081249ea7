"""The limits beside the window: the use case alone, and on PostgreSQL its statements alone through pyodbc."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedIn, CheckedOut
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.server.entering import enter, leave
from madoguchi.app.server.gateway import Connected
from madoguchi.app.staff.session import SignedIn
from tests.bench.figures import BenchError
from tests.bench.stock import VISIT, BenchLibrary, window_card, window_item
from tests.support.staff import PASSWORD, door_at

_FORMS: tuple[Callable[[Any], object], ...] = (lambda value: value, str, lambda value: value.hex)
Act = Callable[[dict[str, object]], object]


@dataclass(frozen=True, slots=True)
class _Statement:
    """One statement as our own layers sent it, with the places where an act's own values stood."""

    text: str
    values: tuple[object, ...]
    places: dict[int, tuple[str, Callable[[Any], object]]]

    def filled(self, own: dict[str, object]) -> list[object]:
        """Its values for another act."""
        values = list(self.values)
        for place, (name, form) in self.places.items():
            values[place] = form(own[name])
        return values


def bare_acts(library: BenchLibrary, amount: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds for each of `amount` checkouts and returns without a window.

    Answers {"use case alone": {"checkout": [...], "return": [...]}}, and on PostgreSQL "statements alone"
    likewise. Everything is returned again at the end; item `amount` of the stock is used to learn the
    statements.
    """
    desk = library.desk()
    engine = door_at(library.url)(desk.login, PASSWORD) if library.on_postgresql else library.engine
    with engine.connect() as connection:
        counter = Connected(connection)
        if library.on_postgresql:
            signed_in = enter(connection, uuid4(), login=desk.login)
            _expect(SignedIn, signed_in)

        def lend(own: dict[str, object]) -> object:
            return check_out(counter, desk=desk, **own)  # type: ignore[arg-type]

        def take_back(own: dict[str, object]) -> object:
            return check_in(
                counter,
                desk=desk,
                operation=_uuid(own["operation"]),
                item_number=str(own["item_number"]),
            )

        _expect(CheckedOut, lend(_own(amount)))
        _expect(CheckedIn, take_back(_own(amount)))
        measured = {"use case alone": _both(lend, take_back, amount, _expect)}
        if library.on_postgresql:
            lent = _recorded(engine, lend, _own(amount))
            returned = _recorded(engine, take_back, _own(amount))
            measured["statements alone"] = _statements(connection, lent, returned, amount)
            leave(connection)
    engine.dispose()
    return measured


def _own(place: int) -> dict[str, object]:
    """What one act has of its own."""
    return {
        "operation": uuid4(),
        "visit": UUID(int=place // VISIT + 1),
        "card_number": window_card(place // VISIT),
        "item_number": window_item(place),
    }


def _both(
    lend: Act, take_back: Act, amount: int, check: Callable[[type, object], None]
) -> dict[str, list[float]]:
    return {
        name: [_timed(act, _own(place), kind, check) for place in range(amount)]
        for name, act, kind in (("checkout", lend, CheckedOut), ("return", take_back, CheckedIn))
    }


def _timed(act: Act, own: dict[str, object], kind: type, check: Callable[[type, object], None]) -> float:
    begun = time.perf_counter_ns()
    answer = act(own)
    taken = (time.perf_counter_ns() - begun) / 1e6
    check(kind, answer)
    return taken


def _expect(kind: type, answer: object) -> None:
    if not isinstance(answer, kind):
        raise BenchError(f"not done: {answer}")


def _uuid(value: object) -> UUID:
    assert isinstance(value, UUID)
    return value


def _recorded(engine: sa.Engine, act: Act, own: dict[str, object]) -> list[_Statement]:
    """Does one act and returns the statements that were sent for it."""
    sent: list[_Statement] = []

    def note(_c: Any, _cursor: Any, text: str, values: Sequence[object], _context: Any, _many: bool) -> None:
        places = {}
        for place, value in enumerate(values):
            for name, mine in own.items():
                for form in _FORMS if isinstance(mine, UUID) else _FORMS[:1]:
                    if type(form(mine)) is type(value) and form(mine) == value:
                        places[place] = (name, form)
        sent.append(_Statement(text, tuple(values), places))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        act(own)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    if len(sent) != 2 or not all(statement.places for statement in sent):
        raise BenchError(f"one read and one write were expected, not {len(sent)} statements")
    return sent


def _statements(
    connection: sa.Connection, lent: list[_Statement], returned: list[_Statement], amount: int
) -> dict[str, list[float]]:
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor()

    def runner(statements: list[_Statement]) -> Act:
        def run(own: dict[str, object]) -> object:
            answer = None
            for statement in statements:
                answer = cursor.execute(statement.text, statement.filled(own)).fetchall()
            return answer

        return run

    def check(_kind: type, answer: object) -> None:
        if '"refusal": null' not in str(answer):
            raise BenchError(f"the statement alone was refused: {answer}")

    try:
        return _both(runner(lent), runner(returned), amount, check)
    finally:
        cursor.close()
