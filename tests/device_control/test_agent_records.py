"""The agent's records on their way to the server: in order, in one chain, until it says that it has them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from madoguchi.device_control.channel import AgentState
from madoguchi.device_control.sealed import BEFORE_FIRST, mac, record_text
from tests.device_control.windows_end import Window
from tests.support.usb_tree import TERMINAL, AgentOnTree, words


class Server:
    """Takes records as the server does: the next number only, on the MAC of the one before."""

    def __init__(self, tree: AgentOnTree) -> None:
        self._tree = tree
        self._last = (0, BEFORE_FIRST)
        self.taken: list[dict[str, Any]] = []

    def take(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            seq, before = self._last
            assert row["seq"] == seq + 1
            assert row["mac"] == mac(self._tree.key, record_text(TERMINAL, row["seq"], before, row["text"]))
            self._last = (row["seq"], row["mac"])
            self.taken.append(json.loads(row["text"]))
            assert self.taken[-1]["seq"] == row["seq"]

    def fetch(self, window: Window, *, confirm: bool = True) -> None:
        rows = window.ask("records", after=self._last[0])["records"]
        self.take(rows)
        if confirm and rows:
            text, its_mac = self._tree.receipt(self._last[0])
            assert window.ask("sent", receipt=text, mac=its_mac) == {"up_to": self._last[0]}


def plug_some(tree: AgentOnTree, window: Window, times: int) -> None:
    for number in range(times):
        tree.plug(serial=f"N{number}")
        tree.until(lambda number=number: window.device().serial_untrusted == f"N{number}")
        tree.unplug()
    tree.until(lambda: tree.records()[-1]["what"] == "gone")


def test_they_are_one_chain_across_a_restart_and_a_kill(tree: AgentOnTree, window: Window) -> None:
    server = Server(tree)
    plug_some(tree, window, 2)
    server.fetch(window)
    plug_some(tree, window, 1)
    tree.kill()
    tree.start()
    again = Window(tree)
    plug_some(tree, again, 1)
    server.fetch(again)
    assert [record["what"] for record in server.taken] == [
        "started", "blocked", "gone", "blocked", "gone", "blocked", "gone", "started", "blocked", "gone",
    ]  # fmt: skip
    assert AgentState.from_message(again.ask("state")).unsent == 0
    # the chain goes on where nothing is left on the disk
    tree.stop()
    tree.start()
    last = Window(tree)
    server.fetch(last)
    assert server.taken[-2]["what"] == "stopped"
    last.close()
    again.close()


@pytest.mark.parametrize("confirmed", [False, True], ids=["not sent", "all sent"])
def test_with_a_new_key_its_records_begin_anew(tree: AgentOnTree, window: Window, confirmed: bool) -> None:
    plug_some(tree, window, 1)
    if confirmed:
        Server(tree).fetch(window)
    window.close()
    tree.stop()
    before = {file.name: file.read_bytes() for file in tree.places.records.iterdir()}
    tree.key = bytes(range(32))
    tree.places.key.write_text(tree.key.hex() + "\n")
    tree.plug("03:01:01", id="046d:c31c", port="1-2")
    tree.start()
    assert tree.is_usable("1-2")
    again = Window(tree)
    server = Server(tree)
    server.fetch(again)
    assert [(record["seq"], record["what"]) for record in server.taken] == [(1, "started"), (2, "allowed")]
    # what was made with the key before is evidence
    aside = tree.places.state / server.taken[0]["aside"]
    assert {file.name: file.read_bytes() for file in aside.iterdir()} == before
    again.close()
    tree.kill()
    tree.start()
    assert "aside" not in tree.records()[-2]
    assert words(tree.records())[-2:] == ["started", "allowed"]


def test_what_has_no_receipt_is_sent_again(tree: AgentOnTree, window: Window) -> None:
    plug_some(tree, window, 1)
    Server(tree).fetch(window, confirm=False)
    Server(tree).fetch(window)
    assert window.ask("records", after=0)["records"] == []


def test_a_receipt_for_a_part_lets_go_of_that(tree: AgentOnTree, window: Window) -> None:
    plug_some(tree, window, 2)
    text, its_mac = tree.receipt(2)
    assert window.ask("sent", receipt=text, mac=its_mac) == {"up_to": 2}
    assert [row["seq"] for row in window.ask("records", after=0)["records"]] == [3, 4, 5]
    tree.kill()
    tree.start()
    again = Window(tree)
    assert [row["seq"] for row in again.ask("records", after=0)["records"]] == [3, 4, 5, 6]
    assert [row["seq"] for row in again.ask("records", after=4)["records"]] == [5, 6]
    again.close()


def test_a_hundred_at_most_are_given_at_once(tree: AgentOnTree, window: Window) -> None:
    plug_some(tree, window, 60)
    server = Server(tree)
    server.fetch(window)
    assert len(server.taken) == 100
    server.fetch(window)
    assert len(server.taken) == 121
