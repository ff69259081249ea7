"""An exception on a real kernel: a stick opened for minutes, used, and gone, however that ends.

The tests make the MACs that the server makes. `make soak-usb` does each way ten times.
"""

from __future__ import annotations

import json

import pytest

from tests.usb import installed
from tests.usb.endings import ENDS, end, plug_stick
from tests.usb.fat import in_root
from tests.usb.figures import Figures
from tests.usb.guest_files import CLERK
from tests.usb.inside.arriving import RULES
from tests.usb.terminal import Terminal
from tests.usb.watched import Event

ARRIVALS = 60
LETTER = b"what the library takes from another network\n" * 400
ANSWER = "what the library gives"


@pytest.fixture(autouse=True)
def as_before(terminal: Terminal) -> None:
    """Every test finds nothing plugged in, and the usual policy in force."""
    terminal.tidy()
    terminal.give(RULES)


@pytest.fixture
def stick(terminal: Terminal) -> Event:
    """One with a letter on it, blocked as it should be."""
    return plug_stick(terminal, LETTER)


def how_it_ended(terminal: Terminal) -> str:
    """The record of the last exception's end."""
    terminal.collect()
    ended: str = [each for each in terminal.records if each["what"] == "lease_ended"][-1]["how"]
    return ended


def test_an_exception_is_granted_used_and_released(
    terminal: Terminal, stick: Event, figures: Figures
) -> None:
    machine = terminal.machine
    with terminal.window() as window:
        node, place = terminal.lend(window, stick)
        machine.sh(f"cp {place}/LETTER.TXT ~/ && echo {ANSWER} >{place}/ANSWER.TXT", account=CLERK)
        assert machine.sh("cat ~/LETTER.TXT", account=CLERK).encode() == LETTER
        # for that account alone, and nothing on it can be run
        assert machine.run("ls", place, account="nobody").status != 0
        options = machine.sh(f"grep {node} /proc/mounts").split()[3].split(",")
        assert {"nosuid", "nodev", "noexec", "sync"} <= set(options)
        # another program of the same account cannot take what this window asked for
        assert machine.run("dd", f"if={node}", "of=/dev/null", "count=1", account=CLERK).status != 0
        since = terminal.watch.mark()
        answer = window.ask("release")
        assert "refused" not in answer
        gone = terminal.disk(since, stick["port"], "remove")
        figures.gone("released", (gone["t"] - answer["t"]) * 1000)
    assert in_root(machine.medium("stick"), "ANSWER.TXT") == f"{ANSWER}\n".encode()
    assert how_it_ended(terminal) == "released"
    kinds = [each["what"] for each in terminal.records if "lease" in each["what"]]
    assert kinds[-3:] == ["lease_asked", "lease", "lease_ended"]


def test_no_program_of_the_clerk_gets_a_stick_opened_without_the_servers_word(
    terminal: Terminal, stick: Event
) -> None:
    since = terminal.watch.mark()
    with terminal.window() as window, terminal.window() as other:
        challenge = terminal.challenge(window, stick, minutes=5)
        assert (challenge.serial, challenge.minutes) == ("A1", 5)
        good = terminal.approved(challenge)
        longer = terminal.approved(type(challenge).parse(challenge.text.replace("\n5\n", "\n60\n")))
        for mac in ("0" * 64, longer, good.upper(), ""):
            assert window.ask("grant", nonce=challenge.nonce, mac=mac)["refused"] == "mac"
        assert other.ask("grant", nonce=challenge.nonce, mac=good)["refused"] == "no_such_nonce"
        assert terminal.usable(since, stick["port"]) == []
        # the device that was asked for, and no other that comes in its place
        terminal.unplug("stick")
        second = plug_stick(terminal, LETTER)
        assert window.ask("grant", nonce=challenge.nonce, mac=good)["refused"] in ("gone", "no_such_nonce")
        assert terminal.usable(since, second["port"]) == []
        # once used, never again
        terminal.lend(window, second)
        used = terminal.records
        assert window.ask("release").get("refused") is None
        assert window.ask("grant", nonce=challenge.nonce, mac=good)["refused"] == "no_such_nonce"
        assert used is terminal.records


def test_an_exception_ends_by_itself_while_sixty_devices_come_and_go(
    terminal: Terminal, stick: Event, figures: Figures
) -> None:
    with terminal.window() as window:
        since = terminal.watch.mark()
        terminal.lend(window, stick, minutes=1)
        *rows, _ = [
            json.loads(line)
            for line in terminal.program("arrivals", "come", "60", "11", seconds=900).splitlines()
        ]
        assert [row for row in rows if row["usable"] != row["allowed"]] == []
        for row in rows:
            figures.decided(terminal, row)
        opened = terminal.disk(since, stick["port"], "add")
        gone = terminal.disk(since, stick["port"], "remove")
        # not before its time
        assert gone["t"] - opened["t"] > 50
    assert how_it_ended(terminal) == "time"


@pytest.mark.parametrize("how", ENDS)
def test_whatever_crashes_the_stick_is_gone(
    terminal: Terminal, stick: Event, how: str, figures: Figures
) -> None:
    with terminal.window() as window:
        node, _ = terminal.lend(window, stick)
        since = terminal.watch.mark()
        when = end(terminal, how, window.process)
        gone = terminal.disk(since, stick["port"], "remove")
        if when is not None:
            figures.gone(how, (gone["t"] - when) * 1000)
        if how == "the agent is stopped":
            terminal.machine.sh(f"systemctl start {installed.UNIT}")
        if ENDS[how] == "agent_ended":
            terminal.back(since)
        elif how == "the stick is pulled out":
            # its disk goes before it does; a window that ended in between would be what ended it
            terminal.watch.wait(since, lambda event: event.get("agent", {}).get("ended"), "its end")
    assert terminal.machine.run("test", "-e", node).status != 0
    assert how_it_ended(terminal) == ENDS[how]
    if how != "the stick is pulled out":
        # the agent is at work again, and the stick stays closed
        again = next(each for each in terminal.devices() if each["port"] == stick["port"])
        assert (again["allowed"], again["lease"]) == (False, False)
