"""A stick that is lent when its agent is killed, when it cannot be read, and when it cannot be closed."""

from __future__ import annotations

import json
import os
import threading
from contextlib import suppress

from madoguchi.device_control.channel import Ended
from madoguchi.device_control.client import AgentGone, AgentRefused
from tests.device_control.test_agent_leases import ended
from tests.device_control.windows_end import MINUTES, Window
from tests.support.usb_tree import AgentOnTree, words


def test_what_is_recorded_as_begun_has_an_end_whenever_it_is_killed(
    tree: AgentOnTree, window: Window
) -> None:
    tree.plug()
    nonce = window.challenge().nonce
    # who opens a pipe to write waits for a reader: the agent is caught where it keeps the lease's file
    caught = tree.places.lease.with_name(".lease.new")
    os.mkfifo(caught)

    def ask() -> None:
        with suppress(AgentGone, AgentRefused):
            window.ask("grant", nonce=nonce, mac=tree.grant(nonce, MINUTES))

    asking = threading.Thread(target=ask)
    asking.start()
    with caught.open("rb"):
        assert words(tree.records())[-1] == "lease_asked"
        tree.kill()
    asking.join()
    caught.unlink()
    # killed a moment later, the file is there and the record may be, too
    tree.places.lease.write_text(json.dumps({"nonce": nonce}))
    tree.start()
    assert [record["nonce"] for record in tree.records() if record["what"] == "lease_ended"] == [nonce]


def test_one_that_cannot_be_read_while_it_is_lent_is_closed(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    number, kept = tree.devices / "1-1/busnum", tree.root / "busnum"
    number.rename(kept)
    # systemd's timer closes it as well, whoever cannot read it
    nonce = json.loads(tree.places.lease.read_text())["nonce"]
    assert tree.lock_down("--lease", nonce) == 0
    assert not tree.is_usable()
    tree.authorize_behind_the_back("1-1")
    tree.until(lambda: ended(tree) == [Ended.DEVICE_GONE])
    assert not tree.is_usable()
    kept.rename(number)


def test_the_timer_stays_while_it_cannot_be_closed(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    nonce = json.loads(tree.places.lease.read_text())["nonce"]
    authorized = tree.devices / "1-1/authorized"
    authorized.unlink()
    # what is written there changes nothing, and it reads as open
    authorized.symlink_to("/dev/null")
    window.ask("release")
    assert ended(tree) == [Ended.RELEASED]
    assert window.device().allowed
    assert words(tree.records())[-2:] == ["enforcement_failed", "lease_ended"]
    tree.kill()
    tree.start()
    assert "stop madoguchi-usb-lease" not in tree.systemd_log.read_text()
    assert json.loads(tree.places.lease.read_text())["nonce"] == nonce
    authorized.unlink()
    authorized.write_text("1\n")
    assert tree.lock_down("--lease", nonce) == 0
    assert not tree.is_usable()
    tree.kill()
    tree.start()
    tree.until(lambda: f"stop madoguchi-usb-lease-{nonce}.timer" in tree.systemd_log.read_text())
    assert not tree.places.lease.exists()


def test_what_is_closed_late_is_held_until_it_is_and_ends_once(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    nonce = json.loads(tree.places.lease.read_text())["nonce"]
    tree.kernel_is_slow("1-1")
    window.ask("release")
    assert ended(tree) == [Ended.RELEASED]
    # it is not closed: systemd's timer has its file still, and nothing else is lent
    assert tree.is_usable()
    assert json.loads(tree.places.lease.read_text())["nonce"] == nonce
    assert f"stop madoguchi-usb-lease-{nonce}.timer" not in tree.systemd_log.read_text()
    tree.plug(port="1-2")
    other = window.challenge("1-2").nonce
    assert window.refused("grant", nonce=other, mac=tree.grant(other, MINUTES)) == "already"
    # nor does the next run of the agent record its end again
    tree.kill()
    tree.kernel_goes_on("1-1")
    tree.start()
    tree.until(lambda: f"stop madoguchi-usb-lease-{nonce}.timer" in tree.systemd_log.read_text())
    assert not tree.is_usable()
    assert not tree.places.lease.exists()
    assert ended(tree) == [Ended.RELEASED]


def test_when_it_is_closed_at_last_something_else_can_be_lent(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    tree.kernel_is_slow("1-1")
    window.ask("release")
    tree.kernel_goes_on("1-1")
    tree.until(lambda: not tree.places.lease.exists())
    assert not tree.is_usable()
    window.lend()
    assert tree.is_usable()
    assert ended(tree) == [Ended.RELEASED]


def test_an_agent_that_is_back_leaves_the_timer_while_it_cannot_tell(
    tree: AgentOnTree, window: Window
) -> None:
    tree.plug(serial="A1")
    window.lend()
    nonce = json.loads(tree.places.lease.read_text())["nonce"]
    tree.kill(with_guard=True)
    tree.kernel_is_slow("1-1")
    mute = tree.root / "mute"
    os.mkfifo(mute)
    (tree.devices / "1-1/serial").unlink()
    (tree.devices / "1-1/serial").symlink_to(mute)
    tree.start()
    assert tree.is_usable()
    assert tree.places.lease.exists()
    assert f"stop madoguchi-usb-lease-{nonce}.timer" not in tree.systemd_log.read_text()
    tree.kernel_goes_on("1-1")
    mute.write_text("A1\n")
    tree.until(lambda: f"stop madoguchi-usb-lease-{nonce}.timer" in tree.systemd_log.read_text())
    assert not tree.is_usable()
