"""The agent's socket: who may talk there, and that nobody makes it wait or fall."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from madoguchi.device_control.channel import MOST_BYTES, MOST_CLIENTS, PROTOCOL, AgentState
from madoguchi.device_control.client import AgentGone
from tests.device_control.conftest import RULES
from tests.device_control.windows_end import Window
from tests.support.usb_tree import AgentOnTree

NOBODY = 65534


def connect(tree: AgentOnTree) -> socket.socket:
    connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connected.settimeout(20)
    connected.connect(str(tree.socket))
    return connected


def rest_of(connected: socket.socket) -> bytes:
    """Everything until the agent ends the connection."""
    came = b""
    with suppress(ConnectionError):
        while more := connected.recv(1 << 16):
            came += more
    return came


def test_it_speaks_first(tree: AgentOnTree) -> None:
    with connect(tree) as connected:
        line = connected.makefile("rb").readline()
    assert json.loads(line)["hello"] == PROTOCOL


def test_only_root_and_a_group_can_reach_it(tree: AgentOnTree) -> None:
    assert stat.S_IMODE(tree.socket.stat().st_mode) == 0o660
    assert stat.S_IMODE(tree.places.records.stat().st_mode) == 0o700
    for file in tree.places.records.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_another_accounts_program_is_refused(tmp_path: Path) -> None:
    with AgentOnTree(tmp_path, rules=RULES, account=None if os.geteuid() == 0 else "nobody") as tree:
        tree.socket.chmod(0o666)
        if os.geteuid() != 0:
            # this very account is the foreign one
            with connect(tree) as connected:
                assert rest_of(connected) == b""
            return
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            # nothing of the test's may run here after this
            with suppress(BaseException):
                os.chdir(tree.socket.parent)
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
                connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                connected.settimeout(20)
                connected.connect(tree.socket.name)
                os.write(write, b"connected")
                os.write(write, connected.recv(100))
            os._exit(0)
        os.waitpid(child, 0)
        os.close(write)
        assert os.read(read, 200) == b"connected"
        os.close(read)


@pytest.mark.parametrize(
    "sent",
    [b"x" * (MOST_BYTES + 1), b"{}\n", b'{"ask":"state"}\n', b'{"ask":1,"n":1}\n', b"[]\n", b"\xff\n", b"\n"],
    ids=["long", "nothing", "no number", "no word", "a list", "no text", "an empty line"],
)
def test_what_is_no_ask_ends_the_connection(tree: AgentOnTree, window: Window, sent: bytes) -> None:
    with connect(tree) as connected:
        with suppress(ConnectionError):
            connected.sendall(sent)
        assert b'"n"' not in rest_of(connected)
    # and nothing else
    assert AgentState.from_message(window.ask("state")).is_protected


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
    tree: AgentOnTree, window: Window, ask: str, fields: dict[str, object]
) -> None:
    assert window.refused(ask, **fields) == "malformed"
    assert window.ask("state")


def test_who_does_not_read_is_dropped_and_makes_nobody_wait(tree: AgentOnTree, window: Window) -> None:
    for port in range(1, 12):
        tree.plug(port=f"1-{port}", name="n" * 100)
    window.device("1-11")
    with connect(tree) as deaf:
        deaf.setblocking(False)
        number = 0
        dropped = False
        while not dropped:
            number += 1
            try:
                deaf.send(json.dumps({"ask": "devices", "n": number}).encode() + b"\n")
            except BlockingIOError:
                continue
            except OSError:
                dropped = True
            if number % 50 == 0:
                assert len(window.ask("devices")["devices"]) == 12
            assert number < 20_000
    assert len(window.ask("devices")["devices"]) == 12


def test_of_many_asks_at_once_none_is_lost_and_devices_are_decided_on(tree: AgentOnTree) -> None:
    with connect(tree) as asking:
        asking.sendall(b"".join(b'{"ask":"none","n":%d}\n' % number for number in range(2000)))
        tree.plug("03:01:01", id="046d:c31c")
        tree.until(tree.is_usable)
        answers = asking.makefile("rb")
        numbers = []
        while len(numbers) < 2000:
            answer = json.loads(answers.readline())
            numbers += [answer["n"]] if "n" in answer else []
        assert numbers == list(range(2000))


def connections_of_nobody(tree: AgentOnTree, number: int) -> tuple[int, Callable[[], None]]:
    """Has another account connect so often; returns how many were let in, and what ends them."""
    told, tell = os.pipe()
    held, hold = os.pipe()
    child = os.fork()
    if child == 0:
        # nothing of the test's may run here after this
        with suppress(BaseException):
            os.close(hold)
            os.chdir(tree.socket.parent)
            os.setgroups([])
            os.setgid(tree.socket.stat().st_gid)
            os.setuid(NOBODY)
            connected = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(number)]
            let_in = 0
            for each in connected:
                each.settimeout(20)
                each.connect(tree.socket.name)
                with suppress(ConnectionError):
                    let_in += bool(each.recv(1))
            os.write(tell, b"%d" % let_in)
            os.read(held, 1)
        os._exit(0)
    os.close(tell)
    os.close(held)
    let_in = int(os.read(told, 10))
    os.close(told)

    def end() -> None:
        os.close(hold)
        os.waitpid(child, 0)

    return let_in, end


def test_root_has_a_place_beside_eight_of_the_windows(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        with AgentOnTree(tmp_path, rules=RULES) as tree:
            held = [Window(tree) for _ in range(MOST_CLIENTS)]
            with pytest.raises(AgentGone):
                Window(tree)
            for each in held:
                each.close()
        return
    with AgentOnTree(tmp_path, rules=RULES, account="nobody") as tree:
        let_in, end = connections_of_nobody(tree, MOST_CLIENTS + 1)
        assert let_in == MOST_CLIENTS
        window = Window(tree)
        assert window.ask("state")
        window.close()
        end()


def test_a_place_is_free_when_a_program_has_gone(tree: AgentOnTree) -> None:
    places = MOST_CLIENTS + (os.geteuid() == 0)
    windows = [Window(tree) for _ in range(places)]
    with pytest.raises(AgentGone):
        Window(tree)
    windows.pop().close()

    def has_room() -> bool:
        try:
            windows.append(Window(tree))
        except AgentGone:
            return False
        return True

    tree.until(has_room)
    for window in windows:
        window.close()


def test_a_window_is_told_when_the_agent_ends(tree: AgentOnTree, window: Window) -> None:
    tree.kill()
    assert window.gone.wait(20)
    # an old socket keeps nobody from listening anew
    tree.start()
    again = Window(tree)
    assert again.ask("state")
    again.close()
