"""The pages of system staff and the security manager: a real server, the real window, by keyboard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from madoguchi.app.admin.audit_export import check_export, digest_of
from madoguchi.app.training.situations import staff_number
from madoguchi.barcode.scan import Scan, Source
from tests.counter.central import Gate, House
from tests.counter.harness import unique, where_said
from tests.counter.office import Office


def test_a_person_is_taken_on_and_signs_in_with_the_password_that_was_shown_once(house: House) -> None:
    office = Office(house, "system_staff")
    office.go_to(2)
    office.counter.f(9)
    office.fill(login="9", name="", role="contract_staff", last_day="32/13")
    assert set(office.errors()) == {"login", "name", "branches", "last_day"}
    login = "shinjin_1"
    house.people.append(login)
    office.fill(login=login, name="新人 一子", role="counter_staff", last_day="")
    view = office.page.form.view()
    assert view is not None
    password = view.shown
    assert len(password) == 19
    office.counter.f(10)
    office.settled()
    assert not office.page.has_form()
    assert office.rows()[login][:3] == (login, "新人 一子", "窓口職員")
    assert office.rows()[login][-1] == "仮パスワード"
    other = house.counter(place=1)
    other.try_to_sign_in(login, password)
    other.until(other.window.sign_in.new_password.isVisible)
    assert house.run(f"select count(*) from audit.record where subject ->> 'login' = '{login}'") == 1


def test_an_account_is_changed_reset_and_ended(house: House) -> None:
    clerk = house.take_on()
    at_work = house.counter(place=1)
    at_work.sign_in(clerk)
    office = Office(house, "system_staff")
    office.go_to(2)
    office.choose(clerk)
    office.counter.f(10)
    office.counter.scan(staff_number(7))
    assert office.page.form.values()["card"] == staff_number(7)
    office.fill(last_day="2099/3/31")
    cells = office.rows()[clerk]
    assert cells[4] == "2099-03-31"
    assert house.run(f"select card_number from staff where login = '{clerk}'") == staff_number(7)
    office.choose(office.login)
    office.counter.f(10)
    office.fill(card=staff_number(7))
    view = office.page.form.view()
    assert view is not None
    assert "ほかの職員のもの" in view.message
    office.counter.press(Qt.Key.Key_Escape)
    office.choose(clerk)
    office.counter.f(10)
    office.fill(new="reset")
    assert office.page.form.view().shown  # type: ignore[union-attr]
    # both windows are in this process, and hear each other's scanners
    at_work.window.take(Scan(house.library.patron(), Source.WEDGE, 0.0))
    at_work.until(lambda: at_work.window.page is None)
    office.counter.f(10)
    assert office.rows()[clerk][-1] == "仮パスワード"
    office.choose(clerk)
    office.counter.f(11)
    assert not house.run(f"select disabled_at is not null from account.state where login = '{clerk}'")
    office.counter.f(10)
    office.settled()
    assert office.rows()[clerk][-1] == "停止"
    assert "停止しました" in office.strip()


def test_a_terminal_is_set_with_both_values_on_record_and_revoked(house: House) -> None:
    office = Office(house, "system_staff")
    name = house.run("select name from account.terminal where revoked_at is null order by id desc limit 1")
    office.choose(name)
    office.counter.press(Qt.Key.Key_Return, "\r")
    office.fill(idle_seconds="5", usb_group="Counters", virus_check="clamdscan {file}")
    assert set(office.errors()) == {"idle_seconds", "usb_group", "virus_check"}
    check = ["/usr/bin/clamdscan", "--fdpass", "--log=/var/log/my checks", "{file}"]
    office.fill(
        idle_seconds="１２０",
        receipt_printer="受付のプリンター",
        usb_group="branch-counters",
        virus_check="/usr/bin/clamdscan --fdpass '--log=/var/log/my checks' {file}",
    )
    said = office.rows()[name][-1]
    assert all(word in said for word in ("離席 120秒", "USB の組 branch-counters", "ウイルス検査あり"))
    subject = house.run(
        "select subject from audit.record where act = 'setting' and chain = 0 order by seq desc limit 1"
    )
    subject = json.loads(subject) if isinstance(subject, str) else subject
    assert subject["old"]["settings"] == {}
    assert subject["new"]["settings"] == {
        "idle_seconds": 120,
        "receipt_printer": "受付のプリンター",
        "usb_group": "branch-counters",
        "virus_check": check,
    }
    # what stands there is what was typed, and stays where nothing is changed
    office.choose(name)
    office.counter.press(Qt.Key.Key_Return, "\r")
    assert office.page.form.values()["virus_check"].startswith("/usr/bin/clamdscan --fdpass '--log")
    office.fill(idle_seconds="", receipt_printer="", usb_group="")
    kept = house.run(f"select settings::text from account.terminal where name = '{name}'")
    assert json.loads(kept) == {"virus_check": check}
    office.choose(name)
    office.counter.f(11)
    assert office.page.has_form()
    office.counter.press(Qt.Key.Key_Escape)
    assert house.run(f"select revoked_at is null from account.terminal where name = '{name}'")
    office.counter.f(11)
    office.counter.f(10)
    office.settled()
    assert office.rows()[name][2] == "登録取消"


def test_a_setting_is_changed_from_what_is_seen_and_nobody_undoes_a_colleague_unseen(house: House) -> None:
    first, second = Office(house, "system_staff"), Office(house, "system_staff", place=1)
    for office in (second, first):
        office.counter.come_to_front()
        office.go_to(3)
        office.choose("policy  undo_minutes")
        office.counter.f(10)
    first.fill(value="0")
    assert first.errors() == {"value": "1〜120"}
    first.fill(value="15")
    assert "10 → 15" in first.strip()
    assert house.run("select undo_minutes from policy") == 15
    second.counter.come_to_front()
    second.fill(value="20")
    view = second.page.form.view()
    assert view is not None
    assert "ほかの人が先に変えました" in view.message
    assert house.run("select undo_minutes from policy") == 15
    second.counter.press(Qt.Key.Key_Escape)
    second.counter.f(9)
    second.settled()
    (change,) = [cells for cells in second.rows().values() if "返却を取り消せる" in cells[3]]
    assert (change[1], change[4], change[5]) == (first.login, "10", "15")


def test_the_manager_searches_verifies_and_takes_the_audit_along(house: House, tmp_path: Path) -> None:
    clerk = house.take_on()
    counter = house.counter(place=1)
    counter.sign_in(clerk)
    card = house.library.patron()
    counter.open_visit(card)
    office = Office(house, "security_manager")
    office.counter.f(9)
    office.fill(first="nonsense", last="2099-99-99")
    assert set(office.errors()) == {"first", "last"}
    office.fill(first="", last="", who=clerk, act="sign-in")
    assert [cells[1:3] for cells in office.rows().values()] == [(clerk, "サインイン")]
    office.counter.f(9)
    office.fill(what="views", act="", card=card)
    assert [cells[1] for cells in office.rows().values()] == [clerk]
    office.counter.f(11)
    office.settled()
    assert "問題はありません" in office.strip()
    file = tmp_path / "audit.jsonl"
    office.counter.f(10)
    office.fill(first="", last="", file="relative.jsonl")
    assert set(office.errors()) == {"file"}
    office.fill(first="", last="", file=str(file))
    office.counter.until(lambda: "書き出しました" in office.strip())
    assert check_export(file, None) == []
    noted = house.run("select subject ->> 'sha256' from audit.record where act = 'audit export'")
    assert noted == digest_of(file)
    file.write_bytes(file.read_bytes().replace(b"sign-in", b"sign-on", 1))
    assert check_export(file, None) != []
    office.counter.f(10)
    office.fill(first="", last="", file=str(file))
    office.counter.until(lambda: "書き出せません" in office.strip())


def test_the_manager_unlocks_and_may_change_nothing_else(house: House) -> None:
    clerk = house.take_on()
    house.run(f"update account.state set locked_until = now() + interval '1 hour' where login = '{clerk}'")
    office = Office(house, "security_manager")
    office.go_to(2)
    office.choose(clerk)
    assert {9, 11} & office.counter.live_keys() == set()
    assert office.rows()[clerk][-1] == "ロック中"
    office.counter.f(10)
    office.counter.f(10)
    office.settled()
    assert office.rows()[clerk][-1] == "仮パスワード" or office.rows()[clerk][-1] == "使用中"
    office.go_to(3)
    assert 10 not in office.counter.live_keys()
    office.go_to(1)
    assert {9, 10, 11} & office.counter.live_keys() == set()


def test_what_is_half_typed_on_any_page_waits_for_its_writer_and_nobody_else(house: House) -> None:
    office = Office(house, "system_staff")
    typed = {}
    name = unique("半分")
    for page, opens, values in (
        (1, 10, {"receipt_printer": name}),
        (2, 9, {"login": "shinjin_9", "name": name, "role": "contract_staff"}),
        (3, 10, {"value": "17"}),
    ):
        office.go_to(page)
        office.counter.f(opens)
        office.page.form.set_values(values)
        typed[page] = office.page.form.values()
    office.counter.f(12)
    office.counter.settled()
    assert where_said("shinjin_9", name) == []
    assert house.open_sessions(office.login) == 0
    colleague = house.take_on("system_staff")
    office.counter.try_to_sign_in(colleague)
    office.counter.until(lambda: office.counter.window.office is not None)
    office.counter.settled()
    assert where_said("shinjin_9", name) == []
    office.counter.f(12)
    office.counter.try_to_sign_in(office.login)
    office.counter.until(office.counter.window.sign_in.offer.isVisible)
    office.counter.pass_guard()
    office.counter.f(10)
    office.counter.until(lambda: office.counter.window.office is not None)
    office.settled()
    assert office.desk.current == 3
    for page in (3, 2, 1):
        office.go_to(page)
        assert office.page.form.values() == typed[page], page


def test_a_lock_while_an_answer_is_under_way_shows_it_to_nobody(house: House) -> None:
    office = Office(house, "system_staff")
    counter, gate = office.counter, office.counter.server
    assert isinstance(gate, Gate)
    office.go_to(2)
    login = house.take_on()
    house.run(f"update staff set name = '{(name := unique('氏名'))}' where login = '{login}'")
    office.choose(office.login)
    office.counter.f(10)
    office.page.form.set_values({"new": "leave", "last_day": "2099-01-01"})
    gate.shut()
    counter.f(10)
    counter.f(12)
    counter.turn()
    assert counter.window.away.leaving
    assert where_said(name) == []
    gate.let_go()
    counter.until(lambda: not counter.window.away.leaving)
    counter.settled()
    assert counter.window.frame.centre() is None
    assert where_said(name) == []
    # the window goes on as before, for them and for a counter's clerk
    office.sign_in()
    assert counter.window.office is not None
    counter.f(12)
    counter.sign_in(house.take_on())
    assert house.run(f"select active_until from staff where login = '{office.login}'").year == 2099


def test_a_list_that_does_not_come_holds_nobody_up(house: House) -> None:
    office = Office(house, "security_manager")
    gate = office.counter.server
    assert isinstance(gate, Gate)
    gate.cut = True
    office.counter.f(11)
    office.counter.until(lambda: "検証が時間内に終わりません" in office.strip())
    gate.cut = False
    office.settled()
    # nothing of it is asked again
    assert office.page.table.view().heading == "監査記録"
    office.counter.f(8)
    office.settled()


def test_an_export_onto_a_stick_that_knows_no_links(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_names: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", no_links)
    office = Office(house, "security_manager")
    file = tmp_path / "audit.jsonl"
    office.counter.f(10)
    office.fill(first="", last="", file=str(file))
    office.counter.until(lambda: "書き出しました" in office.strip())
    assert check_export(file, None) == []
    assert [path.name for path in tmp_path.iterdir()] == ["audit.jsonl"]
    # closed in the middle of the next one
    office.counter.f(10)
    office.page.form.set_values({"first": "", "last": "", "file": str(tmp_path / "next.jsonl")})
    office.counter.f(10)
    office.counter.close()
    assert [path.name for path in tmp_path.iterdir()] == ["audit.jsonl"]


def test_a_counter_clerks_work_waits_too_and_the_office_is_not_theirs(house: House) -> None:
    office = Office(house, "system_staff")
    office.counter.f(12)
    counter = office.counter
    counter.sign_in(house.take_on())
    assert counter.window.office is None
    counter.f(4)
    counter.f(6)
    assert counter.window.page is not None


def test_the_line_goes_down_in_the_middle_of_a_change(house: House) -> None:
    office = Office(house, "system_staff")
    gate = office.counter.server
    assert isinstance(gate, Gate)
    office.go_to(3)
    office.choose("policy  max_renewals")
    office.counter.f(10)
    gate.lose_answers = True
    office.page.form.set_values({"value": "2"})
    office.counter.f(10)
    office.counter.until(lambda: "行われたかどうか分かりません" in office.strip())
    assert office.page.has_form()
    gate.cut = False
    office.settled()
    # it was done, and is not done again: what is listed says so
    assert house.run("select max_renewals from policy") == 2
    office.counter.press(Qt.Key.Key_Escape)
    office.counter.until(lambda: office.rows()["policy  max_renewals"][2] == "2")


def test_every_page_is_there_with_what_it_lists(house: House) -> None:
    office = Office(house, "security_manager")
    for key in (1, 2, 3, 4, 5, 6):
        office.go_to(key)
        view = office.page.table.view()
        assert view.heading
        # nothing was reported, and the library's day is not the server's own
        assert view.records or key in (4, 5)
    assert {cells[0] for cells in office.rows().values()} == clauses_of_the_document()


def clauses_of_the_document() -> set[str]:
    """The clauses in docs/compliance.md."""
    lines = Path("docs/compliance.md").read_text(encoding="utf-8").split("##")[0].splitlines()
    rows = [line.split("|")[1].strip() for line in lines if line.startswith("| ")]
    return {row for row in rows if row not in ("clause", "---")}
