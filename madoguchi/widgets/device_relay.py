"""Carries between the agent and the server, which believe each other and not the window.

The policy goes one way, records the other; behind whatever else the server is asked, so much at a time.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer

from madoguchi.app.devices.values import AgentRecord, DeviceRefusal, PolicyOfTerminal, Receipt
from madoguchi.device_control.client import AgentRefused
from madoguchi.widgets.agent_link import AgentLink, Answer
from madoguchi.widgets.worker import DatabaseWorker

EVERY_MS: Final = 60_000
MOST_ROUNDS: Final = 20
"""So many times 100 records are sent in a row; what is left then waits for the next minute."""
_POLICY, _RECORDS = "usb policy", "usb records"

_log = logging.getLogger(__name__)


class DeviceRelay(QObject):
    """Carries while somebody is signed in: without a session the server takes nothing."""

    def __init__(self, link: AgentLink, worker: DatabaseWorker) -> None:
        super().__init__()
        self._link = link
        self._worker = worker
        self._on = False
        self._sending = False
        self._rounds = 0
        self._version = 0
        self._refused = 0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.carry)
        link.connected.connect(self._connected)

    def begin(self) -> None:
        """Somebody has signed in."""
        self._on = True
        self._timer.start()
        self.carry()

    def end(self) -> None:
        """Nobody is signed in any more; what has no receipt stays with the agent."""
        self._on = self._sending = False
        self._timer.stop()
        self._worker.stop_looking(_POLICY, _RECORDS)

    def knows(self, version: int, unsent: int) -> None:
        """What the agent says of itself: the version that it has, and how many records wait."""
        self._version = version
        if unsent and self._on and not self._sending and not self._rounds:
            self._send()

    def carry(self) -> None:
        """Looks both ways now."""
        if self._on and self._link.up:
            self._rounds = 0
            self._worker.look_up(_POLICY, lambda server: server.devices.read_policy(), self._policy_came)
            if not self._sending:
                self._send()

    def _connected(self, up: bool) -> None:
        self._sending = False
        if up:
            # another agent may have another key
            self._refused = 0
            self.carry()
        else:
            self._worker.stop_looking(_RECORDS)

    # -- the policy ----------------------------------------------------------------------------------------

    def _policy_came(self, found: PolicyOfTerminal | DeviceRefusal) -> None:
        if isinstance(found, DeviceRefusal):
            _log.warning("the server gives no USB policy: %s", found)
        elif self._on and found.version > self._version and found.version != self._refused:
            self._link.ask("policy", partial(self._handed, found.version), text=found.text)

    def _handed(self, version: int, answer: Answer) -> None:
        if isinstance(answer, AgentRefused):
            # it is on record there; said again each minute it would only fill the record
            self._refused = version
            _log.error("the agent does not take version %d of the USB policy: %s", version, answer.word)
        elif answer is not None:
            self._version = version

    # -- records -------------------------------------------------------------------------------------------

    def _send(self) -> None:
        self._sending = True
        self._link.ask("records", self._records_came, after=0)

    def _records_came(self, answer: Answer) -> None:
        if not isinstance(answer, dict) or not answer["records"] or not self._on:
            self._sending = False
            self._rounds = 0
            return
        records = tuple(
            AgentRecord(int(row["seq"]), str(row["text"]), str(row["mac"])) for row in answer["records"]
        )
        self._worker.look_up(
            _RECORDS,
            lambda server: server.devices.send_records(records),
            partial(self._receipt_came, records[0].seq),
        )

    def _receipt_came(self, first: int, receipt: Receipt | DeviceRefusal) -> None:
        if isinstance(receipt, DeviceRefusal) or receipt.trouble is not None:
            trouble = receipt if isinstance(receipt, DeviceRefusal) else receipt.trouble
            _log.error("the server takes no more of the USB agent's records: %s", trouble)
            self._rounds = MOST_ROUNDS
        if isinstance(receipt, Receipt) and receipt.text and receipt.up_to >= first:
            self._link.ask("sent", self._sent, receipt=receipt.text, mac=receipt.mac)
        else:
            self._sending = False

    def _sent(self, answer: Answer) -> None:
        self._rounds += 1
        if isinstance(answer, dict) and self._on and self._rounds < MOST_ROUNDS:
            self._send()
        else:
            self._sending = False
