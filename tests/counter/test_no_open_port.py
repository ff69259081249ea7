"""The counter listens on nothing (7.5(1)①): what could be asked from outside could be attacked from there."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.counter.harness import Counter, CounterLibrary, both

_LISTENING = "0A"


def listening() -> list[str]:
    """The local addresses at which this very process listens, as the kernel writes them."""
    links = [str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()]
    inodes = {link[len("socket:[") : -1] for link in links if link.startswith("socket:[")}
    ports = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/self/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTENING and fields[9] in inodes:
                ports.append(fields[1])
    return ports


@both
def test_a_counter_at_work_listens_on_nothing(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    counter.scan_and_wait(library.item())
    assert listening() == []
    # and where something does listen, it is found
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        opened.listen()
        assert len(listening()) == 1
