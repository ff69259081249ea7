"""What the office says of USB devices: which tables there are, and the register. Pure wording.

Texts that a device or an agent said are shown in characters that can be seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QCoreApplication

from madoguchi.app.devices.fields import DeviceProblem
from madoguchi.app.devices.values import (
    DeviceKind,
    DeviceState,
    RegisteredDevice,
)
from madoguchi.barcode.safe_text import show
from madoguchi.device_control.channel import DeviceSeen
from madoguchi.widgets import device_words, exception_words
from madoguchi.widgets.look.record_views import Column, FormLine, FormView, LineKind, Mark, Record, TableView
from madoguchi.widgets.office import words

translate = QCoreApplication.translate

WHICH, KIND, LABEL, OWNER, TO = "which", "kind", "label", "owner", "to"
ON, WHAT, PERSON, MONTH, FILE = "on", "what", "person", "month", "file"
LAST, TERMINAL = "last", "terminal"
SILENT_HOURS: Final = 72


class Which(StrEnum):
    """The tables of the page."""

    HERE = "here"
    REGISTER = "register"
    EXCEPTIONS = "exceptions"
    RULES = "rules"
    RECORDS = "records"
    AGENTS = "agents"
    REPORT = "report"


def which(table: Which) -> str:
    """What a table is called."""
    return {
        Which.HERE: translate("Devices", "この端末の USB 機器"),
        Which.REGISTER: translate("Devices", "台帳"),
        Which.EXCEPTIONS: translate("Devices", "例外"),
        Which.RULES: translate("Devices", "規則"),
        Which.RECORDS: translate("Devices", "端末の記録"),
        Which.AGENTS: translate("Devices", "端末の USB 管理"),
        Which.REPORT: translate("Devices", "月の報告"),
    }[table]


def which_form(now: Which) -> FormView:
    """Which table is to be seen."""
    return FormView(
        translate("Devices", "USB：どの表を見るか"),
        (
            FormLine(
                WHICH,
                translate("Devices", "表"),
                LineKind.ONE_OF,
                now.value,
                choices=tuple((each.value, which(each)) for each in Which),
            ),
        ),
        translate("Devices", "見る"),
    )


def problems(found: Mapping[str, DeviceProblem]) -> dict[str, str]:
    """The sentences, by field."""
    return {key: exception_words.problem(problem) for key, problem in found.items()}


# -- the register ------------------------------------------------------------------------------------------


def kind(which_kind: DeviceKind) -> str:
    """What a registered device is."""
    return {
        DeviceKind.STICK: translate("Devices", "USB メモリー"),
        DeviceKind.SCANNER: translate("Devices", "スキャナ"),
        DeviceKind.OTHER: translate("Devices", "その他"),
    }[which_kind]


def kind_of(device: DeviceSeen) -> DeviceKind:
    """What a device that is plugged in is taken for at first."""
    if device_words.is_stick(device):
        return DeviceKind.STICK
    return DeviceKind.SCANNER if any(each.base == 3 for each in device.interfaces) else DeviceKind.OTHER


def register_table(devices: Sequence[RegisteredDevice], now: dt.datetime, empty: str) -> TableView:
    """The register."""
    return TableView(
        translate("Devices", "USB 機器の台帳"),
        translate("Devices", "廃棄した機器も消えません。Enter で詳しく見ます。F7 で別の表に移ります。"),
        (
            Column("label", translate("Devices", "管理ラベル"), 4),
            Column("kind", translate("Devices", "種類"), 3),
            Column("owner", translate("Devices", "管理者"), 3),
            Column("state", translate("Devices", "状態"), 8),
            Column("id", translate("Devices", "番号"), 3, number=True),
            Column("serial", translate("Devices", "製造番号"), 4, number=True, spare=True),
        ),
        tuple(_registered(device, now) for device in devices),
        empty,
    )


def _registered(device: RegisteredDevice, now: dt.datetime) -> Record:
    marks = {DeviceState.HERE: Mark.GOOD, DeviceState.LENT: Mark.NOTICE, DeviceState.DISPOSED: Mark.OFF}
    return Record(
        str(device.number),
        (
            device.label,
            kind(device.kind),
            device.owner,
            _where(device, now),
            device.usb_id,
            show(device.serial) or "—",
        ),
        marks[device.state],
        quiet=device.state is DeviceState.DISPOSED,
    )


def _where(device: RegisteredDevice, now: dt.datetime) -> str:
    if device.state is DeviceState.DISPOSED:
        return translate("Devices", "廃棄 {day}").format(day=words.day(device.disposed_on))
    if device.state is DeviceState.LENT:
        return translate("Devices", "貸出中 {who}（{since}）").format(
            who=device.lent_to, since=words.minute(device.lent_at, now)
        )
    return translate("Devices", "保管中")


def device_note(device: RegisteredDevice, now: dt.datetime) -> str:
    """A device of the register, whole."""
    said = [
        (translate("Devices", "種類"), kind(device.kind)),
        (translate("Devices", "番号"), device.usb_id),
        (translate("Devices", "製造番号"), show(device.serial) or "—"),
        (translate("Devices", "インターフェース"), ", ".join(device.interfaces)[:200]),
        (translate("Devices", "管理者"), device.owner),
        (translate("Devices", "登録"), f"{words.minute(device.enrolled_at, now)}  {device.enrolled_by}"),
        (translate("Devices", "状態"), _where(device, now)),
    ]
    if device.lent_at is not None:
        back = words.minute(device.returned_at, now) or "—"
        lent = translate("Devices", "{who}  {since} から {back}").format(
            who=device.lent_to, since=words.minute(device.lent_at, now), back=back
        )
        said.append((translate("Devices", "最後の貸出"), lent))
    if device.disposed_on is not None:
        said += [
            (translate("Devices", "廃棄の内容"), device.disposed_what),
            (translate("Devices", "廃棄した人"), f"{device.disposed_by}（{device.disposal_noted_by}）"),
        ]
    return lines(said)


def lines(said: Sequence[tuple[str, str]]) -> str:
    """Labels and texts, a line each; without a text none."""
    return "\n".join(f"{label}: {text}" for label, text in said if text)


def enrol_form(device: DeviceSeen) -> FormView:
    """A device that is plugged in is put into the register."""
    return FormView(
        translate("Devices", "USB 機器を登録"),
        (
            FormLine(
                KIND,
                translate("Devices", "種類"),
                LineKind.ONE_OF,
                kind_of(device).value,
                choices=tuple((each.value, kind(each)) for each in DeviceKind),
            ),
            FormLine(
                LABEL,
                translate("Devices", "管理ラベル"),
                LineKind.TEXT,
                required=True,
                hint=translate("Devices", "機器に貼る番号や名前"),
            ),
            FormLine(
                OWNER,
                translate("Devices", "管理者"),
                LineKind.TEXT,
                required=True,
                hint=translate("Devices", "管理する係か職名"),
            ),
        ),
        translate("Devices", "登録する"),
        device_words.details(device)
        + "\n\n"
        + translate(
            "Devices",
            "いつも使うスキャナなどは、台帳のほかに規則（署名して配るもの）にも書きます。",
        ),
    )


def lend_form(device: RegisteredDevice) -> FormView:
    """Somebody takes a device along."""
    return FormView(
        translate("Devices", "{label} を貸し出す").format(label=device.label),
        (FormLine(TO, translate("Devices", "だれに"), LineKind.TEXT, required=True),),
        translate("Devices", "貸し出す"),
    )


def return_form(device: RegisteredDevice) -> FormView:
    """It comes back."""
    return FormView(
        translate("Devices", "{label} の返却").format(label=device.label),
        (),
        translate("Devices", "返却を記録"),
        translate("Devices", "{who} に貸し出しています。").format(who=device.lent_to),
    )


def dispose_form(device: RegisteredDevice, today: dt.date) -> FormView:
    """It is thrown away."""
    return FormView(
        translate("Devices", "{label} を廃棄").format(label=device.label),
        (
            FormLine(
                ON, translate("Devices", "廃棄した日"), LineKind.NUMBER, words.day(today), required=True
            ),
            FormLine(
                WHAT,
                translate("Devices", "廃棄の内容"),
                LineKind.TEXT,
                required=True,
                hint=translate("Devices", "何が入っていて、どう消したか"),
            ),
            FormLine(PERSON, translate("Devices", "廃棄した人"), LineKind.TEXT, required=True),
        ),
        translate("Devices", "廃棄を記録"),
        translate("Devices", "元に戻せません。この機器では、例外も承認されなくなります。"),
    )
