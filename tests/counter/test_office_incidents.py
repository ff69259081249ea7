"""Incidents in the office, the standard clause by clause, and what a screen reader is told of the pages."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QTableView

from madoguchi.widgets.look.record_views import Mark
from madoguchi.widgets.office import compliance_words
from tests.counter.central import House
from tests.counter.office import Office

CONTENT = "カウンターに USB メモリー\n<b>持ち主不明</b>"


def report(office: Office, content: str) -> None:
    """Reports from where they are."""
    window = office.counter.window
    office.counter.press(Qt.Key.Key_F11, modifiers=Qt.KeyboardModifier.ShiftModifier)
    window.incident.form.set_values({"kind": "device", "content": content, "cause": "不明"})
    office.counter.f(10)
    office.counter.until(lambda: "として報告しました" in office.strip())


def test_an_incident_is_read_printed_and_closed(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    reader = Office(house, "system_staff")
    report(reader, CONTENT)
    reader.go_to(5)
    assert [cells[3:] for cells in reader.rows().values()] == [
        ("機器・USB", "カウンターに USB メモリー <b>持ち主不明</b>", "未対処")
    ]
    # no printer here: the sheet is a file for this account alone
    reader.counter.f(9)
    reader.counter.until(lambda: "PDF" in reader.strip())
    paper = tmp_path / "madoguchi-incident-1.pdf"
    assert paper.stat().st_mode & 0o777 == 0o600
    read = subprocess.run(
        ["pdftotext", "-layout", paper, "-"], capture_output=True, encoding="utf-8", check=True
    )
    words = re.sub(r"\s", "", read.stdout)
    for part in ("事故第1号", "機器・USB", "<b>持ち主不明</b>", "不明", reader.login):
        assert re.sub(r"\s", "", part) in words
    reader.counter.f(10)
    view = reader.page.form.view()
    assert view is not None
    assert view.lines == ()
    reader.counter.press(Qt.Key.Key_Escape)
    reader.counter.f(12)
    reader.counter.settled()
    reader.counter.close()

    manager = Office(house, "security_manager")
    manager.go_to(5)
    manager.counter.f(10)
    manager.fill(measures="  ")
    assert set(manager.errors()) == {"measures"}
    manager.fill(measures="預かり、持ち主に返した")
    assert [cells[-1] for cells in manager.rows().values()] == ["対処済み"]
    assert house.run("select closed_by from account.incident") == manager.login
    acts = house.run(
        "select count(*) from audit.record where act in ('incident reported', 'incident closed')"
    )
    assert acts == 2


def test_the_standard_is_as_the_document_has_it(house: House) -> None:
    office = Office(house, "security_manager")
    house.run("update watch.state set beat_at = now() - interval '1 hour'")
    unused = house.take_on(temporary=True)
    house.run(
        "update account.state set created_at = now() - interval '91 days',"
        f" password_set_at = now() - interval '8 days' where login = '{unused}'"
    )
    office.go_to(6)
    rows = {record.key: record for record in office.page.table.view().records}
    missing = {key for key, record in rows.items() if record.mark is Mark.OFF}
    assert missing == not_yet_in_the_document()
    assert rows["7.1(6)"].mark is Mark.WRONG
    assert "監視が止まっています" in rows["7.1(6)"].cells[2]
    assert rows["6.5(6)"].mark is Mark.NOTICE
    assert "90日使われていない 1人" in rows["5.1(1)④ 7.2(2)"].cells[2]
    assert set(rows) == {row.clause for row in compliance_words.rows(None)}


def not_yet_in_the_document() -> set[str]:
    """The clauses of which something is still missing."""
    lines = Path("docs/compliance.md").read_text(encoding="utf-8").split("##")[0].splitlines()
    return {line.split("|")[1].strip() for line in lines if line.startswith("|") and "*not yet*" in line}


def test_a_screen_reader_is_told_every_page_and_everything_goes_by_keyboard(house: House) -> None:
    office = Office(house, "security_manager")
    for key in (1, 2, 3, 4, 5, 6):
        office.go_to(key)
        focus = QApplication.focusWidget()
        assert isinstance(focus, QTableView)
        interface = QAccessible.queryAccessibleInterface(focus)
        assert interface.role() is QAccessible.Role.Table
        assert office.page.table.view().heading in focus.accessibleName()
        records = office.page.table.view().records
        if len(records) > 1:
            first = office.page.table.selected()
            office.counter.press(Qt.Key.Key_Down)
            assert office.page.table.selected() not in (None, first)
