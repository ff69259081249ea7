"""Stands where the window does: the program's own client of the agent, as the counter's account.

window      answers lines like {"ask": "devices"}, and tells what the agent tells; a line of JSON each
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from typing import Any

from madoguchi.device_control.channel import SOCKET
from madoguchi.device_control.client import AgentClient, AgentGone, AgentRefused

_telling = threading.Lock()


def tell(**what: Any) -> None:
    """One line; the host waits for it."""
    with _telling:
        sys.stdout.write(json.dumps({"t": time.monotonic()} | what) + "\n")
        sys.stdout.flush()


def main() -> None:
    """Ask what is asked until the input ends, or until it is killed."""
    client = AgentClient(SOCKET, lambda what, fields: tell(told=what, **fields), lambda: tell(told="gone"))
    tell(process=os.getpid())
    for line in sys.stdin:
        asked = json.loads(line)
        now = time.monotonic()
        try:
            tell(t=now, answer=client.ask(asked.pop("ask"), **asked))
        except AgentRefused as refused:
            tell(t=now, refused=refused.word, fields=refused.fields)
        except AgentGone:
            tell(t=now, refused="agent_gone")


if __name__ == "__main__":
    main()
