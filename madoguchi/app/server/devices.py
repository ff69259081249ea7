"""The central server's functions about USB devices, one call each; what changes something is on record."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from madoguchi.app.devices.values import (
    AgentRecord,
    AgentSeen,
    CopyWay,
    DeviceRefusal,
    Disposal,
    Grant,
    KeptPolicy,
    KeptRecord,
    NewDevice,
    PolicyOfTerminal,
    Receipt,
    RecordTrouble,
    RegisteredDevice,
    UsbException,
    UsbReport,
    Verdict,
)
from madoguchi.app.server.device_rows import (
    agent_seen,
    kept_policy,
    kept_record,
    registered_device,
    usb_exception,
    usb_report,
)
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.server.odbc_errors import sqlstate

_BAD_VALUE: Final = ("22", "23")
_NO_RIGHT: Final = "42501"
_TEXT, _INTEGER, _DATE = sa.Text(), sa.Integer(), sa.Date()

Answer = dict[str, Any]


def _place_of(moment: dt.datetime) -> str:
    """The place among the records behind which all lie that came earlier (``account.list_usb_records``)."""
    since = moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return f"{max(0, since // dt.timedelta(microseconds=1))} 0 0"


class CentralDevices:
    """What may be done depends on who is signed in; the server decides. What it refuses changed nothing.

    The terminal is the one whose certificate the connection was made with; no act is told it.
    """

    _READ_POLICY = call("desk.read_usb_policy")
    _SEND = call("desk.send_usb_records", records=_TEXT)
    _ASK = call("desk.ask_usb_exception", challenge=_TEXT, mac=_TEXT, reason=_TEXT)
    _READ = call("desk.read_usb_exception", number=_INTEGER)
    _APPROVE = call("desk.approve_usb_exception", number=_INTEGER)
    _REFUSE = call("desk.refuse_usb_exception", number=_INTEGER)
    _COPIED = call(
        "desk.note_usb_copy",
        id=sa.Uuid(),
        number=_INTEGER,
        way=_TEXT,
        verdict=_TEXT,
        files=_INTEGER,
        bytes=sa.BigInteger(),
    )
    _DEVICES = call("account.list_usb_devices")
    _ENROL = call(
        "account.enrol_usb_device",
        kind=_TEXT,
        vendor_id=_TEXT,
        product_id=_TEXT,
        serial=_TEXT,
        interfaces=ARRAY(sa.Text()),
        label=_TEXT,
        owner=_TEXT,
    )
    _LEND = call("account.lend_usb_device", number=_INTEGER, to=_TEXT)
    _RETURN = call("account.return_usb_device", number=_INTEGER)
    _DISPOSE = call("account.dispose_usb_device", number=_INTEGER, on=_DATE, what=_TEXT, person=_TEXT)
    _PUT_POLICY = call("account.put_usb_policy", text=_TEXT)
    _POLICIES = call("account.list_usb_policies")
    _AGENTS = call("account.list_usb_agents", silent_hours=_INTEGER)
    _RECORDS = call("account.list_usb_records", terminal=_TEXT, before=_TEXT)
    _EXCEPTIONS = call("account.list_usb_exceptions")
    _REPORT = call("account.usb_report", month=_DATE)

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _ask_server(self, statement: sa.Select[str], **values: object) -> Answer | DeviceRefusal:
        try:
            answer = answer_of(self._connection, statement, **values)
        except sa.exc.DBAPIError as error:
            state = sqlstate(error.orig) if error.orig is not None else None
            if state == _NO_RIGHT:
                return DeviceRefusal.NOT_ALLOWED
            if state is not None and state.startswith(_BAD_VALUE):
                return DeviceRefusal.BAD_VALUE
            raise
        return answer if answer["refusal"] is None else DeviceRefusal(answer["refusal"])

    def _do(self, statement: sa.Select[str], **values: object) -> DeviceRefusal | None:
        answer = self._ask_server(statement, **values)
        return answer if isinstance(answer, DeviceRefusal) else None

    # -- at a terminal: what is carried between agent and server ---------------------------------------------

    def read_policy(self) -> PolicyOfTerminal | DeviceRefusal:
        """The newest policy of this terminal's group."""
        answer = self._ask_server(self._READ_POLICY)
        if isinstance(answer, DeviceRefusal):
            return answer
        return PolicyOfTerminal(answer["group"], answer["version"], answer["text"])

    def send_records(self, records: tuple[AgentRecord, ...]) -> Receipt | DeviceRefusal:
        """Hands over what the agent has kept, in its order, at most 100 records; each is taken once.

        The receipt says how far they were taken: where one is not as it must be, those before it are.
        """
        sent = json.dumps(
            [{"seq": record.seq, "text": record.text, "mac": record.mac} for record in records],
            ensure_ascii=False,
        )
        answer = self._ask_server(self._SEND, records=sent)
        if isinstance(answer, DeviceRefusal):
            return answer
        trouble = None if answer["trouble"] is None else RecordTrouble(answer["trouble"])
        return Receipt(answer["up_to"], answer["receipt"], answer["mac"], trouble)

    # -- exceptions ------------------------------------------------------------------------------------------

    def ask_exception(self, challenge: str, mac: str, reason: str) -> int | DeviceRefusal:
        """Asks for the stick that the agent made the challenge of (counter and contract staff); its number.

        Said again with the same challenge it is the same number.
        """
        answer = self._ask_server(self._ASK, challenge=challenge, mac=mac, reason=reason)
        return answer if isinstance(answer, DeviceRefusal) else int(answer["number"])

    def read_exception(self, number: int) -> UsbException | DeviceRefusal:
        """An exception of this terminal: for who asked for it, and for whoever may approve it."""
        answer = self._ask_server(self._READ, number=number)
        return answer if isinstance(answer, DeviceRefusal) else usb_exception(answer["row"])

    def approve_exception(self, number: int) -> Grant | DeviceRefusal:
        """Approves it (a security manager, at the same terminal, within ten minutes, once).

        Whoever approved it and did not hear the answer is answered the same again within that time.
        """
        answer = self._ask_server(self._APPROVE, number=number)
        if isinstance(answer, DeviceRefusal):
            return answer
        return Grant(answer["nonce"], answer["minutes"], answer["mac"])

    def refuse_exception(self, number: int) -> DeviceRefusal | None:
        """Refuses it (a security manager), or takes it back (who asked for it)."""
        return self._do(self._REFUSE, number=number)

    def note_copy(
        self, id_: UUID, number: int, *, way: CopyWay, verdict: Verdict, files: int, size: int
    ) -> DeviceRefusal | None:
        """Puts on record what was copied under an exception: never names. ``size`` in bytes, of all together.

        ``id_`` is of this copying; said again, it is noted once.
        """
        return self._do(
            self._COPIED,
            id=id_,
            number=number,
            way=way.value,
            verdict=verdict.value,
            files=files,
            bytes=size,
        )

    # -- the register ----------------------------------------------------------------------------------------

    def list_devices(self) -> tuple[RegisteredDevice, ...] | DeviceRefusal:
        """The register by label, those that were disposed of last."""
        answer = self._ask_server(self._DEVICES)
        return answer if isinstance(answer, DeviceRefusal) else tuple(map(registered_device, answer["rows"]))

    def enrol_device(self, device: NewDevice) -> int | DeviceRefusal:
        """Puts a device into the register; its number."""
        answer = self._ask_server(
            self._ENROL,
            kind=device.kind.value,
            vendor_id=device.vendor_id,
            product_id=device.product_id,
            serial=device.serial,
            interfaces=list(device.interfaces),
            label=device.label,
            owner=device.owner,
        )
        return answer if isinstance(answer, DeviceRefusal) else int(answer["number"])

    def lend_device(self, number: int, to: str) -> DeviceRefusal | None:
        """Says that somebody has it now."""
        return self._do(self._LEND, number=number, to=to)

    def return_device(self, number: int) -> DeviceRefusal | None:
        """Says that it is back."""
        return self._do(self._RETURN, number=number)

    def dispose_device(self, number: int, disposal: Disposal) -> DeviceRefusal | None:
        """Says that it was disposed of; that is never undone, and no exception is granted for it any more."""
        return self._do(
            self._DISPOSE, number=number, on=disposal.on, what=disposal.what, person=disposal.person
        )

    # -- policies, agents, what happened ---------------------------------------------------------------------

    def put_policy(self, text: str) -> KeptPolicy | DeviceRefusal:
        """Puts a signed policy there for its group; the agents check the signature, not the server."""
        answer = self._ask_server(self._PUT_POLICY, text=text)
        return answer if isinstance(answer, DeviceRefusal) else kept_policy(answer["row"])

    def list_policies(self) -> tuple[KeptPolicy, ...] | DeviceRefusal:
        """The policies by group, the newest version of each first; five of a group, none withdrawn."""
        answer = self._ask_server(self._POLICIES)
        if isinstance(answer, DeviceRefusal):
            return answer
        return tuple(kept_policy(row) for row in answer["rows"] if row["withdrawn_at"] is None)

    def list_agents(self, silent_hours: int = 72) -> tuple[AgentSeen, ...] | DeviceRefusal:
        """The agents of the terminals in use; which of them sent nothing for so many hours (1 to 8,760)."""
        answer = self._ask_server(self._AGENTS, silent_hours=silent_hours)
        return answer if isinstance(answer, DeviceRefusal) else tuple(map(agent_seen, answer["rows"]))

    def list_records(
        self, terminal: str | None = None, *, before: str | None = None, until: dt.datetime | None = None
    ) -> tuple[KeptRecord, ...] | DeviceRefusal:
        """The last 200 records of a terminal's agent, or of all, the one that came last first.

        ``before``: those behind this place. ``until``: those that came before this moment, by the server's
        clock; what an agent kept while it was off the line came later than it happened.
        """
        if before is None and until is not None:
            before = _place_of(until)
        answer = self._ask_server(self._RECORDS, terminal=terminal, before=before)
        return answer if isinstance(answer, DeviceRefusal) else tuple(map(kept_record, answer["rows"]))

    def list_exceptions(self) -> tuple[UsbException, ...] | DeviceRefusal:
        """The last 200 exceptions of all terminals, newest first."""
        answer = self._ask_server(self._EXCEPTIONS)
        return answer if isinstance(answer, DeviceRefusal) else tuple(map(usb_exception, answer["rows"]))

    def report(self, month: dt.date) -> UsbReport | DeviceRefusal:
        """The month that ``month`` lies in."""
        answer = self._ask_server(self._REPORT, month=month)
        return answer if isinstance(answer, DeviceRefusal) else usb_report(answer)
