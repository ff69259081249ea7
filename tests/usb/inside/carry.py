"""Carries one connection to the agent, in the place of the window that has it elsewhere.

carry SOCKET    what is read goes to the agent, what the agent says is written; its end is the connection's
"""

from __future__ import annotations

import socket
import sys
import threading


def main(path: str) -> None:
    """Carry until either side ends."""
    with socket.socket(socket.AF_UNIX) as agent:
        agent.connect(path)

        def ask() -> None:
            for line in sys.stdin.buffer:
                agent.sendall(line)
            agent.shutdown(socket.SHUT_RDWR)

        threading.Thread(target=ask, daemon=True).start()
        while said := agent.recv(1 << 16):
            sys.stdout.buffer.write(said)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
