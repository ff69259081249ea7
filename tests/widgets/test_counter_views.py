"""The one banner names everything that holds."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from madoguchi.app.staff.session import ServerState
from madoguchi.widgets import counter_views as views
from madoguchi.widgets.checkin_views import drop_banner
from madoguchi.widgets.look.views import BannerTone, BannerView, Sign

MODE = drop_banner(dt.date(2026, 5, 9))
WAITS = "行に「未返却」とある資料は棚に戻さないでください"


NOW = dt.datetime(2026, 5, 12, 10, tzinfo=dt.timezone(dt.timedelta(hours=9)))


def banner(
    mode: BannerView | None, *, veiled: bool = False, line_up: bool = True, server: tuple[str, str] = ("", "")
) -> BannerView | None:
    return views.banner(mode, veiled=veiled, line_up=line_up, line_down_words=WAITS, server=server)


@pytest.mark.parametrize(
    ("mode", "veiled", "line_up"), list(product((None, MODE), (False, True), (False, True)))
)
def test_whatever_holds_is_named(mode: BannerView | None, veiled: bool, line_up: bool) -> None:
    said = banner(mode, veiled=veiled, line_up=line_up)
    words = f"{said.word}\n{said.detail}" if said is not None else ""
    # the word is painted whatever the room, the detail where there is some
    assert (said is not None and MODE.word in said.word) is (mode is not None)
    assert ("画面を隠しています" in words) is veiled
    assert ("回線断" in words, WAITS in words) == (not line_up, not line_up)


def test_nothing_holds() -> None:
    assert banner(None) is None
    assert banner(MODE) is MODE


@pytest.mark.parametrize("mode", [None, MODE])
def test_the_line_comes_first(mode: BannerView | None) -> None:
    for veiled in (False, True):
        said = banner(mode, veiled=veiled, line_up=False)
        assert said is not None
        assert (said.tone, said.sign) == (BannerTone.SYSTEM, Sign.OUTAGE)


def test_the_key_ends_what_the_clerk_can_end() -> None:
    keys = [
        (said.key, said.key_word)
        for mode, veiled, line_up in product((None, MODE), (False, True), (False, True))
        if (said := banner(mode, veiled=veiled, line_up=line_up)) is not None
    ]
    shown_again, today = ("Esc", "表示に戻す"), ("F11", "今日に戻す")
    assert keys == [("", ""), shown_again, shown_again, today, today, shown_again, shown_again]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ServerState(), ("", "")),
        (ServerState(watched=False), ("サーバーの監視が止まっています", "システム担当に連絡してください")),
        (
            ServerState(alone_since=NOW.astimezone(dt.UTC)),
            ("予備サーバーが止まっています", "5/12(火) 10:00 から・貸出は続けられます"),
        ),
        (
            ServerState(watched=False, alone_since=NOW.replace(year=2025)),
            (
                "予備サーバーと監視が止まっています",
                "2025/5/12(月) 10:00 から・貸出は続けられます・システム担当に連絡してください",
            ),
        ),
    ],
)
def test_what_is_said_of_the_server(state: ServerState, said: tuple[str, str]) -> None:
    assert views.server_words(state, NOW) == said
    alone = banner(None, server=said)
    assert (alone is None) is (said[0] == "")
    if alone is not None:
        assert (alone.word, alone.detail, alone.key) == (*said, "")


@pytest.mark.parametrize(
    ("mode", "veiled", "line_up"), list(product((None, MODE), (False, True), (False, True)))
)
def test_the_server_hides_nothing_that_holds(mode: BannerView | None, veiled: bool, line_up: bool) -> None:
    without = banner(mode, veiled=veiled, line_up=line_up)
    given = banner(mode, veiled=veiled, line_up=line_up, server=("予備", "詳しく"))
    assert given is not None
    if without is None:
        assert given.word == "予備"
    else:
        assert (given.word, given.sign, given.tone) == (without.word, without.sign, without.tone)
        assert (given.key, given.key_word) == (without.key, without.key_word)
        assert given.detail.startswith(without.detail)
        assert given.detail.endswith("予備") is line_up


@pytest.mark.parametrize(
    ("returns", "renewals", "ways", "untaken", "word", "said"),
    [
        (2, 0, 0, 0, "離席の前の続き", "返却 2点（F2）"),
        (0, 1, 0, 0, "離席の前の続き", "延長 1点（F3）"),
        (2, 1, 0, 0, "離席の前の続き", "返却 2点（F2）・延長 1点（F3）"),
        (0, 1, 0, 3, "離席の前の続き", "延長 1点（F3）・保留した読み取り 3件は処理していません"),
        (0, 1, 2, 0, "離席の前の続き", "延長 1点（F3）・取置・配送 2点（F7）"),
        (0, 0, 0, 3, "離席中の読み取り", "保留した読み取り 3件は処理していません"),
    ],
)
def test_what_was_left_over_is_counted_and_its_key_named(
    returns: int, renewals: int, ways: int, untaken: int, word: str, said: str
) -> None:
    strip = views.left_over_strip(returns, renewals, ways, untaken)
    assert (strip.word, strip.title) == (word, said)
    assert bool(strip.side_first) is bool(returns or renewals or ways)
