"""A stick opened for minutes: what the agent believes, how it ends, and what holds without the agent."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from madoguchi.device_control.channel import AgentState, Ended, LeaseSeen
from madoguchi.device_control.decide import Why
from madoguchi.device_control.mounting import LOCKDOWN
from madoguchi.device_control.sealed import mac
from tests.device_control.windows_end import MINUTES, Window
from tests.support.usb_tree import AgentOnTree, words


def ended(tree: AgentOnTree) -> list[str]:
    """How leases have ended, by the records."""
    return [record["how"] for record in tree.records() if record["what"] == "lease_ended"]


def test_a_stick_is_open_with_the_servers_proof(tree: AgentOnTree, window: Window) -> None:
    tree.plug(serial="A1")
    challenge = window.challenge()
    assert challenge.serial == "A1"
    assert not tree.is_usable()
    answer = window.ask("grant", nonce=challenge.nonce, mac=tree.grant(challenge.nonce, MINUTES))
    lease = LeaseSeen.from_message(answer)
    assert (lease.device, lease.minutes, lease.ended) == (window.device().instance, MINUTES, None)
    assert 0 < lease.seconds_left <= MINUTES * 60
    assert tree.is_usable()
    assert window.device().why is Why.LEASE
    assert words(tree.records()) == ["started", "blocked", "lease_asked", "lease"]
    assert json.loads(tree.places.lease.read_text())["nonce"] == challenge.nonce


def test_what_the_agent_asks_the_server_is_under_its_mac(tree: AgentOnTree, window: Window) -> None:
    tree.plug(serial="A1")
    answer = window.ask("ask_lease", device=window.device().instance, minutes=7)
    assert answer["mac"] == mac(tree.key, answer["challenge"])
    assert answer["challenge"].split("\n")[3:8] == [
        "0951:1666",
        "A1",
        "08:06:50",
        window.device().digest,
        "7",
    ]


def test_systemd_holds_it_before_it_is_open(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    tree.systemd_fails()
    nonce = window.challenge().nonce
    assert window.refused("grant", nonce=nonce, mac=tree.grant(nonce, MINUTES)) == "not_kept"
    assert not tree.is_usable()
    asked = tree.systemd_log.read_text().splitlines()[0]
    assert asked.endswith(" ".join([*LOCKDOWN, "--lease", nonce]))
    assert "--on-active=30" in asked
    assert ended(tree) == [Ended.AGENT_ENDED]


def test_a_wrong_mac_opens_nothing_and_a_right_one_is_good_once(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    nonce = window.challenge().nonce
    right = tree.grant(nonce, MINUTES)
    for wrong in (right[:-1] + ("0" if right[-1] != "0" else "1"), "", tree.grant(nonce, MINUTES + 1), "é"):
        assert window.refused("grant", nonce=nonce, mac=wrong) == "mac"
        assert not tree.is_usable()
    window.ask("grant", nonce=nonce, mac=right)
    window.ask("release")
    assert window.refused("grant", nonce=nonce, mac=right) == "no_such_nonce"
    assert not tree.is_usable()


def test_a_nonce_is_one_connections(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    nonce = window.challenge().nonce
    other = Window(tree)
    assert other.refused("grant", nonce=nonce, mac=tree.grant(nonce, MINUTES)) == "no_such_nonce"
    other.close()
    assert window.refused("grant", nonce="0" * 32, mac=tree.grant(nonce, MINUTES)) == "no_such_nonce"


def test_an_answer_after_ten_minutes_is_late(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    nonce = window.challenge().nonce
    tree.later(601)
    assert window.refused("grant", nonce=nonce, mac=tree.grant(nonce, MINUTES)) == "late"
    assert not tree.is_usable()


def test_another_device_in_its_place_is_not_opened(tree: AgentOnTree, window: Window) -> None:
    tree.plug(serial="A1")
    nonce = window.challenge().nonce
    first = window.device().instance
    tree.unplug()
    # the same in everything that it says
    tree.plug(serial="A1")
    tree.until(lambda: window.device().instance != first)
    assert window.refused("grant", nonce=nonce, mac=tree.grant(nonce, MINUTES)) == "gone"
    assert not tree.is_usable()


def test_a_device_that_became_another_is_not_opened(tree: AgentOnTree, window: Window) -> None:
    tree.plug(serial="A1")
    nonce = window.challenge().nonce
    tree.become("1-1", "08:06:50,03:01:01")
    assert window.refused("grant", nonce=nonce, mac=tree.grant(nonce, MINUTES)) == "gone"
    assert not tree.is_usable()
    assert ended(tree) == [Ended.DEVICE_GONE]


@pytest.mark.parametrize("interfaces", ["03:01:01", "08:06:50,03:01:01", "06:01:01", "09:00:00"])
def test_only_a_stick_is_lent(tree: AgentOnTree, window: Window, interfaces: str) -> None:
    tree.plug(interfaces)
    assert window.refused("ask_lease", device=window.device().instance, minutes=5) == "not_a_stick"


def test_what_cannot_be_asked_for(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    instance = window.device().instance
    assert window.refused("ask_lease", device="none", minutes=5) == "no_such_device"
    for minutes in (0, 61, -1, True, "5", 5.0):
        assert window.refused("ask_lease", device=instance, minutes=minutes) == "malformed"
    window.lend()
    assert window.refused("ask_lease", device=instance, minutes=5) == "already"
    tree.plug(port="1-2")
    assert window.refused("ask_lease", device=window.device("1-2").instance, minutes=5) == "already"


def test_it_ends_by_time(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    tree.later(MINUTES * 60 - 30)
    assert window.device().lease
    tree.later(MINUTES * 60 + 1)
    tree.until(lambda: not tree.is_usable())
    told = window.hears("lease", lambda fields: bool(fields["ended"]))
    assert LeaseSeen.from_message(told).ended is Ended.TIME
    tree.until(lambda: ended(tree) == [Ended.TIME])
    assert not tree.places.lease.exists()
    tree.until(
        lambda: "systemctl --quiet --no-block stop madoguchi-usb-lease-" in tree.systemd_log.read_text()
    )


def test_it_ends_by_the_window_and_by_no_other(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    other = Window(tree)
    assert other.refused("release") == "none"
    other.close()
    tree.until(lambda: window.device().lease)
    assert tree.is_usable()
    window.ask("release")
    assert not tree.is_usable()
    assert window.refused("release") == "none"
    assert ended(tree) == [Ended.RELEASED]


def test_it_ends_with_the_windows_connection(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    window.close()
    tree.until(lambda: not tree.is_usable())
    tree.until(lambda: ended(tree) == [Ended.WINDOW_GONE])


def test_it_ends_with_the_device(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    tree.unplug()
    tree.until(lambda: ended(tree) == [Ended.DEVICE_GONE])
    tree.plug()
    assert not window.device().lease
    assert not tree.is_usable()


def test_it_ends_with_the_agent(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    assert tree.stop() == 0
    assert not tree.is_usable()
    assert ended(tree) == [Ended.AGENT_ENDED]
    assert words(tree.records())[-1] == "stopped"


def test_it_ends_when_nothing_can_be_recorded(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    tree.fill_the_disk()
    # what comes is recorded, and that fails
    tree.plug(port="1-2")
    tree.until(lambda: not tree.is_usable())
    tree.empty_the_disk()
    tree.until(lambda: ended(tree) == [Ended.AGENT_ENDED])


def test_nothing_is_lent_that_cannot_be_recorded(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    nonce = window.challenge().nonce
    tree.fill_the_disk()
    assert window.refused("grant", nonce=nonce, mac=tree.grant(nonce, MINUTES)) == "not_kept"
    assert window.refused("ask_lease", device=window.device().instance, minutes=5) == "not_kept"
    assert not tree.is_usable()


def test_when_it_is_killed_its_guard_closes_what_can_hold_files(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    tree.plug("03:01:01", id="046d:c31c", port="1-2")
    window.lend()
    tree.kill()
    tree.until(lambda: not tree.is_usable())
    # the keyboard that a rule allows goes on
    assert tree.is_usable("1-2")
    tree.start()
    assert ended(tree) == [Ended.AGENT_ENDED]


def test_a_guard_stands_as_long_as_something_is_lent(tree: AgentOnTree, window: Window) -> None:
    assert tree.guards() == []
    tree.plug()
    window.lend()
    (first,) = tree.guards()
    window.ask("release")
    tree.until(lambda: tree.guards() == [])
    window.lend()
    (second,) = tree.guards()
    assert second != first
    assert tree.stop() == 0
    assert ended(tree) == [Ended.RELEASED, Ended.AGENT_ENDED]
    # told to go, not to act
    assert not Path(f"/proc/{second}").exists()
    assert not tree.is_usable()


def test_a_killed_agent_leaves_what_systemd_closes(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    tree.plug("03:01:01", id="046d:c31c", port="1-2")
    window.lend()
    tree.kill(with_guard=True)
    assert tree.is_usable()
    assert tree.lock_down() == 0
    assert not tree.is_usable()
    # the keyboard that a rule allows goes on
    assert tree.is_usable("1-2")
    tree.plug(port="1-3")
    assert not tree.is_usable("1-3")
    tree.start()
    assert ended(tree) == [Ended.AGENT_ENDED]
    assert not tree.is_usable()


def test_a_killed_agent_that_comes_back_closes_by_itself(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    tree.kill(with_guard=True)
    tree.start()
    assert not tree.is_usable()
    assert ended(tree) == [Ended.AGENT_ENDED]
    assert not tree.places.lease.exists()


def test_the_timer_closes_for_an_agent_that_is_frozen(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    nonce = window.challenge().nonce
    window.ask("grant", nonce=nonce, mac=tree.grant(nonce, MINUTES))
    tree.send(signal.SIGSTOP)
    # the timer of a lease of before does nothing to this one
    assert tree.lock_down("--lease", "0" * 32) == 0
    assert tree.is_usable()
    assert tree.lock_down("--lease", nonce) == 0
    assert not tree.is_usable()
    tree.plug(port="1-2")
    assert not tree.is_usable("1-2")
    tree.send(signal.SIGCONT)
    assert not window.device("1-2").allowed


def test_the_timer_closes_the_lent_device_and_no_other(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    nonce = window.challenge().nonce
    window.ask("grant", nonce=nonce, mac=tree.grant(nonce, MINUTES))
    tree.kill(with_guard=True)
    tree.unplug()
    # another one in the same port, which somebody opened
    tree.plug(serial="B2", is_open=True)
    assert tree.lock_down("--lease", nonce) == 0
    assert tree.is_usable()


def test_the_timer_closes_everything_if_it_cannot_tell(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    tree.kill(with_guard=True)
    tree.places.lease.write_text("{")
    assert tree.lock_down("--lease", "0" * 32) == 0
    assert not tree.is_usable()
    tree.start()
    assert ended(tree) == [Ended.AGENT_ENDED]


def test_it_is_mounted_for_the_windows_account(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    assert window.lend().place == ""
    tree.give_file_system("1-1")
    tree.until(lambda: "systemd-mount" in tree.systemd_log.read_text())
    (line,) = [each for each in tree.systemd_log.read_text().splitlines() if "systemd-mount" in each]
    assert "nosuid,nodev,noexec,sync,uid=" in line
    assert "umask=077" in line
    assert line.endswith(f"/dev/sda1 {tree.places.stick}")
    tree.mounted()
    told = window.hears("lease", lambda fields: bool(fields["place"]))
    assert told["place"] == str(tree.places.stick)
    # unmounted first, then closed
    assert window.ask("release") == {}
    assert "systemd-umount" in tree.systemd_log.read_text()
    assert not tree.is_usable()
    assert ended(tree) == [Ended.RELEASED]


def test_what_cannot_be_unmounted_is_closed_all_the_same(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    tree.give_file_system("1-1")
    tree.until(lambda: "systemd-mount" in tree.systemd_log.read_text())
    tree.mounted()
    window.hears("lease", lambda fields: bool(fields["place"]))
    tree.systemd_hangs()
    tree.later(MINUTES * 60 + 1)
    tree.until(lambda: "systemd-umount" in tree.systemd_log.read_text())
    tree.later(MINUTES * 60 + 10)
    tree.until(lambda: not tree.is_usable())
    tree.until(lambda: ended(tree) == [Ended.TIME])


def test_what_is_still_mounted_is_not_shown_as_the_next_one(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    tree.mounted()
    tree.give_file_system("1-1")
    assert window.lend().place == ""
    tree.plug(port="1-2")
    window.device("1-2")
    assert window.ask("release") == {}
    assert all(not fields["place"] for kind, fields in window.told if kind == "lease")


def test_of_two_file_systems_none_is_mounted(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    tree.give_file_system("1-1", "sda1")
    tree.give_file_system("1-1", "sda2", "exfat")
    window.lend()
    tree.later(1)
    window.ask("state")
    tree.plug(port="1-2")
    window.device("1-2")
    assert "systemd-mount" not in tree.systemd_log.read_text()


def test_one_program_cannot_fill_the_records(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    instance = window.device().instance
    for _ in range(30):
        window.ask("ask_lease", device=instance, minutes=1)
    assert window.refused("ask_lease", device=instance, minutes=1) == "not_kept"
    assert AgentState.from_message(window.ask("state")).unsent == 32
    # that was one program: the window is another, but there is an end for all of them
    others = [Window(tree) for _ in range(4)]
    for other in others[:3]:
        for _ in range(30):
            other.ask("ask_lease", device=instance, minutes=1)
    assert others[3].refused("ask_lease", device=instance, minutes=1) == "not_kept"
    for other in others:
        other.close()
