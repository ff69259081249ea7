"""What a program at the socket may ask, and what the agent answers: only what is proved changes anything."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from madoguchi.device_control.channel import AgentState, DeviceSeen, Ended, Refused
from madoguchi.device_control.clients import Client, Message
from madoguchi.device_control.common_answers import AskRefused, CommonAnswers, number_of, text_of
from madoguchi.device_control.decide import Why
from madoguchi.device_control.enforcing import Enforcement
from madoguchi.device_control.journal import Journal, NotKept
from madoguchi.device_control.known import Known, told
from madoguchi.device_control.lease_holder import LeaseHolder
from madoguchi.device_control.leases import LeaseRefused, Leases
from madoguchi.device_control.policy_store import PolicyStore
from madoguchi.device_control.sealed import MOST_MINUTES

if TYPE_CHECKING:
    from madoguchi.device_control.signed import SignedPolicy

_MOST_DEVICES: Final = 96


class Answers(CommonAnswers):
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
        asks = {"ask_lease": self._ask_lease, "grant": self._grant, "release": self._release}
        super().__init__(journal, store, state, asks)
        self._enforcement, self._leases, self._holder, self._now = enforcement, leases, holder, now
        self._devices: Message | None = None
        enforcement.changed = self._forget_devices

    def devices(self) -> Message:
        """Every device, those that are open first where there are very many."""
        if self._devices is None:
            known = list(self._enforcement.known.values())
            if len(known) > _MOST_DEVICES:
                known = sorted(known, key=lambda each: not each.is_open)[:_MOST_DEVICES]
            self._devices = {"devices": [_seen(each).to_message() for each in known]}
        return self._devices

    def _follow(self, found: SignedPolicy, *, is_new: bool) -> None:
        if is_new:
            self._enforcement.go_by(found.policy)

    def _forget_devices(self) -> None:
        self._devices = None

    def _ask_lease(self, client: Client, message: Message) -> Message:
        instance, minutes = text_of(message, "device"), number_of(message, "minutes")
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
            if not self.may_note(client):
                raise NotKept("too many were asked for")
            fields = {"nonce": asked.challenge.nonce, "minutes": minutes, **told(known.device)}
            self.journal.append("lease_asked", fields, minor=True)
        except NotKept as error:
            self._leases.left(client.number)
            raise AskRefused(Refused.NOT_KEPT) from error
        return {"challenge": asked.challenge.text, "mac": self._leases.mac_of(asked)}

    def _grant(self, client: Client, message: Message) -> Message | None:
        nonce, granted, number = text_of(message, "nonce"), text_of(message, "mac"), message["n"]
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
