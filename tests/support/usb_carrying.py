"""Records carried from an agent to the server, and receipts back, in one thread.

For tests of what those two say to each other. The window carries by `madoguchi.widgets.device_relay`, which
is tried in `tests/counter/test_usb_state.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final, Protocol

from madoguchi.app.devices.values import AgentRecord, DeviceRefusal, Receipt

MOST_RECORDS: Final = 100
"""How many records the server takes at once, and an agent gives."""
_MOST_ROUNDS: Final = 50

_log = logging.getLogger(__name__)


class Agent(Protocol):
    """The way to this terminal's agent (``device_control.client.AgentClient``)."""

    def ask(self, ask: str, **fields: Any) -> dict[str, Any]: ...


def send_records(
    agent: Agent, send: Callable[[tuple[AgentRecord, ...]], Receipt | DeviceRefusal]
) -> Receipt | DeviceRefusal | None:
    """Takes what the agent has not sent yet to the server, and the server's receipts back to the agent.

    ``send`` runs ``CentralDevices.send_records`` on the server. Ends when nothing is left, or when the server
    takes no more. None: there was nothing to send.

    Raises:
        Exception: whatever the agent's client or ``send`` raises; what has no receipt is sent again.
    """
    after, last = 0, None
    for _ in range(_MOST_ROUNDS):
        records = _records(agent.ask("records", after=after))
        if not records:
            return last
        answer = send(records)
        if isinstance(answer, DeviceRefusal):
            return answer
        if answer.text and answer.up_to >= records[0].seq:
            agent.ask("sent", receipt=answer.text, mac=answer.mac)
        if answer.trouble is not None or answer.up_to <= after:
            _log.warning("the server takes no more of the agent's records: %s", answer.trouble)
            return answer
        after, last = answer.up_to, answer
    return last


def _records(answer: dict[str, Any]) -> tuple[AgentRecord, ...]:
    return tuple(
        AgentRecord(int(row["seq"]), str(row["text"]), str(row["mac"]))
        for row in answer["records"][:MOST_RECORDS]
    )
