"""The database worker: in order, home by signal, through outages, and a clean end."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.server.gateway import Act, Connected, LendingServer
from madoguchi.widgets.worker import DatabaseWorker

LIMIT_SECONDS = 0.3


class Answers:
    """What came home, in its order, and the threads it came in."""

    def __init__(self) -> None:
        self.came: list[object] = []
        self.threads: set[threading.Thread] = set()

    def __call__(self, answer: object = "outage") -> None:
        self.came.append(answer)
        self.threads.add(threading.current_thread())


class Stuck:
    """An act that hangs until it is let go; from then on it answers."""

    def __init__(self, answer: str = "stuck") -> None:
        self.tries = 0
        self.begun = threading.Event()
        self.free = threading.Event()
        self._answer = answer

    def __call__(self, server: Connected) -> str:
        self.tries += 1
        self.begun.set()
        self.free.wait()
        return say(self._answer)(server)


def say(answer: str) -> Act[str]:
    """An act that has the library say it."""

    def act(server: Connected) -> str:
        return str(server.connection.exec_driver_sql("select ?", (answer,)).scalar_one())

    return act


def names_of_new_threads(before: set[threading.Thread]) -> list[str]:
    """The threads that are alive now and were not then."""
    return [thread.name for thread in threading.enumerate() if thread not in before]


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    made = Stuck()
    yield made
    made.free.set()


@pytest.fixture
def library_copy(library_file: Path, tmp_path: Path) -> Path:
    """An embedded library of one's own."""
    return Path(shutil.copyfile(library_file, tmp_path / "library.sqlite"))


@pytest.fixture
def worker(qtbot: QtBot, library_copy: Path) -> Iterator[DatabaseWorker]:
    server = LendingServer(make_engine(embedded_url(library_copy)), limit_seconds=LIMIT_SECONDS)
    made = DatabaseWorker(server, retry_seconds=0.05)
    yield made
    made.close()


def test_answers_come_home_to_the_gui_thread_in_the_order_of_asking(
    qtbot: QtBot, worker: DatabaseWorker, answers: Answers
) -> None:
    asked_in: set[threading.Thread] = set()
    for number in range(50):

        def act(server: Connected, number: int = number) -> str:
            asked_in.add(threading.current_thread())
            return say(str(number))(server)

        worker.ask(act, answers)
    assert answers.came == [], "nothing is answered before the event loop turns"
    qtbot.waitUntil(lambda: len(answers.came) == 50)
    assert answers.came == [str(number) for number in range(50)]
    assert answers.threads == {threading.main_thread()}
    assert threading.main_thread() not in asked_in


def test_an_outage_holds_up_what_is_behind_it_and_nothing_overtakes(
    qtbot: QtBot, worker: DatabaseWorker, answers: Answers, stuck: Stuck
) -> None:
    lines, told = Answers(), Answers()
    worker.line_changed.connect(lines)
    worker.ask(say("before"), answers)
    worker.ask(stuck, answers, lambda: told("stuck"))
    worker.ask(say("behind"), answers, lambda: told("behind"))
    worker.ask(say("without a word"), answers)
    qtbot.waitUntil(lambda: stuck.tries > 2)
    assert answers.came == ["before"]
    assert lines.came == [False]
    assert told.came == ["stuck", "behind"], "once each, however often it is tried"
    assert told.threads == {threading.main_thread()}
    # who comes while the line is down has the job in hand before it hears of it
    worker.ask(say("late"), answers, lambda: told("late"))
    assert told.came == ["stuck", "behind"]
    qtbot.waitUntil(lambda: told.came[-1] == "late")
    stuck.free.set()
    qtbot.waitUntil(lambda: len(answers.came) == 5)
    assert answers.came == ["before", "stuck", "behind", "without a word", "late"]
    assert lines.came == [False, True]
    # and after it all is as before
    worker.ask(say("after"), answers, lambda: told("after"))
    qtbot.waitUntil(lambda: answers.came[-1] == "after")
    assert told.came == ["stuck", "behind", "late"]


def test_an_act_put_in_anothers_place_is_what_is_answered(
    qtbot: QtBot, worker: DatabaseWorker, answers: Answers, stuck: Stuck
) -> None:
    job = worker.ask(stuck, answers, answers)
    behind = worker.ask(say("behind"), answers)
    qtbot.waitUntil(lambda: answers.came == ["outage"])
    job.act = say("instead")
    behind.act = say("instead of what was behind")
    qtbot.waitUntil(lambda: len(answers.came) == 3)
    assert answers.came == ["outage", "instead", "instead of what was behind"]


def test_an_act_whose_place_was_taken_while_it_ran_is_not_the_answer(
    qtbot: QtBot, worker: DatabaseWorker, answers: Answers, stuck: Stuck
) -> None:
    job = worker.ask(stuck, answers)
    assert stuck.begun.wait(10)
    job.act = say("instead")
    stuck.free.set()
    qtbot.waitUntil(lambda: bool(answers.came))
    assert answers.came == ["instead"]
    assert stuck.tries == 1


def test_a_bug_is_raised_in_the_gui_thread_and_the_next_act_runs(
    qtbot: QtBot, worker: DatabaseWorker, answers: Answers
) -> None:
    def bug(_server: Connected) -> str:
        raise ZeroDivisionError("on purpose")

    with qtbot.capture_exceptions() as raised:
        worker.ask(bug, answers, answers)
        worker.ask(say("next"), answers)
        qtbot.waitUntil(lambda: answers.came == ["next"])
    assert [kind for kind, *_ in raised] == [ZeroDivisionError]


def test_a_bug_in_what_takes_an_answer_stops_nobody_else(
    qtbot: QtBot, worker: DatabaseWorker, answers: Answers
) -> None:
    def clumsy(_answer: str) -> None:
        raise ZeroDivisionError("on purpose")

    with qtbot.capture_exceptions() as raised:
        worker.ask(say("first"), clumsy)
        worker.ask(say("next"), answers)
        qtbot.waitUntil(lambda: answers.came == ["next"])
    assert [kind for kind, *_ in raised] == [ZeroDivisionError]


def test_after_the_end_nothing_is_asked_and_nothing_is_said(
    qtbot: QtBot, library_copy: Path, answers: Answers
) -> None:
    server = LendingServer(make_engine(embedded_url(library_copy)), limit_seconds=30)
    before = set(threading.enumerate())
    worker = DatabaseWorker(server)
    begun, asked = threading.Event(), Answers()

    def slow(connected: Connected) -> str:
        begun.set()
        return say("slow")(connected)

    def never(_server: Connected) -> None:
        asked("asked")

    worker.ask(slow, answers)
    worker.ask(slow, answers)
    assert begun.wait(10)
    worker.close()
    worker.ask(never, answers)
    qtbot.wait(100)
    assert answers.came == []
    assert asked.came == []
    assert names_of_new_threads(before) == []


def test_it_ends_in_the_middle_of_an_outage(
    qtbot: QtBot, library_copy: Path, answers: Answers, stuck: Stuck
) -> None:
    server = LendingServer(make_engine(embedded_url(library_copy)), limit_seconds=LIMIT_SECONDS)
    before = set(threading.enumerate())
    # as long as this nobody would wait
    worker = DatabaseWorker(server, retry_seconds=10_000)
    worker.ask(stuck, answers, answers)
    worker.ask(say("behind"), answers)
    qtbot.waitUntil(lambda: answers.came == ["outage"])
    worker.close()
    assert "database worker" not in names_of_new_threads(before)
    stuck.free.set()
    qtbot.wait(50)
    assert answers.came == ["outage"]


# -- looking up ----------------------------------------------------------------------------------------


def test_only_the_newest_look_up_is_answered(
    qtbot: QtBot, worker: DatabaseWorker, answers: Answers, stuck: Stuck
) -> None:
    acts = Answers()
    worker.ask(stuck, acts)
    for typed in ("こ", "ここ", "こころ"):
        worker.look_up("titles", say(typed), answers)
    stuck.free.set()
    qtbot.waitUntil(lambda: answers.came != [])
    worker.ask(say("end"), acts)
    qtbot.waitUntil(lambda: acts.came == ["stuck", "end"])
    assert answers.came == ["こころ"]
    assert answers.threads == {threading.main_thread()}


def test_a_look_up_is_asked_once_however_much_was_typed(
    qtbot: QtBot, worker: DatabaseWorker, answers: Answers, stuck: Stuck
) -> None:
    acts = Answers()
    asked: list[str] = []

    def act(server: Connected) -> str:
        asked.append("こころ")
        return "こころ"

    worker.ask(stuck, acts)
    for _ in range(3):
        worker.look_up("titles", act, answers)
    stuck.free.set()
    qtbot.waitUntil(lambda: answers.came != [])
    worker.ask(say("end"), acts)
    qtbot.waitUntil(lambda: acts.came == ["stuck", "end"])
    assert asked == ["こころ"]


def test_what_was_looked_up_before_is_dropped_when_something_else_is_wanted(
    qtbot: QtBot, worker: DatabaseWorker, answers: Answers, stuck: Stuck
) -> None:
    worker.look_up("titles", stuck, answers)
    assert stuck.begun.wait(5)
    worker.look_up("titles", say("later"), answers)
    stuck.free.set()
    qtbot.waitUntil(lambda: answers.came == ["later"])


def test_a_look_up_waits_for_every_act(
    qtbot: QtBot, worker: DatabaseWorker, answers: Answers, stuck: Stuck
) -> None:
    worker.ask(stuck, answers)
    assert stuck.begun.wait(5)
    worker.look_up("titles", say("look"), answers)
    worker.look_up("title", say("one"), answers)
    for number in range(5):
        worker.ask(say(f"scan {number}"), answers)
    stuck.free.set()
    qtbot.waitUntil(lambda: len(answers.came) == 8)
    assert answers.came[:6] == ["stuck", *(f"scan {number}" for number in range(5))]
    assert set(answers.came[6:]) == {"look", "one"}


def test_nothing_is_looked_up_that_nobody_wants_any_more(
    qtbot: QtBot, worker: DatabaseWorker, answers: Answers, stuck: Stuck
) -> None:
    acts = Answers()
    worker.ask(stuck, acts)
    worker.look_up("titles", say("look"), answers)
    worker.stop_looking()
    stuck.free.set()
    worker.ask(say("end"), acts)
    qtbot.waitUntil(lambda: acts.came == ["stuck", "end"])
    assert answers.came == []
    assert worker.unanswered() == 0


def test_a_look_up_in_an_outage_is_told_once_and_asked_again(
    qtbot: QtBot, worker: DatabaseWorker, answers: Answers, stuck: Stuck
) -> None:
    outages = Answers()
    with qtbot.waitSignal(worker.line_changed, timeout=5_000) as changed:
        worker.look_up("titles", stuck, answers, outages)
    assert changed.args == [False]
    qtbot.waitUntil(lambda: stuck.tries >= 2)
    stuck.free.set()
    qtbot.waitUntil(lambda: answers.came == ["stuck"])
    assert outages.came == ["outage"]


def test_a_scan_in_an_outage_does_not_wait_for_a_look_up(
    qtbot: QtBot, worker: DatabaseWorker, answers: Answers, stuck: Stuck
) -> None:
    outages = Answers()
    worker.look_up("titles", stuck, Answers(), outages)
    qtbot.waitUntil(lambda: outages.came != [])
    worker.ask(say("scan"), answers)
    qtbot.waitUntil(lambda: answers.came == ["scan"])
