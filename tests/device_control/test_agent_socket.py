"""The agent's socket: who may talk there, and that nobody makes it wait. What is said: `message_contract`."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from madoguchi.device_control.channel import MOST_CLIENTS
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
