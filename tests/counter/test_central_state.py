"""What the counter says of the central server while it is open: banners, and a limit of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.counter.central import House
from tests.counter.harness import Counter


def look(counter: Counter) -> None:
    """The minute is over."""
    counter.window._looker.look()
    counter.settled()


def test_the_second_host_and_the_watcher_are_told_of_while_nothing_matters_more(house: House) -> None:
    gate = house.gate()
    counter = house.open_counter(gate)
    counter.sign_in(house.take_on())
    counter.settled()
    assert counter.banner_text() == ""
    house.run("update watch.state set alone_since = now()")
    look(counter)
    assert counter.banner_text().startswith("予備サーバーが止まっています ")
    assert counter.banner_text().endswith("から・貸出は続けられます")
    house.run("update watch.state set beat_at = now() - interval '2 minutes'")
    look(counter)
    assert counter.banner_text().startswith("予備サーバーと監視が止まっています ")
    house.run("update watch.state set alone_since = null")
    look(counter)
    assert counter.banner_text() == "サーバーの監視が止まっています システム担当に連絡してください"
    # a mode of the clerk's comes first, and is ended as ever
    counter.f(2)
    counter.f(11)
    assert counter.banner_text().startswith("返却ポスト処理中")
    assert counter.banner_text().endswith("サーバーの監視が止まっています")
    counter.f(11)
    assert counter.banner_text().startswith("サーバーの監視")
    counter.press(Qt.Key.Key_Escape)
    assert counter.banner_text().startswith("画面を隠しています")
    counter.press(Qt.Key.Key_Escape)
    # and so does the line
    gate.cut = True
    counter.scan(house.library.item())
    counter.until(lambda: counter.banner_text().startswith("回線断"))
    gate.cut = False
    counter.until(lambda: counter.banner_text().startswith("サーバーの監視"))
    house.beat()
    look(counter)
    assert counter.banner_text() == ""


def test_a_login_that_opens_too_many_patrons_is_told_who_helps(house: House) -> None:
    counter = house.counter()
    counter.sign_in(house.take_on())
    house.run("update account.rule set views_an_hour = 1")
    counter.open_visit(house.library.patron())
    counter.f(11)
    counter.scan(house.library.patron())
    counter.until(lambda: counter.strip().word == "利用者情報の表示回数が上限を超えました")
