"""A counter whose USB devices a real agent decides on: on a tree like sysfs, known to a real server."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from madoguchi.widgets.devices_page import DEVICES, DevicesPage
from madoguchi.widgets.exception_desk import ExceptionDesk
from tests.counter.central import House
from tests.counter.harness import PASSWORD, Counter
from tests.support import usb_tree
from tests.support.library import SOGO
from tests.support.staff import terminal_number
from tests.support.usb_tree import AgentOnTree

KEYBOARD = "046d:c31c"
RULES = (
    f'allow id {KEYBOARD} interfaces 03:01:01 as "this keyboard" because "the terminal has one"\n'
    'block id 05ac:* as "telephones" because "nobody charges them here"\n'
)
STICK, STICK_CLASSES = "0951:1666", "08:06:50"
NAME = "DataTraveler"
LABEL = "移行用 1号"
REASON = "市史の原稿を移すため"
LOOKS = "import sys; sys.exit(1 if b'EICAR' in open(sys.argv[1], 'rb').read() else 0)"
CHECK = [sys.executable, "-c", LOOKS, "{file}"]


class HouseAgent(AgentOnTree):
    """The agent of a terminal that the server knows: by its name, and a key that both have."""

    def __init__(self, folder: Path, terminal: str, key: str, rules: str | None = RULES) -> None:
        self._terminal, self._known = terminal, key
        super().__init__(folder, rules=rules)

    def start(self) -> None:
        """Starts the agent, with the key that the server knows."""
        self.key = bytes.fromhex(self._known)
        self.places.key.write_text(self._known + "\n")
        super().start()

    def set_account(self, name: str) -> None:
        words = {"group": usb_tree.GROUP, "terminal": self._terminal, "window_account": name}
        self.places.settings.write_text(
            "".join(f"{key} = {json.dumps(word)}\n" for key, word in words.items())
        )


class KnownTerminal:
    """A terminal whose agent the server knows by a key.

    Attributes:
        terminal: its name at the server.
        key: of its agent, hexadecimal.
    """

    def __init__(self, house: House, place: int = 0) -> None:
        self.house = house
        serial = 1000 + terminal_number(SOGO, place)
        self.terminal = str(house.run(f"select name from account.terminal where serial = '{serial}'"))
        answer = json.loads(house.run("select account.make_usb_key(:name, true)", name=self.terminal))
        self.key = str(answer["key"])

    def set_check(self, command: list[str]) -> None:
        """The terminal's setting, as system staff set it."""
        self.house.run(
            "update account.terminal set settings = settings"
            " || jsonb_build_object('virus_check', (:c)::jsonb)"
            " where name = :name",
            c=json.dumps(command),
            name=self.terminal,
        )

    def enrol(
        self,
        serial: str = "S1",
        *,
        device: str = STICK,
        label: str = LABEL,
        interfaces: str = STICK_CLASSES,
    ) -> None:
        """Puts a stick into the register as the administrator does."""
        vendor, product = device.split(":")
        answer = json.loads(
            self.house.run(
                f"select account.enrol_usb_device('stick', '{vendor}', '{product}', '{serial}',"
                f" '{{{interfaces}}}', '{label}', '総務課')"
            )
        )
        assert answer["refusal"] is None, answer

    def exceptions(self) -> list[dict[str, Any]]:
        """What the server knows of exceptions, the newest first."""
        answer = json.loads(self.house.run("select account.list_usb_exceptions()"))
        return list(answer["rows"])


class UsbHouse(KnownTerminal):
    """A house whose first terminal has an agent.

    Attributes:
        stick: where the stick's files are, once it is mounted.
        folder: this terminal's own, for what is copied.
    """

    def __init__(self, house: House, folder: Path, rules: str | None = RULES) -> None:
        super().__init__(house)
        self.agent = HouseAgent(folder, self.terminal, self.key, rules)
        self.stick = self.agent.places.stick
        self.stick.mkdir(parents=True)
        self.folder = folder / "usb"

    def counter(self, **remembered: Any) -> Counter:
        """A window at that terminal, where nobody is signed in; it has found the agent."""
        counter = self.house.counter(agent=self.agent.socket, usb_folder=self.folder, **remembered)
        counter.until(lambda: usb_word(counter) != "USB 管理停止")
        return counter

    def plug_stick(self, serial: str = "S1", **device: Any) -> None:
        """A stick is plugged in."""
        self.agent.plug(STICK_CLASSES, id=STICK, serial=serial, name=NAME, **device)

    def swap_stick(self, counter: Counter, serial: str) -> None:
        """The stick is pulled out, and another one plugged in, each seen in the window."""

        def is_seen() -> bool:
            return any(seen.name_untrusted == NAME for seen in counter.window.devices.devices)

        # before the agent has told anything, nothing is there either
        counter.until(is_seen)
        self.agent.unplug()
        counter.until(lambda: not is_seen())
        self.plug_stick(serial)

    def mount(self) -> None:
        """Kernel, udev and systemd have done their part with the stick."""
        self.agent.give_file_system("1-1")
        self.agent.until(lambda: "systemd-mount" in self.agent.systemd_log.read_text(), "the mount")
        self.agent.mounted()


@contextmanager
def usb_house(house: House, folder: Path, rules: str | None = RULES) -> Iterator[UsbHouse]:
    """Such a house; its agent ends with it."""
    made = UsbHouse(house, folder, rules)
    yield made
    made.agent.close()


def usb_word(counter: Counter) -> str:
    """What the top bar says of USB."""
    return counter.window.frame.top_bar._view.usb.word


def page(counter: Counter) -> DevicesPage:
    """The page of devices."""
    found = counter.window.page
    assert isinstance(found, DevicesPage)
    return found


def open_page(counter: Counter) -> DevicesPage:
    """Shift+F8."""
    counter.window.open_devices()
    assert counter.window.pages.current == DEVICES
    return page(counter)


def rows(counter: Counter) -> list[tuple[str, ...]]:
    """The devices: name, what it could do, state, why."""
    return [record.cells[:4] for record in page(counter).table.view().records]


def choose_stick(counter: Counter) -> None:
    """Selects the stick, once it is there."""
    counter.until(lambda: any(row[1] == "記憶装置" for row in rows(counter)))
    record = next(r for r in page(counter).table.view().records if r.cells[1] == "記憶装置")
    page(counter).table.select(record.key)


def ask(counter: Counter, minutes: str = "15", reason: str = REASON) -> None:
    """Opens the form for the stick, fills it in and sends it."""
    open_page(counter)
    choose_stick(counter)
    counter.f(10)
    form = page(counter).form
    assert form.isVisible()
    form.set_values({"minutes": minutes, "reason": reason})
    counter.turn()
    counter.f(10)


def exceptions(counter: Counter) -> ExceptionDesk:
    """The desk where it is approved."""
    return counter.window.exceptions


def wait_for_panel(counter: Counter) -> None:
    """The panel for the second person is there."""
    counter.until(exceptions(counter).is_open)
    counter.until(exceptions(counter).panel.isVisible)


def sign_in_approver(counter: Counter, login: str, password: str = PASSWORD) -> None:
    """Types login and password into the approver's panel, by keyboard."""
    panel = exceptions(counter).panel
    panel.user_field().set_text(login)
    panel.password_field().set_text(password)
    panel.button().click()


def wait_for_question(counter: Counter) -> str:
    """The question is there; what it says."""
    question = exceptions(counter).question
    counter.until(question.isVisible)
    view = question.question().view()
    assert view is not None
    return f"{view.title} {view.detail} {view.hint}"


def approver_message(counter: Counter) -> str:
    """What the approver's panel says."""
    return exceptions(counter).panel.message()


def approve(counter: Counter, login: str) -> None:
    """The second person signs in, reads, and says yes; the stick is open."""
    wait_for_panel(counter)
    sign_in_approver(counter, login)
    wait_for_question(counter)
    counter.pass_guard()
    counter.f(10)
    counter.until(lambda: counter.window.devices.lease is not None)
    # it is told; the answer, which takes the panel away, may come home behind that
    counter.until(lambda: not exceptions(counter).is_open())


def strip(counter: Counter) -> str:
    """What the strip says."""
    view = counter.window.frame.strip.view()
    return f"{view.word} {view.title} {view.side_first}"


# -- who is there ------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(house: House) -> str:
    """Somebody of the counter: their login."""
    return house.take_on()


@pytest.fixture
def manager(house: House) -> str:
    """Whoever may approve: their login."""
    return house.take_on("security_manager")


@pytest.fixture
def counter(usb: UsbHouse, clerk: str) -> Counter:
    """A clerk at that terminal, a registered stick plugged in."""
    counter = usb.counter()
    counter.sign_in(clerk)
    counter.window.close_card()
    usb.plug_stick()
    return counter
