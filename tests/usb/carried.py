"""The guest's agent, for a window on this machine: a socket whose connections are carried into the guest."""

from __future__ import annotations

import contextlib
import shutil
import socket
import tempfile
import threading
from pathlib import Path
from typing import Final, Self

from madoguchi.device_control.channel import SOCKET
from tests.usb.channel import GuestError, GuestProgram, MachineError
from tests.usb.guest_files import CLERK
from tests.usb.machine import VirtualMachine
from tests.usb.watched import CODE

_FOR_EVER_SECONDS: Final = 86400.0


class CarriedAgent:
    """Listens where a window looks for its agent; `close()` (or leaving the `with` block) ends all of it.

    For each connection a program runs in the guest (`inside.carry`), as the window's account: it is whom the
    guest's kernel names to the agent. It ends when the window's connection ends, and the other way round.

    Attributes:
        socket: where it listens.
    """

    def __init__(self, machine: VirtualMachine) -> None:
        self._machine = machine
        # a socket's path must be short
        self._folder = Path(tempfile.mkdtemp(prefix="usb"))
        self.socket = self._folder / "agent.sock"
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.socket))
        self._listening.listen()
        self._ports: set[socket.socket] = set()
        self._carrying: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, name="windows", daemon=True)
        self._accepting.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every connection, and let no more come."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listening.close()
        for port in [*self._ports]:
            _end(port)
        for thread in self._carrying:
            thread.join()
        shutil.rmtree(self._folder)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                port, _ = self._listening.accept()
                self._ports.add(port)
                thread = threading.Thread(target=self._carry, args=(port,), name="a window", daemon=True)
                self._carrying.append(thread)
                thread.start()

    def _carry(self, port: socket.socket) -> None:
        with contextlib.suppress(MachineError):
            program = self._machine.start(
                "python3", "-m", "tests.usb.inside.carry", SOCKET, account=CLERK, directory=CODE, listens=True
            )
            with contextlib.suppress(GuestError, OSError):
                # the agent speaks first; where there is none, the program ends
                port.sendall(program.line().encode() + b"\n")
                threading.Thread(target=_carry_back, args=(program, port), daemon=True).start()
                with port.makefile("rb") as lines:
                    for line in lines:
                        program.say(line.decode().removesuffix("\n"))
            program.kill()
        _end(port)
        self._ports.discard(port)
        port.close()


def _carry_back(program: GuestProgram, port: socket.socket) -> None:
    with contextlib.suppress(GuestError, MachineError, OSError):
        while True:
            port.sendall(program.line(_FOR_EVER_SECONDS).encode() + b"\n")
    _end(port)


def _end(port: socket.socket) -> None:
    """Whoever reads it reads its end."""
    with contextlib.suppress(OSError):
        port.shutdown(socket.SHUT_RDWR)
