"""What lies behind the newest: records of the agents, exceptions, a month with more than a list holds."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.app.devices.values import RECORDS_AT_ONCE
from madoguchi.widgets.office.device_words import Which
from madoguchi.widgets.office.devices_page import DevicesPage
from tests.counter.central import House
from tests.counter.office import Office
from tests.counter.usb import UsbHouse, usb_house
from tests.counter.usb_office import cells, choose, office_of, show

HEAP = 450


@pytest.fixture
def usb(house: House, tmp_path: Path) -> Iterator[UsbHouse]:
    with usb_house(house, tmp_path) as made:
        yield made


@pytest.fixture
def office(usb: UsbHouse) -> Office:
    return office_of(usb)


def another_terminal(usb: UsbHouse) -> str:
    """The name of one without an agent."""
    return str(usb.house.run("select min(name) from account.terminal where name <> :name", name=usb.terminal))


def heap_records(usb: UsbHouse, terminal: str, on: dt.datetime, *, count: int = HEAP, epoch: int = 1) -> None:
    """The server has taken so many records, one each second from then on."""
    usb.house.run(
        "insert into account.usb_record (terminal_id, epoch, seq, at, what, text, mac, taken_at, login)"
        " select t.id, :epoch, n, m.at, 'blocked', '{\"number\": ' || n || '}', repeat('0', 64), m.at, :login"
        " from account.terminal t, generate_series(1, :count) n,"
        " lateral (select (:on)::timestamptz + n * interval '1 second' as at) m"
        " where t.name = :name returning 1",
        epoch=epoch,
        login=usb.house.take_on(),
        count=count,
        on=on.isoformat(),
        name=terminal,
    )


def heap_exceptions(usb: UsbHouse, asked_at: dt.datetime, count: int) -> None:
    """So many were asked for, one each second from then on."""
    usb.house.run(
        "insert into account.usb_exception"
        " (terminal_id, device_id, nonce, challenge, minutes, login, session_id, reason, asked_at)"
        " select t.id, d.id, replace(gen_random_uuid()::text, '-', ''), '', 15, :login, gen_random_uuid(),"
        " 'reason ' || n, (:at)::timestamptz + n * interval '1 second'"
        " from account.terminal t, account.usb_device d, generate_series(1, :count) n"
        " where t.name = :name returning 1",
        login=usb.house.take_on(),
        count=count,
        at=asked_at.isoformat(),
        name=usb.terminal,
    )


def numbers(office: Office) -> list[str]:
    """Which records are listed, by what they say."""
    return [row[3] for row in cells(office)]


def wanted(last: int, first: int) -> list[str]:
    return [f"number: {number}" for number in range(last, first - 1, -1)]


def search(office: Office, last: str = "", terminal: str = "") -> None:
    office.counter.f(9)
    office.fill(last=last, terminal=terminal)


def test_older_records_come_behind_those_that_are_there(usb: UsbHouse, office: Office) -> None:
    there = another_terminal(usb)
    heap_records(usb, there, dt.datetime(2026, 3, 10, tzinfo=dt.UTC))
    show(office, Which.RECORDS)
    search(office, terminal=there)
    assert numbers(office) == wanted(HEAP, HEAP - RECORDS_AT_ONCE + 1)
    assert office.page.table.view().count == "200件まで表示"
    choose(office, RECORDS_AT_ONCE - 1)
    selected = office.page.table.selected()
    office.counter.f(11)
    office.settled()
    assert numbers(office) == wanted(HEAP, HEAP - 2 * RECORDS_AT_ONCE + 1)
    # who read to the end of the list reads on from there
    assert office.page.table.selected() == selected
    office.counter.window.frame.rail.key(11).click()
    office.settled()
    assert numbers(office) == wanted(HEAP, 1)
    assert office.page.table.view().count == ""
    assert not office.page.keys()[11].enabled
    choose(office, HEAP - 1)
    office.counter.f(10)
    view = office.page.form.view()
    assert view is not None
    assert "number: 1" in view.note.splitlines()


def test_a_key_that_is_pressed_twice_lists_no_record_twice(usb: UsbHouse, office: Office) -> None:
    there = another_terminal(usb)
    heap_records(usb, there, dt.datetime(2026, 3, 10, tzinfo=dt.UTC))
    show(office, Which.RECORDS)
    search(office, terminal=there)
    # the second time before the first is answered
    for _ in range(2):
        office.page.keys()[11].press()
    office.settled()
    assert numbers(office) == wanted(HEAP, HEAP - 2 * RECORDS_AT_ONCE + 1)


def test_older_records_of_one_search_are_not_put_behind_another(usb: UsbHouse, office: Office) -> None:
    there = another_terminal(usb)
    heap_records(usb, there, dt.datetime(2026, 3, 10, tzinfo=dt.UTC))
    show(office, Which.RECORDS)
    search(office, terminal=there)
    page = office.page
    assert isinstance(page, DevicesPage)
    page._search({"last": "2026-03-09", "terminal": there})
    page.keys()[11].press()
    office.settled()
    assert cells(office) == []


def test_records_are_searched_by_day_and_terminal(usb: UsbHouse, office: Office) -> None:
    there = another_terminal(usb)
    # by the library's clock this is from midnight of 11 March on, and the one before is of the 10th
    midnight = dt.datetime(2026, 3, 10, 15, tzinfo=dt.UTC)
    heap_records(usb, there, midnight - dt.timedelta(seconds=2), count=3)
    heap_records(usb, usb.terminal, midnight - dt.timedelta(days=1), count=1, epoch=99)
    show(office, Which.RECORDS)
    search(office, "2026-03-11", there)
    assert numbers(office) == wanted(3, 1)
    search(office, "3/10", there)
    assert numbers(office) == wanted(1, 1)
    search(office, "2026-03-10")
    assert [(row[1], row[3]) for row in cells(office)] == [(there, "number: 1"), (usb.terminal, "number: 1")]
    assert office.page.table.view().note.startswith("2026-03-10 までに届いたもの。")
    # what was searched is asked anew, and stands in the form
    office.counter.f(8)
    office.settled()
    assert len(cells(office)) == 2
    office.counter.f(9)
    assert office.page.form.values() == {"last": "2026-03-10", "terminal": ""}
    office.fill(last="2026-02-30", terminal="")
    assert list(office.errors()) == ["last"]
    office.fill(last="1950-01-01", terminal="")
    assert cells(office) == []
    search(office)
    assert len(cells(office)) >= 4


def test_records_under_two_keys_of_one_agent_are_all_listed(usb: UsbHouse, office: Office) -> None:
    there = another_terminal(usb)
    for epoch in (1, 2):
        heap_records(usb, there, dt.datetime(2026, 3, 10 + epoch, tzinfo=dt.UTC), count=2, epoch=epoch)
    show(office, Which.RECORDS)
    search(office, terminal=there)
    assert numbers(office) == wanted(2, 1) * 2


def test_exceptions_before_the_newest_are_found_by_their_month(usb: UsbHouse, office: Office) -> None:
    usb.enrol()
    heap_exceptions(usb, dt.datetime(2025, 12, 31, 14, 59, 0, tzinfo=dt.UTC), 59)
    heap_exceptions(usb, dt.datetime(2025, 12, 31, 15, 0, 0, tzinfo=dt.UTC), 230)
    show(office, Which.EXCEPTIONS)
    assert [row[0] for row in cells(office)] == [str(number) for number in range(289, 89, -1)]
    office.counter.f(9)
    office.fill(month="2025-12")
    assert [row[0] for row in cells(office)] == [str(number) for number in range(59, 0, -1)]
    assert office.page.table.view().note.startswith("2025-12 に申請したもの全部。")
    choose(office, 58)
    office.counter.f(10)
    view = office.page.form.view()
    assert view is not None
    assert "わけ: reason 1" in view.note.splitlines()
    office.counter.f(10)
    office.counter.window.frame.rail.key(9).click()
    office.fill(month="x")
    assert office.errors() == {"month": "2027-03 のように入れてください。"}
    office.fill(month="202601")
    assert len(cells(office)) == 230
    office.counter.f(9)
    office.fill(month="")
    assert len(cells(office)) == 200


def test_the_report_is_of_the_whole_month(usb: UsbHouse, office: Office, tmp_path: Path) -> None:
    usb.enrol()
    # a second before the month, and its last second
    heap_records(usb, another_terminal(usb), dt.datetime(2025, 12, 31, 14, 59, 58, tzinfo=dt.UTC))
    heap_records(usb, usb.terminal, dt.datetime(2026, 1, 31, 14, 59, 58, tzinfo=dt.UTC), count=5, epoch=99)
    heap_exceptions(usb, dt.datetime(2025, 12, 31, 14, 59, 58, tzinfo=dt.UTC), 231)
    show(office, Which.REPORT)
    office.counter.f(10)
    office.fill(month="2026-01")
    found = cells(office)
    assert sum(row[0] == "例外" for row in found) == 230
    assert [row[2:] for row in found if row[0] == "記録の数"] == [("遮断", str(HEAP - 1 + 1))]
    file = tmp_path / "report.csv"
    office.counter.f(11)
    office.fill(file=str(file))
    with file.open(encoding="utf-8-sig", newline="") as opened:
        assert [tuple(row) for row in csv.reader(opened)][1:] == found
