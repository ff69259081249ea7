"""USB devices in the office: the register by one key, lent, disposed of; exceptions, records, a month."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from madoguchi.widgets.look.record_views import Mark
from madoguchi.widgets.office import device_report
from madoguchi.widgets.office.device_words import Which
from madoguchi.widgets.office.devices_page import DevicesPage
from tests.counter.central import House
from tests.counter.harness import where_said
from tests.counter.office import Office
from tests.counter.usb import (
    LABEL,
    REASON,
    RULES,
    UsbHouse,
    approve,
    ask,
    usb_house,
)
from tests.counter.usb_office import cells, choose, office_of, show


@pytest.fixture
def usb(house: House, tmp_path: Path) -> Iterator[UsbHouse]:
    with usb_house(house, tmp_path) as made:
        yield made


@pytest.fixture
def office(usb: UsbHouse) -> Office:
    return office_of(usb)


def show_this_month(office: Office) -> None:
    """The report of the month that it is for the server, whose clock is not the tests'."""
    show(office, Which.REPORT)
    office.counter.f(10)
    office.fill(month=str(office.house.run("select to_char(now(), 'YYYY-MM')")))


def note(office: Office) -> str:
    view = office.page.form.view()
    assert view is not None
    return view.note


def test_a_blocked_stick_is_enrolled_with_one_key(usb: UsbHouse, office: Office) -> None:
    usb.plug_stick()
    office.counter.until(lambda: len(cells(office)) == 1)
    choose(office)
    office.counter.f(10)
    assert "製造番号の名のり: S1" in note(office)
    office.counter.f(10)
    assert office.errors() == {"label": "入力してください。", "owner": "入力してください。"}
    office.fill(label=LABEL, owner="総務課")
    assert office.strip().startswith("台帳に登録しました 移行用 1号")
    show(office, Which.REGISTER)
    assert [row[:5] for row in cells(office)] == [(LABEL, "USB メモリー", "総務課", "保管中", "0951:1666")]
    # once is enough, and it says so
    show(office, Which.HERE)
    choose(office)
    office.counter.f(10)
    office.fill(label="2号", owner="総務課")
    assert "もう登録されています" in office.strip()
    assert not usb.agent.is_usable(), "the register opens nothing"


def test_a_stick_without_a_serial_number_is_not_enrolled(usb: UsbHouse, office: Office) -> None:
    usb.plug_stick("")
    office.counter.until(lambda: len(cells(office)) == 1)
    choose(office)
    office.counter.f(10)
    office.fill(label=LABEL, owner="総務課")
    view = office.page.form.view()
    assert view is not None
    assert view.message == "製造番号のない USB メモリーは登録できません。"


def test_it_is_lent_returned_and_disposed_of(usb: UsbHouse, office: Office) -> None:
    usb.enrol()
    show(office, Which.REGISTER)
    choose(office)
    office.counter.f(10)
    office.fill(to="")
    assert office.errors() == {"to": "入力してください。"}
    office.fill(to="郷土資料係")
    assert cells(office)[0][3].startswith("貸出中 郷土資料係（")
    choose(office)
    assert not office.page.keys()[9].enabled, "what is lent out is not thrown away"
    office.counter.f(10)
    assert "郷土資料係 に貸し出しています" in note(office)
    office.counter.f(10)
    office.settled()
    assert cells(office)[0][3] == "保管中"
    choose(office)
    office.counter.f(9)
    office.fill(on="2027-01-01", what="", person="")
    assert office.errors() == {
        "on": "まだ来ていない日です。", "what": "入力してください。", "person": "入力してください。",
    }  # fmt: skip
    office.fill(on="2026-05-11", what="原稿。上書き消去と破砕", person="情報 守")
    assert cells(office)[0][3] == "廃棄 2026-05-11"
    assert office.page.table.view().records[0].mark is Mark.OFF
    choose(office)
    assert not office.page.keys()[9].enabled
    assert not office.page.keys()[10].enabled
    office.page.open_selected()
    for words in ("原稿。上書き消去と破砕", "情報 守", "最後の貸出: 郷土資料係"):
        assert words in note(office)


@pytest.mark.parametrize("serial", ["18152B0C73", ""], ids=["with a serial number", "without one"])
def test_a_scanner_from_its_enrolment_to_its_disposal(usb: UsbHouse, office: Office, serial: str) -> None:
    usb.agent.plug("03:00:00", id="0c2e:0901", serial=serial, maker="Honeywell", name="Scanner")
    office.counter.until(lambda: [row[2:4] for row in cells(office)] == [("遮断", "登録がありません")])
    choose(office)
    office.counter.f(10)
    # what it is was read of it, and is not typed
    view = office.page.form.view()
    assert view is not None
    assert [line.value for line in view.lines if line.key == "kind"] == ["scanner"]
    assert f"製造番号の名のり: {serial or '—'}" in note(office)
    office.fill(label="読取機 3号", owner="奉仕係")
    assert office.strip().startswith("台帳に登録しました 読取機 3号")
    show(office, Which.REGISTER)
    assert cells(office) == [
        ("読取機 3号", "スキャナ", "奉仕係", "保管中", "0c2e:0901", serial or "—"),
    ]
    assert not usb.agent.is_usable(), "the register opens nothing"
    choose(office)
    office.counter.f(10)
    office.fill(to="移動図書館")
    assert cells(office)[0][3].startswith("貸出中 移動図書館（")
    choose(office)
    assert not office.page.keys()[9].enabled, "what is lent out is not thrown away"
    office.counter.f(10)
    office.counter.f(10)
    office.settled()
    assert office.strip().startswith("返却を記録しました 読取機 3号")
    assert cells(office)[0][3] == "保管中"
    choose(office)
    office.counter.f(9)
    today = str(usb.house.library.now.date())
    office.fill(on=today, what="設定を消して業者に渡した", person="情報 守")
    assert office.strip().startswith("廃棄を記録しました 読取機 3号")
    assert cells(office)[0][3] == f"廃棄 {today}"
    choose(office)
    assert not office.page.keys()[9].enabled
    assert not office.page.keys()[10].enabled
    office.page.open_selected()
    for words in (
        "種類: スキャナ",
        "インターフェース: 03:00:00",
        "最後の貸出: 移動図書館",
        "廃棄の内容: 設定を消して業者に渡した",
        f"廃棄した人: 情報 守（{office.login}）",
    ):
        assert words in note(office), words
    office.counter.press(Qt.Key.Key_Escape)
    # enrolled by the server's clock, disposed of on the day that was typed
    show_this_month(office)
    sorts = [row[0] for row in cells(office)]
    assert (sorts.count("登録"), sorts.count("貸出")) == (1, 1)
    office.counter.f(10)
    office.fill(month=today[:7])
    (gone,) = (row for row in cells(office) if row[0] == "廃棄")
    assert gone[1] == today
    assert "読取機 3号" in gone[2]
    assert gone[3] == "設定を消して業者に渡した  情報 守"


def test_the_security_manager_looks_and_changes_nothing(usb: UsbHouse) -> None:
    usb.enrol()
    usb.plug_stick("S2")
    office = office_of(usb, "security_manager")
    office.counter.until(lambda: len(cells(office)) == 1)
    choose(office)
    assert not office.page.keys()[10].enabled
    show(office, Which.REGISTER)
    choose(office)
    assert not office.page.keys()[9].enabled
    assert not office.page.keys()[10].enabled


def test_the_rules_in_force_are_read_as_they_are_meant(usb: UsbHouse, office: Office) -> None:
    for version in (1, 2):
        text = usb.agent.sign_policy(RULES, version=version)
        answer = json.loads(usb.house.run("select account.put_usb_policy(:text)", text=text))
        assert answer["refusal"] is None
    show(office, Which.RULES)
    assert [row[1:] for row in cells(office)][1:3] == [
        ("許可 this keyboard", "id 046d:c31c interfaces 03:01:01", "the terminal has one"),
        ("遮断 telephones", "id 05ac:*", "nobody charges them here"),
    ]
    assert [row[1].split("  ")[0] for row in cells(office) if row[1].startswith("版")] == ["版 2", "版 1"]
    assert office.page.table.view().records[-1].quiet
    choose(office, 1)
    office.counter.f(10)
    assert "this keyboard" in note(office)


def with_an_exception(usb: UsbHouse) -> tuple[str, str]:
    """A clerk has used a stick; clerk and approver."""
    usb.enrol()
    counter = usb.counter()
    clerk, manager = usb.house.take_on(), usb.house.take_on("security_manager")
    counter.sign_in(clerk)
    counter.window.close_card()
    usb.plug_stick()
    ask(counter)
    approve(counter, manager)
    counter.window.devices.release()
    counter.until(lambda: not usb.agent.is_usable())
    relay = counter.window.devices._relay
    assert relay is not None
    relay.carry()
    counter.until(lambda: usb.exceptions()[0]["state"] == "ended")
    counter.close()
    return clerk, manager


def test_exceptions_and_records_are_listed_and_the_month_is_reported(usb: UsbHouse, tmp_path: Path) -> None:
    clerk, manager = with_an_exception(usb)
    usb.agent.unplug()
    office = office_of(usb)
    show(office, Which.EXCEPTIONS)
    (row,) = cells(office)
    assert row[2:6] == (usb.terminal, LABEL, f"{clerk}／{manager}", "終了（終えた）")
    choose(office)
    office.counter.f(10)
    assert f"わけ: {REASON}" in note(office)
    office.counter.press(Qt.Key.Key_Escape)
    show(office, Which.RECORDS)
    happened = [row[2] for row in cells(office)]
    assert {"例外の開始", "例外の終了", "遮断", "例外の申請"} <= set(happened)
    choose(office)
    office.counter.f(10)
    assert usb.terminal in note(office)
    office.counter.press(Qt.Key.Key_Escape)
    show_this_month(office)
    sorts = [row[0] for row in cells(office)]
    assert sorts.count("例外") == 1
    assert sorts.count("登録") == 1
    assert "記録の数" in sorts
    assert any(REASON in row[2] for row in cells(office))
    # as CSV
    file = tmp_path / "report.csv"
    office.counter.f(11)
    office.fill(file=str(file))
    assert office.strip().startswith("書き出しました")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        read = list(csv.reader(opened))
    assert read[0] == ["区分", "日時", "内容", "結果"]
    assert [tuple(row) for row in read[1:]] == cells(office)
    assert file.stat().st_mode & 0o777 == 0o600
    office.counter.f(11)
    office.fill(file=str(file))
    assert office.errors() == {"file": "その名前のファイルがもうあります。"}
    office.fill(file="report.csv")
    assert office.errors() == {"file": "/ から始まるファイル名を入れてください。"}
    office.counter.press(Qt.Key.Key_Escape)
    # and on paper
    page = office.page
    assert isinstance(page, DevicesPage)
    report = page._lists.report
    assert report is not None
    paper = device_report.document(report, office.desk.now()).toPlainText()
    assert REASON in paper
    # another month
    office.counter.f(10)
    office.fill(month="2026-13")
    assert office.errors() == {"month": "2027-03 のように入れてください。"}
    office.fill(month="202001")
    assert office.page.table.view().heading == "USB の月の報告 2020-01"


def test_a_printed_report_is_a_pdf_where_there_is_no_printer(
    usb: UsbHouse, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    show(office, Which.REPORT)
    office.counter.f(9)
    assert "PDF" in office.strip()
    (made,) = tmp_path.glob("madoguchi-usb-*.pdf")
    assert made.read_bytes().startswith(b"%PDF")


def test_a_cell_that_a_spreadsheet_would_reckon_with_is_a_text(usb: UsbHouse, office: Office) -> None:
    usb.enrol(label="=HYPERLINK(1)")
    show_this_month(office)
    page = office.page
    assert isinstance(page, DevicesPage)
    report = page._lists.report
    assert report is not None
    text = device_report.csv_text(report, office.desk.now())
    assert ",=" not in text
    assert "'=HYPERLINK(1)" in text


def test_a_report_that_cannot_be_written_leaves_no_half_file(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    with pytest.raises(UnicodeEncodeError):
        device_report.write_csv(file, "x" * 100_000 + "\udcff")
    assert not file.exists()


def test_nobody_else_reads_a_report_nor_is_a_file_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.csv"
    # as it was made, not as it was made later
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    before = os.umask(0)
    try:
        device_report.write_csv(file, "a\r\n")
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        device_report.write_csv(file, "b")
    assert file.read_bytes() == b"a\r\n"


def test_agents_that_are_silent_are_seen(usb: UsbHouse, office: Office) -> None:
    relay = office.counter.window.devices._relay
    assert relay is not None
    relay.carry()
    show(office, Which.AGENTS)

    def here() -> tuple[str, ...]:
        show(office, Which.AGENTS)
        return next(row for row in cells(office) if row[0] == usb.terminal)

    office.counter.until(lambda: here()[1] in ("保護中", "規則が古い"))
    usb.house.run("update account.usb_agent set heard_at = now() - interval '4 days'")
    assert here()[1] == "沈黙"
    others = {row[1] for row in cells(office) if row[0] != usb.terminal}
    assert others == {"USB 管理なし"}


def test_it_is_reached_by_mouse_too(usb: UsbHouse) -> None:
    office = Office(usb.house, "system_staff", agent=usb.agent.socket)
    office.counter.f(7)
    assert office.page.keys()[7].word == "USB 機器"
    office.counter.window.frame.rail.key(7).click()
    assert isinstance(office.page, DevicesPage)
    assert office.desk.rail().current == 1
    office.go_to(2)
    assert office.desk.current == 2


def test_nothing_of_it_stays_after_the_sign_out(usb: UsbHouse, office: Office) -> None:
    usb.enrol()
    show(office, Which.REGISTER)
    assert where_said(LABEL) != []
    office.counter.window.sign_out()
    office.counter.turn()
    assert where_said(LABEL) == []
