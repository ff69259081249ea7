"""The window's end of the channel, on a real socket: a server in a thread plays the agent line by line."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import Any

import pytest

from madoguchi.device_control import client as client_module
from madoguchi.device_control.channel import MOST_BYTES, BadMessage, encode
from madoguchi.device_control.client import AgentClient, AgentGone, AgentRefused

HELLO = {"hello": 1, "agent": "1.0"}
WAIT = 10.0


class PlayedAgent:
    """Listens, takes one client, and does with it what it is told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind(str(path))
        self._listening.listen()
        self.asked: Queue[dict[str, Any]] = Queue()
        self._thread: Thread | None = None
        self.connected: socket.socket | None = None

    def play(self, *first: bytes, answer: Callable[[dict[str, Any]], bytes | None] | None = None) -> None:
        """Sends ``first`` to the next client, then answers each ask; None: hangs up."""

        def run() -> None:
            connected, _ = self._listening.accept()
            self.connected = connected
            # the client may hang up at any point
            with connected, suppress(OSError):
                connected.sendall(b"".join(first))
                for line in connected.makefile("rb"):
                    message = json.loads(line)
                    self.asked.put(message)
                    said = answer(message) if answer else None
                    if said is None:
                        break
                    connected.sendall(said)
                connected.shutdown(socket.SHUT_RDWR)

        self._thread = Thread(target=run, name="played agent", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listening.close()
        if self.connected is not None:
            with suppress(OSError):
                self.connected.shutdown(socket.SHUT_RDWR)
        if self._thread is not None:
            self._thread.join(WAIT)
            assert not self._thread.is_alive()


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[PlayedAgent]:
    played = PlayedAgent(tmp_path / "agent.sock")
    yield played
    played.close()


class Heard:
    """What a client was told."""

    def __init__(self) -> None:
        self.told: Queue[tuple[str, dict[str, Any]]] = Queue()
        self.gone = Event()
        self.times_gone = 0

    def hear(self, kind: str, fields: dict[str, Any]) -> None:
        self.told.put((kind, fields))

    def go(self) -> None:
        self.times_gone += 1
        self.gone.set()


@pytest.fixture
def heard() -> Heard:
    return Heard()


def connect(agent: PlayedAgent, heard: Heard) -> AgentClient:
    return AgentClient(agent.path, heard.hear, heard.go)


def echo(message: dict[str, Any]) -> bytes:
    return encode({**{key: message[key] for key in message if key != "ask"}, "heard": message["ask"]})


def test_an_ask_is_answered(agent: PlayedAgent, heard: Heard) -> None:
    agent.play(encode(HELLO), answer=echo)
    client = connect(agent, heard)
    assert client.ask("ask_lease", device="1-4", minutes=15) == {
        "device": "1-4", "minutes": 15, "heard": "ask_lease"
    }  # fmt: skip
    assert client.ask("state") == {"heard": "state"}
    assert agent.asked.get(timeout=WAIT) == {"ask": "ask_lease", "n": 1, "device": "1-4", "minutes": 15}
    assert agent.asked.get(timeout=WAIT) == {"ask": "state", "n": 2}
    client.close()
    assert not heard.gone.is_set()
    with pytest.raises(AgentGone):
        client.ask("state")


def test_a_refusal_has_its_word_and_fields(agent: PlayedAgent, heard: Heard) -> None:
    refusal = {"refused": "malformed", "line": 7, "slip": "id"}
    agent.play(encode(HELLO), answer=lambda message: encode({"n": message["n"], **refusal}))
    client = connect(agent, heard)
    with pytest.raises(AgentRefused) as caught:
        client.ask("policy", text="x")
    assert (caught.value.word, caught.value.fields["line"], caught.value.fields["slip"]) == (
        "malformed",
        7,
        "id",
    )
    with pytest.raises(AgentRefused):
        client.ask("policy", text="x")
    client.close()


def test_what_is_told_comes_in_order_between_answers_and_before_any_ask(
    agent: PlayedAgent, heard: Heard
) -> None:
    told = [encode({"told": "devices", "at": number}) for number in range(4)]
    agent.play(encode(HELLO) + told[0], told[1], answer=lambda m: told[2] + encode({"n": m["n"]}) + told[3])
    client = connect(agent, heard)
    assert client.ask("state") == {}
    assert [heard.told.get(timeout=WAIT) for _ in told] == [("devices", {"at": at}) for at in range(4)]
    client.close()


def test_threads_that_ask_wait_for_each_other(agent: PlayedAgent, heard: Heard) -> None:
    agent.play(encode(HELLO), answer=echo)
    client = connect(agent, heard)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda number: client.ask("state", number=number)["number"], range(40)))
    assert answers == list(range(40))
    client.close()


def test_a_policy_of_full_length_gets_through(agent: PlayedAgent, heard: Heard) -> None:
    agent.play(encode(HELLO), answer=lambda m: encode({"n": m["n"], "length": len(m["text"])}))
    client = connect(agent, heard)
    assert client.ask("policy", text='"' * 65536) == {"length": 65536}
    with pytest.raises(BadMessage):
        client.ask("policy", text="x" * MOST_BYTES)
    assert client.ask("policy", text="x") == {"length": 1}
    client.close()


def test_an_agent_that_ends_is_noticed_without_waiting_and_said_once(
    agent: PlayedAgent, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.play(encode(HELLO), answer=None)
    client = connect(agent, heard)
    monkeypatch.setattr(client_module, "ANSWER_SECONDS", 3600.0)
    ended: Queue[type[BaseException]] = Queue()

    def ask() -> None:
        try:
            client.ask("state")
        except AgentGone as error:
            ended.put(type(error))

    Thread(target=ask, name="asks", daemon=True).start()
    assert ended.get(timeout=WAIT) is AgentGone
    assert heard.gone.wait(WAIT)
    with pytest.raises(AgentGone):
        client.ask("state")
    client.close()
    assert heard.times_gone == 1


def test_an_agent_that_ends_while_nobody_asks_is_said(agent: PlayedAgent, heard: Heard) -> None:
    agent.play(encode(HELLO), answer=echo)
    client = connect(agent, heard)
    client.ask("state")
    assert agent.connected is not None
    agent.connected.shutdown(socket.SHUT_RDWR)
    assert heard.gone.wait(WAIT)
    client.close()
    assert heard.times_gone == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"nonsense\n",
        b'{"n":99}\n',
        b'{"n":1}\n{"n":1}\n{"told":"x"}\n',
        b'{"answer":1}\n',
        b'{"told":"Not A Word"}\n',
        b'{"told":1}\n',
        b'{"n":1,"refused":7}\n',
        b"x" * MOST_BYTES,
    ],
    ids=range(8),
)
def test_an_agent_that_says_nonsense_is_gone(agent: PlayedAgent, heard: Heard, answer: bytes) -> None:
    agent.play(encode(HELLO), answer=lambda _message: answer)
    client = connect(agent, heard)
    try:
        client.ask("state")
    except AgentGone:
        pass
    else:
        assert answer.startswith(b'{"n":1}\n')
    assert heard.gone.wait(WAIT)
    client.close()
    assert heard.times_gone == 1


def test_an_agent_that_does_not_answer_is_given_up(
    agent: PlayedAgent, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "ANSWER_SECONDS", 0.2)
    agent.play(encode(HELLO), answer=lambda _message: b"")
    client = connect(agent, heard)
    with pytest.raises(AgentGone):
        client.ask("state")
    assert heard.gone.wait(WAIT)
    client.close()


@pytest.mark.parametrize("first", [b"", b"hello\n", encode({"hello": 2}), encode({"told": "state"}), b"[]\n"])
def test_whoever_greets_otherwise_is_not_the_agent(
    agent: PlayedAgent, heard: Heard, monkeypatch: pytest.MonkeyPatch, first: bytes
) -> None:
    monkeypatch.setattr(client_module, "ANSWER_SECONDS", 0.2)
    agent.play(first, answer=echo)
    with pytest.raises(AgentGone):
        connect(agent, heard)
    assert not heard.gone.is_set()
    assert heard.told.empty()


def test_where_nobody_listens_there_is_no_agent(tmp_path: Path, heard: Heard) -> None:
    for path in (tmp_path / "none.sock", tmp_path, tmp_path / ("x" * 200)):
        with pytest.raises(AgentGone):
            AgentClient(path, heard.hear, heard.go)


def test_whoever_is_told_cannot_ask(agent: PlayedAgent, heard: Heard) -> None:
    agent.play(encode(HELLO), answer=lambda m: encode({"told": "state"}) + encode({"n": m["n"]}))
    caught: Queue[type[BaseException]] = Queue()

    def ask_back(_kind: str, _fields: dict[str, Any]) -> None:
        try:
            client.ask("state")
        except RuntimeError as error:
            caught.put(type(error))

    client = AgentClient(agent.path, ask_back, heard.go)
    assert client.ask("devices") == {}
    assert caught.get(timeout=WAIT) is RuntimeError
    client.close()


def test_closing_ends_an_ask_that_waits_in_another_thread(agent: PlayedAgent, heard: Heard) -> None:
    agent.play(encode(HELLO), answer=lambda _message: b"")
    client = connect(agent, heard)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.ask, "state")
        agent.asked.get(timeout=WAIT)
        client.close()
        with pytest.raises(AgentGone):
            waiting.result(WAIT)
    assert not heard.gone.is_set()
