"""What a program at the socket may ask, and what the agent answers: only what is proved changes anything."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from madoguchi.device_control.channel import MOST_BYTES, AgentState, DeviceSeen, Ended, Refused
from madoguchi.device_control.decide import Why
from madoguchi.device_control.enforcing import Enforcement, Known, told
from madoguchi.device_control.journal import Journal, NotKept
from madoguchi.device_control.lease_holder import LeaseHolder
from madoguchi.device_control.leases import LeaseRefused, Leases
from madoguchi.device_control.policy_store import NotTaken, PolicyStore
from madoguchi.device_control.sealed import MOST_MINUTES
from madoguchi.device_control.serving import Client, Message

if TYPE_CHECKING:
    from madoguchi.device_control.signed import SignedPolicy

_MOST_DEVICES: Final = 96
_ANSWER_BYTES: Final = MOST_BYTES // 2
_RECORDS: Final = 30
_RECORDS_OF_ALL: Final = 120
_RECORDS_SECONDS: Final = 600.0
"""In ten minutes a connection makes the agent write thirty records at most, all of them together 120."""


class AskRefused(Exception):
    """It is not done. `word` says why; `fields` go along."""

    def __init__(self, word: Refused, **fields: Any) -> None:
        super().__init__(word.value)
        self.word, self.fields = word, fields


class Answers:
    """Answers each ask. `state` says how the agent is."""

    def __init__(
        self,
        enforcement: Enforcement,
        journal: Journal,
        store: PolicyStore,
        leases: Leases,
        holder: LeaseHolder,
        state: Callable[[], AgentState],
        now: Callable[[], float],
    ) -> None:
        self._enforcement, self._journal, self._store = enforcement, journal, store
        self._leases, self._holder, self.state, self._now = leases, holder, state, now
        self._noted: deque[tuple[float, int]] = deque()
        self._refused_before = ""
        self._devices: Message | None = None
        enforcement.changed = self._forget_devices
        self._asks: dict[str, Callable[[Client, Message], Message | None]] = {
            "state": lambda client, message: self.state().to_message(),
            "devices": lambda client, message: self.devices(),
            "policy": self._policy,
            "ask_lease": self._ask_lease,
            "grant": self._grant,
            "release": self._release,
            "records": self._records,
            "sent": self._sent,
        }

    def answer(self, client: Client, message: Message) -> None:
        """Does what is asked, or says why not. A message that is no ask ends the connection."""
        number, ask = message.get("n"), message.get("ask")
        if type(number) is not int or type(ask) is not str:
            client.drop("what it sent is no ask")
            return
        try:
            if ask not in self._asks:
                raise AskRefused(Refused.MALFORMED)
            fields = self._asks[ask](client, message)
        except AskRefused as refused:
            fields = {"refused": refused.word.value, **refused.fields}
        if fields is not None:
            client.tell({"n": number, **fields})

    def devices(self) -> Message:
        """Every device, those that are open first where there are very many."""
        if self._devices is None:
            known = list(self._enforcement.known.values())
            if len(known) > _MOST_DEVICES:
                known = sorted(known, key=lambda each: not each.is_open)[:_MOST_DEVICES]
            self._devices = {"devices": [_seen(each).to_message() for each in known]}
        return self._devices

    def _forget_devices(self) -> None:
        self._devices = None

    def _policy(self, client: Client, message: Message) -> Message:
        text = _text(message, "text")
        before, recorded = self._store.in_force, False

        def record(policy: SignedPolicy) -> None:
            nonlocal recorded
            self._journal.append("policy", {"version": policy.version})
            recorded = True

        try:
            found = self._store.take(text, record)
        except NotKept as error:
            raise AskRefused(Refused.NOT_KEPT) from error
        except NotTaken as error:
            if recorded:
                # it is not in force after all: the last such record says which one is
                self._journal.note("policy", {"version": before.version if before is not None else 0})
            self._note_refusal(client, text, error)
            where = {"line": error.line, "slip": error.slip} if error.word == Refused.MALFORMED else {}
            raise AskRefused(Refused(error.word), **where) from error
        if found is not before:
            self._enforcement.go_by(found.policy)
        return {"version": found.version}

    def _note_refusal(self, client: Client, text: str, error: NotTaken) -> None:
        digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()
        if f"{error.word} {digest}" != self._refused_before and self._may_note(client):
            self._refused_before = f"{error.word} {digest}"
            fields = {"why": error.word, "line": error.line, "slip": error.slip, "digest": digest}
            self._journal.note("policy_refused", fields, minor=True)

    def _ask_lease(self, client: Client, message: Message) -> Message:
        instance, minutes = _text(message, "device"), _number(message, "minutes")
        if not 1 <= minutes <= MOST_MINUTES:
            raise AskRefused(Refused.MALFORMED)
        if not self.state().is_protected:
            raise AskRefused(Refused.NOT_PROTECTED)
        known = self._enforcement.find(instance)
        if known is None:
            raise AskRefused(Refused.NO_SUCH_DEVICE)
        if known.is_open:
            raise AskRefused(Refused.ALREADY)
        try:
            asked = self._leases.ask(client.number, known.device, minutes, secrets.token_hex(16), self._now())
        except LeaseRefused as refused:
            raise AskRefused(refused.word) from refused
        try:
            if not self._may_note(client):
                raise NotKept("too many were asked for")
            fields = {"nonce": asked.challenge.nonce, "minutes": minutes, **told(known.device)}
            self._journal.append("lease_asked", fields, minor=True)
        except NotKept as error:
            self._leases.left(client.number)
            raise AskRefused(Refused.NOT_KEPT) from error
        return {"challenge": asked.challenge.text, "mac": self._leases.mac_of(asked)}

    def _grant(self, client: Client, message: Message) -> Message | None:
        nonce, granted, number = _text(message, "nonce"), _text(message, "mac"), message["n"]
        try:
            lease = self._leases.grant(client.number, nonce, granted, self._now())
        except LeaseRefused as refused:
            raise AskRefused(refused.word) from refused
        known = self._enforcement.find(lease.device.instance)
        if known is None or known.is_open or not self.state().is_protected:
            self._leases.ended()
            raise AskRefused(Refused.NOT_PROTECTED if known is not None else Refused.GONE)
        self._holder.begin(lease, partial(self._granted, client, number))
        return None

    def _granted(self, client: Client, number: int, refused: Refused | None) -> None:
        seen = self._holder.seen()
        if refused is not None or seen is None:
            client.tell({"n": number, "refused": (refused or Refused.GONE).value})
        else:
            client.tell({"n": number, **seen.to_message()})

    def _release(self, client: Client, message: Message) -> None:
        lease, number = self._leases.current, message["n"]
        if lease is None or lease.connection != client.number or lease.ending is not None:
            raise AskRefused(Refused.NONE)
        self._holder.unmount(Ended.RELEASED, lambda: client.tell({"n": number}))

    def _records(self, client: Client, message: Message) -> Message:
        answer: list[dict[str, Any]] = []
        room = _ANSWER_BYTES
        for record in self._journal.after(_number(message, "after")):
            room -= len(record.text) + 200
            if room < 0 and answer:
                break
            answer.append({"seq": record.seq, "text": record.text, "mac": record.mac})
        return {"records": answer}

    def _sent(self, client: Client, message: Message) -> Message:
        try:
            up_to = self._journal.confirm(_text(message, "receipt"), _text(message, "mac"))
        except NotKept as error:
            raise AskRefused(Refused.NOT_KEPT) from error
        if up_to is None:
            raise AskRefused(Refused.MAC)
        return {"up_to": up_to}

    def _may_note(self, client: Client) -> bool:
        now = time.monotonic()
        while self._noted and now - self._noted[0][0] >= _RECORDS_SECONDS:
            self._noted.popleft()
        of_it = sum(number == client.number for _, number in self._noted)
        if of_it >= _RECORDS or len(self._noted) >= _RECORDS_OF_ALL:
            return False
        self._noted.append((now, client.number))
        return True


def _seen(known: Known) -> DeviceSeen:
    device = known.device
    return DeviceSeen(
        instance=device.instance,
        port=device.port,
        vendor_id=device.vendor_id,
        product_id=device.product_id,
        serial_untrusted=device.serial_untrusted,
        maker_untrusted=device.maker_untrusted,
        name_untrusted=device.name_untrusted,
        interfaces=device.interfaces,
        allowed=known.is_open,
        lease=known.decision.why is Why.LEASE,
        rule=known.decision.rule.label if known.decision.rule is not None else "",
        why=known.decision.why,
        digest=device.digest,
    )


def _text(message: Message, name: str) -> str:
    value = message.get(name)
    if type(value) is not str:
        raise AskRefused(Refused.MALFORMED)
    return value


def _number(message: Message, name: str) -> int:
    value = message.get(name)
    if type(value) is not int or not 0 <= value < 1 << 53:
        raise AskRefused(Refused.MALFORMED)
    return value
