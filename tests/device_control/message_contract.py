"""What holds of every agent, over a local socket or a named pipe: messages, policies, records on their way.

A suite of tests to be inherited by a class that has a fixture `terminal`: a `Terminal`.
What an agent does to devices is in `contract.py`.
"""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from madoguchi.device_control.channel import MOST_BYTES, MOST_CLIENTS, PROTOCOL, AgentState, Lines
from madoguchi.device_control.client import AgentGone, AgentRefused
from madoguchi.device_control.connection import Connection
from madoguchi.device_control.places import Places
from madoguchi.device_control.sealed import BEFORE_FIRST, mac, receipt_text, record_text
from madoguchi.device_control.signed import new_key
from tests.device_control.windows_end import Terminal as Opened
from tests.device_control.windows_end import Window
from tests.support.agent_files import TERMINAL
from tests.support.usb_tree import until_, words

RULE = 'allow id 0c2e:0901 interfaces 03:00:00 as "it" because "registered"\n'


class Terminal(Opened, Protocol):
    """A terminal whose agent runs, in force version 1 of a policy.

    Attributes:
        most_windows: so many programs of the account that the tests run as may be connected at once.
    """

    places: Places
    key: bytes
    signing: Ed25519PrivateKey
    most_windows: int

    def connect(self) -> Connection:
        """Connects as whatever program of the window's account."""

    def sign_policy(self, rules: str, *, version: int | None = None, group: str = ...) -> str:
        """A policy as an administrator makes it; without a version, one newer than the last."""

    def receipt(self, seq: int) -> tuple[str, str]:
        """The server's receipt for the records up to `seq`, and its MAC."""

    def records(self) -> list[dict[str, Any]]:
        """What stands in the agent's journal on the disk."""

    def start(self) -> None:
        """Starts the agent."""

    def kill(self) -> None:
        """Ends it."""


class _Raw:
    """A connection, read message by message."""

    def __init__(self, terminal: Terminal) -> None:
        self.connection = terminal.connect()
        self._lines = Lines()
        self._came: list[dict[str, Any]] = []

    def read(self) -> dict[str, Any]:
        while not self._came:
            data = self.connection.receive()
            assert data, "the agent has ended the connection"
            self._came = self._lines.feed(data)
        return self._came.pop(0)

    def rest(self) -> bytes:
        came = b""
        with suppress(ConnectionError):
            while more := self.connection.receive():
                came += more
        return came


def connected(terminal: Terminal) -> Window | None:
    """A window that has a place; None: there is none for it."""
    try:
        window = Window(terminal)
    except AgentGone:
        return None
    try:
        window.ask("state")
    except AgentGone:
        window.close()
        return None
    return window


def version(window: Window) -> int:
    return AgentState.from_message(window.ask("state")).policy_version


class MessageContract:
    """The suite."""

    @pytest.fixture
    def window(self, terminal: Terminal):
        made = Window(terminal)
        yield made
        made.close()

    # -- messages ------------------------------------------------------------------------------------------

    def test_it_speaks_first_and_tells_how_it_is(self, terminal: Terminal) -> None:
        raw = _Raw(terminal)
        first, *told = [raw.read() for _ in range(3)]
        raw.connection.close()
        assert first["hello"] == PROTOCOL
        assert [message["told"] for message in told] == ["state", "devices"]
        assert AgentState.from_message(told[0]).terminal == TERMINAL

    @pytest.mark.parametrize(
        "sent",
        [
            b"x" * (MOST_BYTES + 1),
            b"{}\n",
            b'{"ask":"state"}\n',
            b'{"ask":1,"n":1}\n',
            b"[]\n",
            b"\xff\n",
            b"\n",
        ],
        ids=["long", "nothing", "no number", "no word", "a list", "no text", "an empty line"],
    )
    def test_what_is_no_ask_ends_the_connection(
        self, terminal: Terminal, window: Window, sent: bytes
    ) -> None:
        raw = _Raw(terminal)
        with suppress(ConnectionError):
            raw.connection.send(sent)
        assert b'"n"' not in raw.rest()
        raw.connection.close()
        # and nothing else
        assert version(window) == 1

    @pytest.mark.parametrize(
        ("ask", "fields"),
        [
            ("authorize", {}),
            ("policy", {}),
            ("policy", {"text": 1}),
            ("grant", {"nonce": [], "mac": "x"}),
            ("records", {"after": "1"}),
            ("records", {"after": -1}),
            ("sent", {"receipt": None, "mac": ""}),
            ("ask_lease", {"device": {}, "minutes": 1}),
        ],
    )
    def test_what_is_not_understood_is_refused(
        self, window: Window, ask: str, fields: dict[str, object]
    ) -> None:
        assert window.refused(ask, **fields) == "malformed"
        assert window.ask("state")

    def test_who_does_not_read_is_dropped_and_makes_nobody_wait(
        self, terminal: Terminal, window: Window
    ) -> None:
        deaf = terminal.connect()
        number = 0
        dropped = False
        while not dropped:
            asks = b"".join(b'{"ask":"state","n":%d}\n' % each for each in range(number, number + 100))
            number += 100
            try:
                deaf.send(asks)
            except ConnectionError:
                dropped = True
            if number % 2000 == 0:
                assert window.ask("state")
            assert number < 40_000
        deaf.close()
        assert window.ask("state")

    def test_of_many_asks_at_once_none_is_lost(self, terminal: Terminal) -> None:
        raw = _Raw(terminal)
        raw.connection.send(b"".join(b'{"ask":"none","n":%d}\n' % number for number in range(2000)))
        numbers: list[int] = []
        while len(numbers) < 2000:
            answer = raw.read()
            numbers += [answer["n"]] if "n" in answer else []
        raw.connection.close()
        assert numbers == list(range(2000))

    def test_a_place_is_free_when_a_program_has_gone(self, terminal: Terminal) -> None:
        assert terminal.most_windows in (MOST_CLIENTS, MOST_CLIENTS + 1)
        windows = [connected(terminal) for _ in range(terminal.most_windows)]
        assert None not in windows
        assert connected(terminal) is None
        gone = windows.pop()
        assert gone is not None
        gone.close()

        def has_room() -> bool:
            windows.append(connected(terminal))
            return windows[-1] is not None

        until_(has_room)
        for window in windows:
            if window is not None:
                window.close()

    def test_a_window_is_told_when_the_agent_ends_and_finds_the_next(
        self, terminal: Terminal, window: Window
    ) -> None:
        terminal.kill()
        assert window.gone.wait(20)
        # what the one before left keeps nobody from listening anew
        terminal.start()
        again = Window(terminal)
        assert version(again) == 1
        again.close()

    # -- policies ------------------------------------------------------------------------------------------

    def test_a_newer_policy_is_taken_told_and_kept(self, terminal: Terminal, window: Window) -> None:
        assert window.ask("policy", text=terminal.sign_policy(RULE)) == {"version": 2}
        window.hears("state", lambda fields: fields["policy_version"] == 2)
        assert "policy" in words(terminal.records())
        # it holds without anybody who hands it over
        terminal.kill()
        terminal.start()
        again = Window(terminal)
        assert version(again) == 2
        again.close()

    def test_an_older_one_is_refused(self, terminal: Terminal, window: Window) -> None:
        third = terminal.sign_policy(RULE, version=3)
        window.ask("policy", text=third)
        for text in (terminal.sign_policy("", version=2), terminal.sign_policy("", version=3)):
            assert window.refused("policy", text=text) == "older"
        # said again, it is the same
        assert window.ask("policy", text=third) == {"version": 3}
        assert words(terminal.records()) == ["started", "policy", "policy_refused", "policy_refused"]

    def test_who_takes_the_kept_policy_away_gets_no_older_one_in(
        self, terminal: Terminal, window: Window
    ) -> None:
        older, newer = terminal.sign_policy("", version=4), terminal.sign_policy(RULE, version=5)
        window.ask("policy", text=newer)
        terminal.kill()
        (terminal.places.state / "policy").unlink()
        terminal.start()
        again = Window(terminal)
        assert version(again) == 0
        assert again.refused("policy", text=older) == "older"
        assert again.ask("policy", text=newer) == {"version": 5}
        again.close()

    def test_one_that_is_not_the_administrators_is_refused(self, terminal: Terminal, window: Window) -> None:
        text = terminal.sign_policy(RULE)
        assert window.refused("policy", text=text.replace("0901", "0902")) == "signature"
        terminal.signing = new_key()
        assert window.refused("policy", text=terminal.sign_policy(RULE)) == "signature"
        assert version(window) == 1

    def test_one_for_another_group_is_refused(self, terminal: Terminal, window: Window) -> None:
        assert window.refused("policy", text=terminal.sign_policy(RULE, group="offices")) == "group"
        assert version(window) == 1

    def test_one_with_a_slip_is_refused_with_its_line(self, terminal: Terminal, window: Window) -> None:
        # signed all the same, as by an administrator's other tool
        body = terminal.sign_policy("# first\n" + RULE).rpartition("signature: ")[0]
        body = body.replace("allow", "alow")
        signature = base64.b64encode(terminal.signing.sign(body.encode())).decode()
        with pytest.raises(AgentRefused) as refused:
            window.ask("policy", text=f"{body}signature: {signature}\n")
        assert (refused.value.word, refused.value.fields["line"]) == ("malformed", 6)
        assert refused.value.fields["slip"] == "action"
        assert version(window) == 1
        assert terminal.records()[-1]["line"] == 6

    def test_the_same_refusal_is_recorded_once(self, terminal: Terminal, window: Window) -> None:
        text = terminal.sign_policy(RULE, group="offices")
        for _ in range(3):
            window.refused("policy", text=text)
        assert words(terminal.records()) == ["started", "policy_refused"]

    # -- records -------------------------------------------------------------------------------------------

    def test_they_are_one_chain_across_a_restart(self, terminal: Terminal, window: Window) -> None:
        window.ask("policy", text=terminal.sign_policy(RULE))
        terminal.kill()
        terminal.start()
        again = Window(terminal)
        before = BEFORE_FIRST
        rows = again.ask("records", after=0)["records"]
        for number, row in enumerate(rows, 1):
            assert (row["seq"], json.loads(row["text"])["seq"]) == (number, number)
            assert row["mac"] == mac(terminal.key, record_text(TERMINAL, number, before, row["text"]))
            before = row["mac"]
        said = [json.loads(row["text"])["what"] for row in rows if "stopped" not in row["text"]]
        assert said == ["started", "policy", "started"]
        text, its_mac = terminal.receipt(len(rows))
        assert again.ask("sent", receipt=text, mac=its_mac) == {"up_to": len(rows)}
        assert again.ask("records", after=0)["records"] == []
        assert AgentState.from_message(again.ask("state")).unsent == 0
        again.close()

    def test_a_receipt_for_a_part_lets_go_of_that(self, terminal: Terminal, window: Window) -> None:
        for number in range(2, 6):
            window.ask("policy", text=terminal.sign_policy(RULE, version=number))
        text, its_mac = terminal.receipt(2)
        assert window.ask("sent", receipt=text, mac=its_mac) == {"up_to": 2}
        assert [row["seq"] for row in window.ask("records", after=0)["records"]] == [3, 4, 5]
        assert [row["seq"] for row in window.ask("records", after=4)["records"]] == [5]

    def test_a_wrong_receipt_lets_go_of_nothing(self, terminal: Terminal, window: Window) -> None:
        text, its_mac = terminal.receipt(1)
        last = text.split("\n")[3]
        other, later = receipt_text("counter-8", 1, last), receipt_text(TERMINAL, 1000, last)
        another_journals = receipt_text(TERMINAL, 1, "5e" * 32)
        for receipt, receipt_mac in (
            (text, "0" * 64),
            (text, ""),
            (text.replace("\n1\n", "\n2\n"), its_mac),
            (text.replace(last, "5e" * 32), its_mac),
            (other, mac(terminal.key, other)),
            # right, and for what was never recorded here
            (later, mac(terminal.key, later)),
            (another_journals, mac(terminal.key, another_journals)),
            ("", mac(terminal.key, "")),
        ):
            assert window.refused("sent", receipt=receipt, mac=receipt_mac) == "mac"
        assert len(window.ask("records", after=0)["records"]) == 1

    def test_with_a_new_key_its_records_begin_anew(self, terminal: Terminal, window: Window) -> None:
        window.close()
        terminal.kill()
        before = _contents(terminal.places.records)
        terminal.key = bytes(range(32))
        terminal.places.key.write_text(terminal.key.hex() + "\n")
        terminal.start()
        first = terminal.records()[0]
        assert (first["seq"], first["what"]) == (1, "started")
        # what was made with the key before is evidence
        assert _contents(terminal.places.state / first["aside"]) == before


def _contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}
