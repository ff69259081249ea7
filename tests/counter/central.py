"""A central server with its terminals and people, and what is seen of a sign-in there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import sqlalchemy as sa
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from madoguchi.app.server.central import CentralServer
from madoguchi.app.server.gateway import Act
from madoguchi.app.server.outage import Outage
from madoguchi.app.staff.scram import make_verifier
from madoguchi.widgets.look.arrival_card import ArrivalCard
from tests.counter.harness import PASSWORD, Counter, CounterLibrary
from tests.support.cluster import Cluster
from tests.support.library import SOGO
from tests.support.staff import door, terminal_number

T = TypeVar("T")

_numbers = count(1)


class Gate(CentralServer):
    """The real way to the server, before which acts can be held up, and whose answers can be lost."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._open = threading.Event()
        self._open.set()
        self.cut = False
        self.lose_answers = False

    def shut(self) -> None:
        """From now on every act waits."""
        self._open.clear()

    def let_go(self) -> None:
        """Whatever waits goes on."""
        self._open.set()

    def run(self, act: Act[T]) -> T:
        """Runs ``act`` once the gate is open."""
        self._open.wait()
        if self.cut:
            raise Outage("cut")
        answer = super().run(act)
        if self.lose_answers:
            self.lose_answers, self.cut = False, True
            raise Outage("its answer was lost")
        return answer

    def close(self) -> None:
        """Nothing is held up any more."""
        self.cut = False
        self.let_go()
        super().close()


@dataclass
class House:
    """A library on the server, its terminals, and people who were taken on for this test alone."""

    library: CounterLibrary
    cluster: Cluster
    open_counter: Callable[..., Counter]
    people: list[str]

    def gate(self, branch_id: int = SOGO, place: int = 0) -> Gate:
        """The way of a branch's so-manieth terminal."""
        return Gate(door(self.library.url, self.cluster, terminal_number(branch_id, place)))

    def counter(self, branch_id: int = SOGO, place: int = 0, **remembered: Any) -> Counter:
        """A window at that terminal, where nobody is signed in; with what the harness's takes."""
        return self.open_counter(self.gate(branch_id, place), **remembered)

    def run(self, statement: str, **values: object) -> Any:
        """Has the administrator do something on the server."""
        with self.library.engine.connect() as connection:
            result = connection.execute(sa.text(statement), values)
            return result.scalar() if result.returns_rows else None

    def take_on(self, role: str = "counter_staff", *, temporary: bool = False) -> str:
        """Adds a person whose password is ``PASSWORD``; returns their login."""
        login = f"person_{next(_numbers)}"
        self.people.append(login)
        self.run(
            f"select account.add_staff('{login}', '新任 一子', '{role}', '{{}}', null, :verifier)",
            verifier=make_verifier(PASSWORD),
        )
        if not temporary:
            self.run(f"update account.state set must_change = false where login = '{login}'")
            self.run(f"grant {role} to {login}")
        return login

    def open_sessions(self, login: str) -> int:
        """How many sessions of a person are open at the server."""
        found = self.run(f"select count(*) from account.session where login = '{login}' and ended_at is null")
        return int(found)

    def beat(self) -> None:
        """The watcher is heard of."""
        self.run("update watch.state set beat_at = now(), alone_since = null")


@contextmanager
def open_house(qtbot: QtBot, application: QApplication, cluster: Cluster, template: str) -> Iterator[House]:
    """A house with its database; what was opened and made in it goes with it."""
    name = f"central_counter_{next(_numbers)}"
    cluster.create_database(name, template=template)
    library = CounterLibrary(cluster.url(name), cluster)
    counters: list[Counter] = []

    def open_counter(gate: Gate, **remembered: Any) -> Counter:
        # SlowServer's part in the harness is played by the gate
        counters.append(Counter(qtbot, application, library, gate, **remembered))
        return counters[-1]

    made = House(library, cluster, open_counter, [])
    made.beat()
    yield made
    for counter in reversed(counters):
        counter.close()
    library.close()
    cluster.recover()
    cluster.drop_database(name)
    for login in made.people:
        cluster.psql("postgres", f"drop role {login}")


def message(counter: Counter) -> str:
    """What the sign-in panel says."""
    return counter.window.sign_in.panel.message()


def said(counter: Counter, words: str) -> None:
    """Waits until the sign-in panel says this."""
    counter.until(lambda: words in message(counter))


def arrival(counter: Counter) -> list[str]:
    """What the card says that stands there after the sign-in."""
    card = counter.window.frame.card()
    if not isinstance(card, ArrivalCard):
        return []
    view = card.view()
    assert view is not None
    return [f"{flag.label} {flag.detail}" for flag in view.flags]


def focus() -> QLineEdit:
    """The line edit with the focus."""
    widget = QApplication.focusWidget()
    assert isinstance(widget, QLineEdit)
    return widget


def choose_password(counter: Counter, first: str, second: str) -> None:
    """Types a new password twice, by keyboard alone."""
    panel = counter.window.sign_in.new_password
    for field, text in ((panel.first_field(), first), (panel.second_field(), second)):
        assert focus() is field.edit()
        counter.type(text)
        counter.turn()


def see_new_password(counter: Counter, login: str, password: str = PASSWORD) -> None:
    """Signs in as somebody whose password must be changed."""
    counter.try_to_sign_in(login, password)
    counter.until(counter.window.sign_in.new_password.isVisible)
