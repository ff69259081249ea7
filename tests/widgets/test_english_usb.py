"""USB in the window, in both languages: in English nothing Japanese is left, and in either all of it fits."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.app.devices.approving import Approver, ApproverProblem
from madoguchi.app.devices.copying import Listed, Listing
from madoguchi.app.devices.fields import DeviceProblem
from madoguchi.app.devices.values import DeviceRefusal, ExceptionState, UsbException
from madoguchi.app.devices.virus_check import CheckVerdict
from madoguchi.app.staff.session import SignedInElsewhere
from madoguchi.device_control.channel import Ended, Refused, Shortfall
from madoguchi.device_control.client import AgentRefused
from madoguchi.widgets import device_words, exception_words, usb_standing
from madoguchi.widgets.devices_page import DevicesPage
from madoguchi.widgets.exception_asking import Asked
from madoguchi.widgets.look.fonts import load_faces
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.row_view import RowsView
from madoguchi.widgets.look.theme import Theme
from madoguchi.widgets.look.tokens import Contrast, load_tokens
from madoguchi.widgets.look.views import StripView
from tests.counter.harness import Counter
from tests.support.usb_tree import AgentOnTree
from tests.widgets.test_english import (
    BreakableLine,
    CounterLibrary,
    Desk,
    assert_fits,
    assert_table_fits,
    english,
    library,
)

__all__ = ["english", "library"]

RULES = 'block id 05ac:* as "telephones" because "nobody charges them here"\n'
NAME = "DataTraveler 3.0 of somebody's own"


class UsbDesk(Desk):
    """The counter with a real agent, looked at after every step."""

    japanese = False

    def look(self) -> None:
        if not self.japanese:
            super().look()
            return
        for widget in self.counter.window.findChildren(QWidget):
            if widget.isVisible() and isinstance(widget, Painted | RowsView):
                assert_fits(widget)
            if widget.isVisible() and isinstance(widget, RecordTable):
                assert_table_fits(widget)

    @property
    def page(self) -> DevicesPage:
        page = self.counter.window.page
        assert isinstance(page, DevicesPage)
        return page


@pytest.fixture(params=[1.0, 1.5, 2.0], ids="{:.0%}".format)
def scale(request: pytest.FixtureRequest) -> float:
    return float(request.param)


@pytest.fixture(params=["en", "ja"])
def desk(
    request: pytest.FixtureRequest,
    qtbot: QtBot,
    qapp: QApplication,
    library: CounterLibrary,
    scale: float,
    tmp_path: Path,
) -> Iterator[UsbDesk]:
    if request.param == "en":
        request.getfixturevalue("english")
    with AgentOnTree(tmp_path, rules=RULES) as agent:
        line = BreakableLine(library.engine)
        counter = Counter(qtbot, qapp, library, line, branch=("sogo", "Branch sogo"), agent=agent.socket)
        counter.window.frame.set_theme(Theme(load_tokens(), load_faces(), Contrast.LIGHT, scale))
        counter.until(lambda: counter.window.devices.standing().state is not None)
        counter.sign_in()
        agent.plug("08:06:50", name=NAME, serial="0019E06B9C85F9A0F7550C20", maker="Kingston Technology")
        agent.plug("06:01:01", name="Phone", id="05ac:12a8", port="1-2")
        agent.plug("03:01:01,08:06:50", name="Keyboard", port="1-3")
        made = UsbDesk(counter, library, line)
        made.japanese = request.param == "ja"
        yield made
        counter.close()


def test_devices_and_the_form_of_an_exception_fit(desk: UsbDesk) -> None:
    counter = desk.counter
    counter.until(lambda: len(counter.window.devices.standing().unseen) == 2)
    desk.look()
    counter.window.open_devices()
    counter.until(lambda: len(desk.page.table.view().records) == 3)
    desk.look()
    device = next(each for each in counter.window.devices.devices if "Data" in each.name_untrusted)
    desk.page.table.select(device.instance)
    counter.press(Qt.Key.Key_Return, "\r")
    desk.look()
    counter.press(Qt.Key.Key_Escape)
    counter.f(10)
    desk.look()
    desk.page.form.set_values({"minutes": "100"})
    counter.f(10)
    desk.scroll_through()
    typed = {"minutes": "15", "reason": "The town's history goes to its printer"}
    said = [exception_words.refusal(why) for why in DeviceRefusal]
    said += [device_words.agent_refusal(AgentRefused(word, {})) for word in Refused]
    said += [exception_words.no_server(), exception_words.no_agent()]
    for message in said:
        desk.page.form.set_view(exception_words.ask_form(device, typed, message=message))
        desk.look()
    for problem in DeviceProblem:
        errors = {"minutes": exception_words.problem(problem), "reason": exception_words.problem(problem)}
        desk.page.form.set_view(exception_words.ask_form(device, typed, errors=errors))
        desk.look()


def test_the_approval_fits(desk: UsbDesk) -> None:
    counter, now = desk.counter, desk.library.now
    counter.until(lambda: len(counter.window.devices.devices) == 4)
    counter.window.open_devices()
    device = next(each for each in counter.window.devices.devices if "Data" in each.name_untrusted)
    exceptions = counter.window.exceptions
    exceptions._numbered(Asked("clerk", device, 60, 7))
    desk.look()
    counter.scan("A1000000016A")
    desk.look()
    for problem in ApproverProblem:
        exceptions._fail(exception_words.approver_problem(problem))
        desk.look()
    for refused in (DeviceRefusal.DECIDED_ALREADY, DeviceRefusal.OWN_REQUEST, DeviceRefusal.TOO_LATE):
        exceptions._fail(exception_words.refusal(refused))
        desk.look()
    exceptions._fail(exception_words.no_server())
    desk.look()
    elsewhere = SignedInElsewhere("Minami, counter 2", "Branch minami", now.replace(year=2025))
    exceptions.question.ask(exception_words.approver_elsewhere(elsewhere, now))
    exceptions._ask_question()
    desk.look()
    exceptions._approver = Approver("kanri", "Tadashi Kanri")
    asked = UsbException(
        7, ExceptionState.WAITING, "counter 1", 3, "For moving data no. 1", "General affairs", "0951:1666",
        "0019E06B9C85F9A0F7550C20", "kunren", "Taro Kunren", "The town's history goes to its printer, " * 5,
        60, dt.datetime.now(dt.UTC),
    )  # fmt: skip
    exceptions._read(asked)
    desk.look()
    exceptions.put_aside()


def strips() -> Iterator[StripView]:
    yield usb_standing.begun_strip(60)
    yield from map(usb_standing.ended_strip, Ended)
    yield usb_standing.warning_strip(59)
    yield device_words.idle_strip()
    yield device_words.nothing_to_read_strip()
    yield exception_words.not_approved_strip()
    yield exception_words.taken_back_strip()
    yield exception_words.no_check_strip()
    yield exception_words.unreadable_strip("Input/output error")
    yield exception_words.copying_strip(499, 500)
    yield exception_words.more_files_strip(500)
    for line_down in (False, True):
        yield exception_words.not_noted_strip(line_down=line_down)
    for verdict in CheckVerdict:
        for why in ("", "No space left on device"):
            for coming in (False, True):
                yield exception_words.copied_strip(
                    500, verdict, why, coming=coming, folder="/home/counter/usb", more=not why
                )


def test_every_strip_and_the_lists_of_files_fit(desk: UsbDesk) -> None:
    counter = desk.counter
    counter.window.open_devices()
    for strip in strips():
        counter.window.show_strip(strip)
        desk.look()
    for coming in (True, False):
        files = (Listed("list.csv", 12), Listed("deep/folder/" + "x" * 80, 2_000_000_000))
        note = exception_words.files_note(coming=coming, folder="/home/counter/usb", more=True)
        to_copy = desk.page.to_copy
        to_copy._coming, to_copy._listed = coming, Listing(files, more=True)
        desk.page.files.set_view(device_words.files_table(files, coming=coming, word=note))
        counter.window.frame.set_centre(desk.page.files)
        counter.window.refresh()
        desk.look()


def test_one_sentence_does_not_run_into_the_next(english: None) -> None:
    said = usb_standing.whole_why((Shortfall.NO_FLOOR, Shortfall.NO_POLICY, Shortfall.JOURNAL_FULL))
    assert said.count(". ") == 4
    assert not re.search(r"\.\S", said.replace("usbcore.authorized_default=0", ""))
