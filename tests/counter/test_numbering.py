"""The library's numbering on its page: seen, tried, changed with both values on record, and worked with."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt

from madoguchi.app.office.values import OfficeRefusal, Setting
from madoguchi.app.server.central import CentralServer
from madoguchi.barcode.code_plan import TRAINING_PLAN, plan_text, read_plan
from madoguchi.barcode.commands import Command, command_text
from madoguchi.barcode.symbology import CodePlan, ItemCode, PatronCode, parse
from madoguchi.barcode.wedge import WedgeSettings
from madoguchi.widgets.office.page import NUMBERING
from tests.counter.central import House
from tests.counter.harness import Counter, where_said
from tests.counter.office import Office

ANOTHER = CodePlan((*TRAINING_PLAN.rules[:1], TRAINING_PLAN.rules[2]))


def _open(house: House, role: str = "system_staff", place: int = 0) -> Office:
    office = Office(house, role, place=place)
    office.go_to(3)
    office.counter.f(11)
    office.settled()
    assert office.desk.current == NUMBERING
    return office


def _plan(counter: Counter) -> CodePlan:
    """What whoever is signed in works with."""
    session = counter.window.pages.session
    assert session is not None
    return session.plan


def _tried(office: Office, text: str) -> str:
    """What the box says below what stands in it."""
    office.page.form.set_values({"try": text})
    office.page.form.edited.emit("try")
    return _said(office)


def _said(office: Office) -> str:
    view = office.page.form.view()
    assert view is not None
    return next(line.hint for line in view.lines if line.key == "try")


def test_how_a_text_is_read_is_said_while_it_is_typed_and_scanned(house: House) -> None:
    office = _open(house, "security_manager")
    assert {9, 10, 11} & office.counter.live_keys() == set()
    assert [cells[0] for cells in office.rows().values()] == ["資料番号", "利用者番号", "職員番号（カード）"]
    office.counter.f(7)
    assert "保存されません" in _said(office)
    assert _tried(office, "1000000016").startswith("資料番号と読みます：1000000016")
    assert "チェックデジットが違います" in _tried(office, "1000000019")
    assert "利用者番号に似ていますが、けた数が違います" in _tried(office, "200000001")
    assert "ISBN と読みます：9784003101018" in _tried(office, "978-4-00-310101-8")
    assert "06541-02　本体価格 743" in _tried(office, "491006541022400743")
    assert "ISSN と読みます：0317-8471" in _tried(office, "9770317847001")
    assert "価格バーコード" in _tried(office, "1920193006006")
    assert "どの番号の形でもありません" in _tried(office, "こんにちは")
    assert "保存されません" in _tried(office, "")
    # typed, key by key
    office.page.form.start()
    for key in "1000000016":
        office.counter.press(Qt.Key(ord(key)), key)
    # the last key is held until it is no scanner's
    office.counter.until(lambda: _said(office).startswith("資料番号と読みます"))
    # scanned, whatever stood there before; a command is named without what stands before it
    office.counter.scan("A2000000011A")
    assert _said(office).startswith("利用者番号と読みます：2000000011")
    prefix = house.run("select command_prefix from policy")
    office.counter.scan(command_text(Command.UNDO, prefix))
    assert _said(office) == "操作コードと読みます：UNDO"
    office.counter.press(Qt.Key.Key_Escape)
    assert where_said("2000000011", prefix) == []
    # without a form open, a scan opens the box
    office.counter.scan("1000000016")
    assert _said(office).startswith("資料番号と読みます：1000000016")


def test_a_rule_is_added_tried_before_and_known_at_the_next_sign_in(house: House) -> None:
    office = _open(house)
    number = "F12345674"
    office.counter.f(9)
    office.page.form.set_values(
        {"symbology": "code-39", "prefix": "f", "length": "9", "check": "modulus-10-weight-2-1-split"}
    )
    body = "F1234567"
    assert "付けられません" in _tried(office, number), "letters have no such check digit"
    office.page.form.set_values({"check": "modulus-43"})
    digit = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
    number = body + digit[sum(map(digit.index, body)) % 43]
    assert _tried(office, number).startswith(f"資料番号と読みます：{number}")
    assert house.run("select numbering from policy") == ""
    office.counter.f(10)
    office.settled()
    assert not office.page.has_form()
    kept = read_plan(house.run("select numbering from policy"))
    assert kept.rules[:3] == TRAINING_PLAN.rules
    assert parse(number, kept) == ItemCode(number)
    subject = house.run(
        "select subject from audit.record where act = 'setting' and chain = 0 order by seq desc limit 1"
    )
    subject = json.loads(subject) if isinstance(subject, str) else subject
    assert (subject["old"]["numbering"], subject["new"]["numbering"]) == ("", plan_text(kept))
    office.go_to(3)
    office.counter.f(9)
    office.settled()
    (change,) = [cells for cells in office.rows().values() if cells[3] == "番号体系"]
    assert change[1] == office.login
    assert "F… 9けた" in change[5]
    # whoever signs in now works with it, and the terminal knows it before the next one does
    counter = house.counter(place=1)
    assert counter.window.scans.plan == TRAINING_PLAN
    counter.sign_in(house.take_on())
    assert parse(number, _plan(counter)) == ItemCode(number)
    assert _plan(counter).command_prefix
    counter.f(12)
    counter.settled()
    assert counter.window.scans.plan == kept
    assert counter.window.scans.knows(number)


def test_what_could_be_two_things_is_refused_with_the_reason(house: House) -> None:
    office = _open(house)
    office.counter.f(9)
    office.page.form.set_values({"means": "patron", "prefix": "1"})
    assert "まだ読めません" in _tried(office, "1000000016")
    office.fill(length="10")
    view = office.page.form.view()
    assert view is not None
    assert "どちらにもなります：資料番号 1… 10けた NW-7" in view.message
    assert "利用者番号 1… 10けた" in view.message
    office.fill(length="13", prefix="4")
    view = office.page.form.view()
    assert view is not None
    assert "本や雑誌" in view.message
    office.fill(length="x", prefix="3")
    assert set(office.errors()) == {"length"}
    # the databases keep no longer number
    office.fill(length="21")
    assert "20けたまで" in office.errors()["length"]
    office.fill(length="12", start="E")
    assert set(office.errors()) == {"start"}
    office.fill(start="A", check="modulus-43")
    assert set(office.errors()) == {"check"}
    assert house.run("select numbering from policy") == ""


def test_a_number_too_short_for_timing_is_taken_and_said(house: House) -> None:
    least = WedgeSettings().min_length
    office = _open(house)
    office.counter.f(9)
    view = office.page.form.view()
    assert view is not None
    assert f"{least}けたより短い番号は" in next(line.hint for line in view.lines if line.key == "length")
    office.fill(prefix="3", length=str(least - 1))
    assert not office.page.has_form()
    assert "覚えたスキャナだけが読みます" in office.strip()
    office.counter.f(9)
    office.fill(prefix="4", length=str(least))
    assert "覚えたスキャナだけが読みます" not in office.strip()
    assert len(read_plan(house.run("select numbering from policy")).rules) == len(TRAINING_PLAN.rules) + 2


def test_a_rule_is_changed_and_removed_but_never_the_last(house: House) -> None:
    office = _open(house)
    office.choose("1")
    office.counter.press(Qt.Key.Key_Return, "\r")
    office.fill(check="7dr")
    assert [cells[4] for cells in office.rows().values()][1] == "7DR"
    office.choose("2")
    office.counter.f(11)
    assert office.page.has_form()
    office.counter.f(10)
    office.settled()
    plan = read_plan(house.run("select numbering from policy"))
    assert parse("2000000015", plan) == PatronCode("2000000015")
    office.choose("1")
    office.counter.f(11)
    office.counter.f(10)
    office.settled()
    office.choose("0")
    office.counter.f(11)
    office.counter.f(10)
    office.settled()
    view = office.page.form.view()
    assert view is not None
    assert "規則は1〜20個です" in view.message
    assert len(read_plan(house.run("select numbering from policy")).rules) == 1


def test_nobody_undoes_a_colleague_unseen_and_half_a_rule_waits_for_its_writer(house: House) -> None:
    first, second = _open(house), _open(house, place=1)
    first.counter.come_to_front()
    first.counter.f(9)
    first.fill(prefix="3")
    second.counter.come_to_front()
    second.counter.f(9)
    second.fill(prefix="4")
    view = second.page.form.view()
    assert view is not None
    assert "ほかの人が先に変えました" in view.message
    typed = second.page.form.values()
    second.counter.f(12)
    second.counter.settled()
    second.counter.try_to_sign_in(second.login)
    second.counter.until(lambda: second.counter.window.office is not None)
    second.settled()
    assert second.desk.current == NUMBERING
    assert second.page.form.values() == typed


def test_a_plan_that_nobody_can_read_leaves_the_one_that_was_learned(house: House) -> None:
    house.run("update policy set numbering = :plan", plan=plan_text(ANOTHER))
    counter = house.counter()
    counter.sign_in(house.take_on())
    counter.f(12)
    counter.settled()
    assert counter.window.scans.plan == ANOTHER
    house.run("update policy set numbering = :plan", plan='{"rules":[{}]}')
    counter.sign_in(house.take_on())
    counter.f(12)
    counter.settled()
    assert counter.window.scans.plan == ANOTHER


@pytest.mark.parametrize("name", ["printed_items_from", "printed_cards_from"])
@pytest.mark.parametrize("serial", ["40000", "50000000"])
def test_where_the_librarys_own_labels_begin_can_be_set(house: House, name: str, serial: str) -> None:
    office = Office(house, "system_staff")
    server = office.counter.server
    assert isinstance(server, CentralServer)
    setting = Setting("policy", "", name, "0", yes_or_no=False, least=0, most=999_999_999)
    answers: list[object] = []
    office.counter.window.worker.ask(
        lambda connected: connected.office.set_setting(setting, serial), answers.append
    )
    office.counter.until(lambda: bool(answers))
    assert answers == [None]
    assert house.run(f"select {name} from policy") == int(serial)


def test_a_rule_is_taken_away_by_what_it_is_and_not_by_its_place(house: House) -> None:
    first, second, third = _open(house), _open(house, place=1), _open(house, place=2)
    for office, place in ((second, "1"), (third, "1")):
        office.counter.come_to_front()
        office.choose(place)
        office.counter.f(11)
    first.counter.come_to_front()
    first.choose("0")
    first.counter.f(11)
    first.counter.f(10)
    first.settled()
    second.counter.come_to_front()
    second.counter.f(10)
    second.settled()
    assert second.page.has_form(), "a colleague was first"
    second.counter.f(10)
    second.settled()
    (left,) = read_plan(house.run("select numbering from policy")).rules
    assert left == TRAINING_PLAN.rules[2]
    third.counter.come_to_front()
    third.counter.f(10)
    third.settled()
    third.counter.f(10)
    third.settled()
    view = third.page.form.view()
    assert view is not None
    assert "この規則は、もうありません" in view.message
    assert read_plan(house.run("select numbering from policy")).rules == (left,)


@pytest.mark.parametrize(
    "text",
    ["", "x", "[]", "{}", '{"rules": []}', '{"rules": 1}', '"rules"', '{"rules": ["' + "x" * 4000 + '"]}'],
)
def test_the_server_takes_no_text_that_is_no_plan(house: House, text: str) -> None:
    office = Office(house, "system_staff")
    server = office.counter.server
    assert isinstance(server, CentralServer)
    setting = Setting("policy", "", "numbering", "", yes_or_no=False, least=0, most=0)
    answers: list[object] = []
    office.counter.window.worker.ask(
        lambda connected: connected.office.set_setting(setting, text), answers.append
    )
    office.counter.until(lambda: bool(answers))
    assert answers == [OfficeRefusal.BAD_VALUE]
    assert house.run("select numbering from policy") == ""


def test_a_plan_that_nobody_could_read_is_passed_over(house: House) -> None:
    house.run("""update policy set numbering = '{"rules":[{"means":"moon"}]}'""")
    counter = house.counter(place=1)
    counter.sign_in(house.take_on())
    assert _plan(counter).rules == TRAINING_PLAN.rules
    office = _open(house)
    assert "読めません" in office.page.table.view().note
    office.choose("0")
    office.counter.f(10)
    office.fill(check="7dr")
    assert read_plan(house.run("select numbering from policy")).rules[1:] == TRAINING_PLAN.rules[1:]


def test_a_terminals_own_plan_goes_before_the_librarys(house: House) -> None:
    own = plan_text(TRAINING_PLAN).replace('"prefix":"1"', '"prefix":"5"')
    house.run(
        "update account.terminal set settings = jsonb_build_object('scanner', cast(:own as jsonb))", own=own
    )
    counter = house.counter(place=1)
    counter.sign_in(house.take_on())
    assert _plan(counter).rules[0].prefix == "5"
