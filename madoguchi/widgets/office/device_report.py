"""A month of USB control: as rows for the screen, as CSV, on paper. Pure but for the writing."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument

from madoguchi.app.devices.values import RegisteredDevice, UsbReport
from madoguchi.app.office.checks import YEARS, tidy
from madoguchi.barcode.safe_text import show
from madoguchi.widgets.look.record_views import Column, FormLine, FormView, LineKind, Record, TableView
from madoguchi.widgets.office import device_log_words, device_words, words
from madoguchi.widgets.office.device_words import FILE, MONTH

translate = QCoreApplication.translate

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report: of what sort, when, what, and what came of it."""

    sort: str
    at: str
    what: str
    came: str


def title(report: UsbReport) -> str:
    """What the report is called."""
    return translate("Devices", "USB の月の報告 {month}").format(month=f"{report.first:%Y-%m}")


def rows(report: UsbReport, now: dt.datetime) -> tuple[Row, ...]:
    """All of it, a line each."""
    made: list[Row] = []
    exception = translate("Devices", "例外")
    for each in report.exceptions:
        what = translate(
            "Devices", "{label}  {terminal}  申請 {login}  承認 {decided}  わけ {reason}"
        ).format(
            label=each.device_label,
            terminal=each.terminal,
            login=each.login,
            decided=each.decided_by or "—",
            reason=each.reason,
        )
        came = translate("Devices", "{state}  検査 {check}  {n}件").format(
            state=device_log_words.exception_state(each)[0],
            check=device_log_words.verdicts(each.verdicts),
            n=each.files,
        )
        made.append(Row(exception, words.minute(each.asked_at, now), what, came))
    enrolled, lent, disposed = (
        translate("Devices", "登録"), translate("Devices", "貸出"), translate("Devices", "廃棄"),
    )  # fmt: skip
    for one in report.enrolled:
        made.append(Row(enrolled, words.minute(one.enrolled_at, now), _device(one), ""))
    for one in report.lent:
        made.append(Row(lent, words.minute(one.lent_at, now), _device(one), one.lent_to))
    for one in report.disposed:
        came = f"{one.disposed_what}  {one.disposed_by}"
        made.append(Row(disposed, words.day(one.disposed_on), _device(one), came))
    counted = translate("Devices", "記録の数")
    made += [
        Row(counted, "", device_log_words.happened(what), str(count))
        for what, count in sorted(report.happened.items())
    ]
    silent = translate("Devices", "沈黙の端末")
    made += [Row(silent, "", terminal, "") for terminal in report.silent_terminals]
    return tuple(made)


def _device(device: RegisteredDevice) -> str:
    kind = device_words.kind(device.kind)
    return f"{device.label}  {kind}  {device.usb_id}  {show(device.serial)}  {device.owner}"


def table(report: UsbReport | None, now: dt.datetime, empty: str) -> TableView:
    """On the screen."""
    heading = title(report) if report is not None else device_words.which(device_words.Which.REPORT)
    columns = [
        Column(key, name, weight, number=key == "at")
        for (key, name), weight in zip(_columns(), (3, 4, 10, 6), strict=True)
    ]
    found = rows(report, now) if report is not None else ()
    return TableView(
        heading,
        translate("Devices", "F9 で印刷、F11 で CSV に書き出し、F10 で別の月。F7 で別の表に移ります。"),
        tuple(columns),
        tuple(Record(str(place), (row.sort, row.at, row.what, row.came)) for place, row in enumerate(found)),
        empty,
    )


def _columns() -> tuple[tuple[str, str], ...]:
    return (
        ("sort", translate("Devices", "区分")),
        ("at", translate("Devices", "日時")),
        ("what", translate("Devices", "内容")),
        ("came", translate("Devices", "結果")),
    )


def csv_text(report: UsbReport, now: dt.datetime) -> str:
    """As CSV; a cell that a spreadsheet would reckon with is made a text."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([name for _key, name in _columns()])
    for row in rows(report, now):
        writer.writerow([_cell(text) for text in (row.sort, row.at, row.what, row.came)])
    # the mark by which a spreadsheet knows UTF-8
    return "\ufeff" + made.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def document(report: UsbReport, now: dt.datetime) -> QTextDocument:
    """On paper."""
    made = QTextDocument()
    cursor = QTextCursor(made)
    large, bold, plain = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
    large.setFontPointSize(18)
    bold.setFontWeight(700)
    for each in (bold, plain):
        each.setFontPointSize(10)
    cursor.insertText(title(report), large)
    for row in rows(report, now):
        cursor.insertBlock()
        cursor.insertText(f"{row.sort}  {row.at}".strip(), bold)
        cursor.insertBlock()
        cursor.insertText("  ".join(filter(None, (row.what, row.came))), plain)
    return made


# -- forms -------------------------------------------------------------------------------------------------


def month_form(today: dt.date) -> FormView:
    """Which month's report."""
    hint = translate("Devices", "2027-03 のように")
    return FormView(
        translate("Devices", "どの月の報告か"), (_month(today, hint),), translate("Devices", "見る")
    )


def exceptions_form(today: dt.date) -> FormView:
    """Which month's exceptions."""
    hint = translate("Devices", "2027-03 のように。空欄で新しいものから200件。")
    return FormView(
        translate("Devices", "どの月の例外か"), (_month(today, hint),), translate("Devices", "見る")
    )


def _month(today: dt.date, hint: str) -> FormLine:
    last = today.replace(day=1) - dt.timedelta(days=1)
    return FormLine(MONTH, translate("Devices", "月"), LineKind.NUMBER, f"{last:%Y-%m}", hint=hint)


def month_of(typed: str) -> dt.date | None:
    """The first day of a month typed as 2027-03, 2027/3 or 202703; None: it is none."""
    text = tidy(typed).replace("/", "-").replace(".", "-")
    if len(text) == 6 and text.isdigit():
        text = f"{text[:4]}-{text[4:]}"
    year, dash, month = text.partition("-")
    if not (dash and year.isascii() and year.isdigit() and month.isascii() and month.isdigit()):
        return None
    try:
        first = dt.date(int(year), int(month), 1)
    except ValueError:
        return None
    return first if first.year in YEARS else None


def export_form(report: UsbReport, folder: Path) -> FormView:
    """Where the CSV goes."""
    file = folder / f"madoguchi-usb-{report.first:%Y-%m}.csv"
    line = FormLine(
        FILE,
        translate("Devices", "ファイル"),
        LineKind.TEXT,
        str(file),
        required=True,
        hint=translate("Devices", "あるファイルは書き換えません。"),
    )
    return FormView(translate("Devices", "月の報告を CSV に"), (line,), translate("Devices", "書き出す"))


def write_csv(file: Path, text: str) -> None:
    """Writes a new file. Raises OSError, FileExistsError where there is one."""
    # nobody else reads it, not even while it is written
    made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(made, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
