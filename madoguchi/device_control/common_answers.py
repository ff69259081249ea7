"""What every agent answers in the same way, whatever system it is for: policies, and records."""

from __future__ import annotations

import hashlib
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from madoguchi.device_control.channel import MOST_BYTES, AgentState, Refused
from madoguchi.device_control.clients import Client, Message
from madoguchi.device_control.journal import Journal, NotKept
from madoguchi.device_control.policy_store import NotTaken, PolicyStore

if TYPE_CHECKING:
    from madoguchi.device_control.signed import SignedPolicy

_ANSWER_BYTES: Final = MOST_BYTES // 2
_RECORDS: Final = 30
_RECORDS_OF_ALL: Final = 120
_RECORDS_SECONDS: Final = 600.0
"""In ten minutes a connection makes the agent write thirty records at most, all of them together 120."""

Ask = Callable[[Client, Message], Message | None]


class AskRefused(Exception):
    """It is not done. `word` says why; `fields` go along."""

    def __init__(self, word: Refused, **fields: Any) -> None:
        super().__init__(word.value)
        self.word, self.fields = word, fields


class CommonAnswers(ABC):
    """Answers each ask. `state` says how the agent is; `asks` are those of one system alone."""

    def __init__(
        self,
        journal: Journal,
        store: PolicyStore,
        state: Callable[[], AgentState],
        asks: Mapping[str, Ask],
    ) -> None:
        self.journal, self._store, self.state = journal, store, state
        self._noted: deque[tuple[float, int]] = deque()
        self._refused_before = ""
        self._asks: dict[str, Ask] = {
            "state": lambda client, message: self.state().to_message(),
            "devices": lambda client, message: self.devices(),
            "policy": self._policy,
            "records": self._records,
            "sent": self._sent,
            **asks,
        }

    @abstractmethod
    def devices(self) -> Message:
        """Every device that the agent knows of."""

    @abstractmethod
    def _follow(self, found: SignedPolicy, *, is_new: bool) -> None:
        """Goes by a policy that was taken, or said again. Raises `AskRefused`: it does not hold."""

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

    def _policy(self, client: Client, message: Message) -> Message:
        text = text_of(message, "text")
        before, recorded = self._store.in_force, False

        def record(policy: SignedPolicy) -> None:
            nonlocal recorded
            self.journal.append("policy", {"version": policy.version})
            recorded = True

        try:
            found = self._store.take(text, record)
        except NotKept as error:
            raise AskRefused(Refused.NOT_KEPT) from error
        except NotTaken as error:
            if recorded:
                # it is not in force after all: the last such record says which one is
                self.journal.note("policy", {"version": before.version if before is not None else 0})
            self._note_refusal(client, text, error)
            where = {"line": error.line, "slip": error.slip} if error.word == Refused.MALFORMED else {}
            raise AskRefused(Refused(error.word), **where) from error
        self._follow(found, is_new=found is not before)
        return {"version": found.version}

    def _note_refusal(self, client: Client, text: str, error: NotTaken) -> None:
        digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()
        if f"{error.word} {digest}" != self._refused_before and self.may_note(client):
            self._refused_before = f"{error.word} {digest}"
            fields = {"why": error.word, "line": error.line, "slip": error.slip, "digest": digest}
            self.journal.note("policy_refused", fields, minor=True)

    def _records(self, client: Client, message: Message) -> Message:
        answer: list[dict[str, Any]] = []
        room = _ANSWER_BYTES
        for record in self.journal.after(number_of(message, "after")):
            room -= len(record.text) + 200
            if room < 0 and answer:
                break
            answer.append({"seq": record.seq, "text": record.text, "mac": record.mac})
        return {"records": answer}

    def _sent(self, client: Client, message: Message) -> Message:
        try:
            up_to = self.journal.confirm(text_of(message, "receipt"), text_of(message, "mac"))
        except NotKept as error:
            raise AskRefused(Refused.NOT_KEPT) from error
        if up_to is None:
            raise AskRefused(Refused.MAC)
        return {"up_to": up_to}

    def may_note(self, client: Client) -> bool:
        """Whether one more record may be made because of this connection; if so, it counts."""
        now = time.monotonic()
        while self._noted and now - self._noted[0][0] >= _RECORDS_SECONDS:
            self._noted.popleft()
        of_it = sum(number == client.number for _, number in self._noted)
        if of_it >= _RECORDS or len(self._noted) >= _RECORDS_OF_ALL:
            return False
        self._noted.append((now, client.number))
        return True


def text_of(message: Message, name: str) -> str:
    """A text of an ask. Raises `AskRefused`."""
    value = message.get(name)
    if type(value) is not str:
        raise AskRefused(Refused.MALFORMED)
    return value


def number_of(message: Message, name: str) -> int:
    """A number of an ask, no less than 0. Raises `AskRefused`."""
    value = message.get(name)
    if type(value) is not int or not 0 <= value < 1 << 53:
        raise AskRefused(Refused.MALFORMED)
    return value
