"""What the top bar and the banner say of USB: every state has words of its own, and they fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from madoguchi.device_control.channel import AgentState, DeviceSeen, Shortfall
from madoguchi.device_control.decide import Why
from madoguchi.device_control.device import InterfaceClass
from madoguchi.widgets import device_words as words
from madoguchi.widgets import usb_standing
from madoguchi.widgets.look.views import BannerTone, BannerView, Sign
from tests.widgets.look.samples import TOP
from tests.widgets.look.scenes import PAGES
from tests.widgets.look.stage import theme
from tests.widgets.look.test_every_size import SCALES, SIZES, _not_whole

STICK = DeviceSeen(
    "1", "1-1", 0x0951, 0x1666, "S1", "Kingston", "DataTraveler", (InterfaceClass(8, 6, 0x50),),
    False, False, "", Why.NO_RULE, "0" * 64,
)  # fmt: skip
GOOD = AgentState(True, (), "counters", "1番窓口", 3, 0)


def unprotected(*why: Shortfall) -> usb_standing.Standing:
    return usb_standing.Standing(True, replace(GOOD, is_protected=False, why=tuple(sorted(why))))


STANDINGS = (
    usb_standing.Standing(),
    usb_standing.Standing(True),
    usb_standing.Standing(True, GOOD),
    *map(unprotected, (Shortfall.NO_FLOOR, Shortfall.USBGUARD, Shortfall.RESCUE)),
    usb_standing.Standing(True, replace(GOOD, why=(Shortfall.NO_POLICY,))),
    usb_standing.Standing(True, replace(GOOD, why=(Shortfall.JOURNAL_FULL,))),
    usb_standing.Standing(True, GOOD, (STICK, STICK)),
    usb_standing.Standing(True, GOOD, (), 3599),
)


def test_every_state_is_told_from_every_other() -> None:
    said = [usb_standing.indicator(standing).word for standing in STANDINGS]
    assert len(set(said)) == len(said)
    quiet = [usb_standing.indicator(standing).ok for standing in STANDINGS]
    assert quiet == [True, False, True, *[False] * 7]


def test_what_opens_a_terminal_is_said_before_what_closes_it() -> None:
    both = unprotected(Shortfall.JOURNAL_FULL, Shortfall.NO_FLOOR, Shortfall.NO_POLICY)
    assert usb_standing.indicator(both) == usb_standing.indicator(unprotected(Shortfall.NO_FLOOR))


def test_on_windows_nobody_is_sent_to_look_for_a_parameter_of_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    standing = unprotected(Shortfall.NO_FLOOR, Shortfall.NO_POLICY)
    here = usb_standing.indicator(standing).word
    monkeypatch.setattr(usb_standing, "ON_WINDOWS", True)
    assert "Windows" in usb_standing.indicator(standing).word != here
    said = usb_standing.whole_why((Shortfall.NO_FLOOR, Shortfall.NO_POLICY))
    assert "usbcore" not in said
    assert said.count("。") == 3


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", ["checkout", "returns"])
def test_all_of_it_fits_at_every_size(qtbot: QtBot, size: tuple[int, int], page: str) -> None:
    scene = PAGES[page](theme(), size)
    qtbot.addWidget(scene.frame)
    with qtbot.waitExposed(scene.frame):
        scene.frame.show()
    for scale in SCALES:
        scene.frame.set_theme(theme(scale=scale))
        for standing in STANDINGS:
            view = usb_standing.with_devices(None, usb_standing.banner(standing, warned=True))
            told = usb_standing.says_it(view, standing)
            scene.frame.top_bar.set_view(
                replace(TOP, usb=replace(usb_standing.indicator(standing), told=told))
            )
            scene.frame.set_banner(view)
            assert _not_whole(scene) == [], (scale, standing)


def test_the_banner_gives_way_to_a_mode_and_is_named_in_it() -> None:
    said = usb_standing.banner(usb_standing.Standing(True, GOOD, (STICK,)), warned=False)
    mode = BannerView(BannerTone.CLERK, Sign.BOOK_DROP, "返却ポスト", "5月11日の分", "F11", "終える")
    both = usb_standing.with_devices(mode, said)
    assert both is not None
    assert (both.word, both.key) == ("返却ポスト", "F11")
    assert both.detail == "USB 機器を遮断・5月11日の分"
    alone = usb_standing.with_devices(None, said)
    assert alone is not None
    assert "「Kingston DataTraveler」" in alone.detail
    assert alone.key == usb_standing.DEVICES_KEY
    assert usb_standing.with_devices(mode, ("", "")) is mode


@pytest.mark.parametrize("why", list(Why))
def test_every_reason_has_its_sentence(why: Why) -> None:
    device = replace(STICK, why=why, rule="rule {x}")
    assert words.why(device)
    assert words.details(device).count("\n") >= 9
    assert words.what_to_do(device)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("list.csv", "list.csv"),
        ("a/" * 19 + "bc", "a/" * 19 + "bc"),
        (
            "holiday pictures of the whole of last year.pdf.exe",
            "…tures of the whole of last year.pdf.exe",
        ),
        ("deep/" * 20 + "名簿.csv", "…" + ("deep/" * 20 + "名簿.csv")[-39:]),
        ("x" * 60 + "\u202egpj.exe", "…" + "x" * 24 + "<U+202E>gpj.exe"),
    ],
)
def test_of_a_long_path_the_end_is_shown(path: str, shown: str) -> None:
    assert words.show_path(path) == shown
    assert len(shown) <= 40
