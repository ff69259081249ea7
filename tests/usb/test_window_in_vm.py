"""The whole way: the real window at a real server, and the real agent on a real kernel.

The window runs here, the agent in the virtual machine; `CarriedAgent` carries what they say to each other.
Not tried this way is copying: the window copies to and from a folder that the stick is mounted at, and that
lies in the guest. `tests/counter/test_usb_copying.py` has it on this machine, and `test_exception_in_vm.py`
reads and writes the stick in the guest.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.counter.central import House, open_house
from tests.counter.central_program import PLACE, on_server
from tests.counter.clocked_program import AGENT_SOCKET
from tests.counter.harness import Counter
from tests.counter.program import sign_in
from tests.counter.usb import (
    REASON,
    KnownTerminal,
    approve,
    ask,
    open_page,
    page,
    rows,
    strip,
    usb_word,
)
from tests.counter.usb_by_keys import open_the_stick
from tests.support.cluster import Cluster
from tests.usb import installed
from tests.usb.carried import CarriedAgent
from tests.usb.endings import plug_stick
from tests.usb.figures import Figures
from tests.usb.image import ready_image
from tests.usb.inside.arriving import RULES, SCANNER
from tests.usb.terminal import Terminal
from tests.usb.watched import Event

QEMU_STICK, SERIAL = "46f4:0001", "A1"
CALLED = "「QEMU QEMU USB HARDDRIVE」"
LETTER = b"what the library takes from another network\n"
# a device that no rule is about is blocked as well, and that is said to the clerk
NOTHING_SAID_OF_OTHERS = "".join(line for line in RULES.splitlines(True) if not line.startswith("block"))
NO_AGENT = "USB 管理停止"
PATIENCE_MS = 60_000
"""An emulated machine takes its time."""


@pytest.fixture(scope="module")
def terminal() -> Iterator[Terminal]:
    """A machine of these tests' own: its agent is known to another server in each."""
    with Terminal(ready_image()) as running:
        running.machine.unplug("cold")
        yield running


@pytest.fixture
def house(qtbot: QtBot, qapp: QApplication, cluster: Cluster, library_template: str) -> Iterator[House]:
    """A central server with its terminals."""
    with open_house(qtbot, qapp, cluster, library_template) as made:
        yield made


@dataclass
class Whole:
    """A terminal that the server knows, and its agent in the guest.

    Attributes:
        known: to the server.
        terminal: the virtual machine.
        agent: the way to its agent.
    """

    known: KnownTerminal
    terminal: Terminal
    agent: CarriedAgent

    def counter(self) -> Counter:
        """A clerk at that terminal, signed in."""
        counter = self.known.house.counter(agent=self.agent.socket)
        counter.patience_ms = PATIENCE_MS
        counter.until(lambda: usb_word(counter) != NO_AGENT)
        self.clerk = self.known.house.take_on()
        counter.sign_in(self.clerk)
        counter.window.close_card()
        return counter

    def heard(self, counter: Counter, since: int, what: str, wanted: Callable[[Event], bool]) -> Event:
        """Such an event of the guest, while the window goes on."""
        counter.until(lambda: any(map(wanted, self.terminal.watch.events(since))))
        return self.terminal.watch.wait(since, wanted, what)

    def state(self) -> str:
        """Where the server has the last exception."""
        found = self.known.exceptions()
        return str(found[0]["state"]) if found else ""

    def carry(self, counter: Counter) -> None:
        """Policy and records are carried now, and not in a minute."""
        relay = counter.window.devices._relay
        assert relay is not None
        relay.carry()


def whole(house: House, terminal: Terminal, place: int = 0) -> Whole:
    """The guest's agent is the one that this server knows; nothing is plugged in."""
    terminal.tidy()
    known = KnownTerminal(house, place)
    terminal.become(known.terminal, bytes.fromhex(known.key))
    terminal.give(NOTHING_SAID_OF_OTHERS)
    return Whole(known, terminal, CarriedAgent(terminal.machine))


@pytest.fixture
def usb(house: House, terminal: Terminal) -> Iterator[Whole]:
    """The house's first terminal."""
    made = whole(house, terminal)
    yield made
    made.agent.close()


@pytest.fixture
def stick(usb: Whole) -> Event:
    """A registered stick, blocked as it should be."""
    usb.known.enrol(SERIAL, device=QEMU_STICK)
    return plug_stick(usb.terminal, LETTER)


def is_disk(action: str, port: str) -> Callable[[Event], bool]:
    """The kernel made the stick a disk (`add`), or took it away (`remove`)."""
    return lambda event: (
        (event.get("kernel"), event.get("type")) == (action, "disk") and f"/{port}/" in event["path"]
    )


def open_stick(usb: Whole, counter: Counter, stick: Event, minutes: str = "15") -> None:
    """Asked for by the clerk, approved by a second person; the kernel has made it a disk."""
    manager = usb.known.house.take_on("security_manager")
    since = usb.terminal.watch.mark()
    ask(counter, minutes)
    assert usb.terminal.usable(since, stick["port"]) == []
    approve(counter, manager)
    usb.heard(counter, since, "the disk", is_disk("add", stick["port"]))


def how_it_ended(usb: Whole) -> list[str]:
    """By those of the agent's records that no window has carried yet."""
    waiting = usb.terminal.administrator.ask("records", after=0)["records"]
    records = [json.loads(each["text"]) for each in waiting]
    return [each["how"] for each in records if each["what"] == "lease_ended"]


def test_an_unknown_stick_is_said_to_be_blocked_and_cannot_be_asked_for(usb: Whole) -> None:
    counter = usb.counter()
    since = usb.terminal.watch.mark()
    said = plug_stick(usb.terminal, LETTER)
    counter.until(lambda: usb_word(counter) == "USB 遮断 1台")
    assert f"{CALLED} は使えません" in counter.banner_text()
    open_page(counter)
    assert rows(counter) == [(CALLED, "記憶装置", "遮断", "登録がありません")]
    assert page(counter).table.view().records[0].cells[4:] == (QEMU_STICK, said["port"])
    ask(counter)

    def message() -> str:
        view = page(counter).form.view()
        return view.message if view is not None else ""

    counter.until(lambda: "台帳にない USB メモリーです" in message())
    assert usb.known.exceptions() == []
    assert usb.terminal.usable(since, said["port"]) == []
    usb.terminal.unplug("stick")
    counter.until(lambda: rows(counter) == [])


def test_what_two_people_agree_on_is_a_disk_until_it_is_ended(usb: Whole, stick: Event) -> None:
    counter = usb.counter()
    open_stick(usb, counter, stick, minutes="20")
    counter.until(lambda: strip(counter).startswith("USB メモリーが使えます 20分間"))
    assert usb_word(counter).startswith("USB 例外 ")
    # it counts down, by the agent's time
    first = usb_word(counter)
    counter.until(lambda: usb_word(counter).startswith("USB 例外 19:") and usb_word(counter) < first)
    assert rows(counter)[0][2:] == ("例外で使用中", "承認された例外")
    # mounted by the guest's systemd: the window knows where
    lease = counter.window.devices
    counter.until(lambda: lease.lease is not None and lease.lease.place != "")
    assert lease.lease is not None
    assert usb.terminal.machine.sh(f"cat {lease.lease.place}/LETTER.TXT", account="clerk").encode() == LETTER
    since = usb.terminal.watch.mark()
    counter.f(11)
    usb.heard(counter, since, "the disk's end", is_disk("remove", stick["port"]))
    counter.until(lambda: strip(counter).startswith("USB の例外が終わりました 終えました"))
    # the agent's own records, through the window, to the server
    usb.carry(counter)
    counter.until(lambda: usb.state() == "ended")
    (found,) = usb.known.exceptions()
    assert (found["login"], found["reason"], found["minutes"]) == (usb.clerk, REASON, 20)
    assert found["how_ended"] == "released"


def test_whoever_leaves_takes_the_disk_away(usb: Whole, stick: Event, figures: Figures) -> None:
    counter = usb.counter()
    for way in ("locked", "signed out", "pulled out"):
        open_stick(usb, counter, stick)
        since, began = usb.terminal.watch.mark(), time.monotonic()
        if way == "locked":
            counter.f(12)
        elif way == "signed out":
            counter.window.sign_out()
        else:
            usb.terminal.unplug("stick")
        usb.heard(counter, since, "the disk's end", is_disk("remove", stick["port"]))
        if way != "pulled out":
            figures.gone(f"{way} at the window, with the way there", (time.monotonic() - began) * 1000)
        counter.until(lambda: counter.window.devices.lease is None)
        assert usb.terminal.usable(usb.terminal.watch.mark(), stick["port"]) == []
        if way != "pulled out":
            counter.sign_in(usb.clerk)
    counter.until(lambda: "USB メモリーが抜かれました" in strip(counter))
    usb.carry(counter)
    counter.until(lambda: usb.state() == "ended")
    ends = [each["how_ended"] for each in reversed(usb.known.exceptions())]
    assert ends == ["released", "released", "device_gone"]


def test_an_agent_that_is_killed_takes_the_disk_along_and_is_missed_until_it_is_back(
    usb: Whole, stick: Event, figures: Figures
) -> None:
    counter = usb.counter()
    open_stick(usb, counter, stick)
    since = usb.terminal.watch.mark()
    missed: list[str] = []
    counter.window.devices.changed.connect(lambda: missed.append(usb_word(counter)))
    when = usb.terminal.watch.kill(signal.SIGKILL, unit=installed.UNIT)
    gone = usb.heard(counter, since, "the disk's end", is_disk("remove", stick["port"]))
    figures.gone("the agent is killed", (gone["t"] - when) * 1000)
    counter.until(lambda: "USB 管理が止まりました" in strip(counter))
    counter.until(lambda: NO_AGENT in [*missed, usb_word(counter)])
    counter.until(lambda: usb_word(counter) != NO_AGENT)
    usb.terminal.back(since)
    # at work again, and the stick stays closed
    open_page(counter)
    counter.until(lambda: [row[1:3] for row in rows(counter)] == [("記憶装置", "遮断")])
    assert usb.terminal.usable(usb.terminal.watch.mark(), stick["port"]) == []
    usb.carry(counter)
    counter.until(lambda: usb.state() == "ended")
    assert usb.known.exceptions()[0]["how_ended"] == "agent_ended"


def test_rules_and_records_are_carried_between_the_server_and_the_kernels_agent(usb: Whole) -> None:
    text = usb.terminal.sign('block as "everything" because "no rule yet"\n')
    assert usb.terminal.administrator.ask("policy", text=text).get("version")
    counter = usb.counter()
    since = usb.terminal.watch.mark()
    usb.terminal.plug_gadget(SCANNER)
    said = usb.terminal.decided(since, SCANNER.vendor, SCANNER.product)
    assert not said["allowed"]
    text = usb.terminal.sign(RULES)
    answer = json.loads(usb.known.house.run("select account.put_usb_policy(:text)", text=text))
    assert answer["refusal"] is None
    usb.carry(counter)
    usb.heard(
        counter,
        since,
        "the scanner's interface",
        lambda event: (
            (event.get("kernel"), event.get("type")) == ("add", "usb_interface")
            and f"/{said['port']}/" in event["path"]
        ),
    )
    open_page(counter)
    counter.until(lambda: [row[2:] for row in rows(counter)] == [("使用可", "規則「Scanner 1」")])
    usb.carry(counter)

    def happened() -> list[str]:
        answer = json.loads(usb.known.house.run("select account.list_usb_records(null)"))
        return [row["what"] for row in reversed(answer["rows"])]

    counter.until(lambda: "allowed" in happened())
    assert [what for what in happened() if what in ("blocked", "policy", "allowed")][-3:] == [
        "blocked",
        "policy",
        "allowed",
    ]


def test_a_window_that_is_killed_takes_the_disk_along(
    house: House, terminal: Terminal, tmp_path: Path, figures: Figures
) -> None:
    """The program as a process of its own, worked by keys."""
    usb = whole(house, terminal, PLACE)
    usb.known.enrol(SERIAL, device=QEMU_STICK)
    stick = plug_stick(terminal, LETTER)
    clerk, manager = house.take_on(), house.take_on("security_manager")
    since = terminal.watch.mark()

    def is_there(action: str) -> bool:
        return any(map(is_disk(action, stick["port"]), terminal.watch.events(since)))

    with usb.agent, on_server(tmp_path, house.library, **{AGENT_SOCKET: str(usb.agent.socket)}) as program:
        sign_in(program, clerk)
        open_the_stick(program, manager, lambda: is_there("add"))
        assert not is_there("remove")
        began = time.monotonic()
        program.program.send_signal(signal.SIGKILL)
        terminal.disk(since, stick["port"], "remove")
        figures.gone("the window's process is killed, with the way there", (time.monotonic() - began) * 1000)
        program.program.wait(10)
        assert "Traceback" not in program.said()
        program.nobody_is_connected()
    assert terminal.usable(terminal.watch.mark(), stick["port"]) == []
    assert how_it_ended(usb) == ["window_gone"]
