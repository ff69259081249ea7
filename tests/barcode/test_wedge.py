"""The wedge recogniser: every scan found once and in order, every typed key given back once and in order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.barcode.wedge import Fate, Key, KeyPress, WedgeRecogniser, WedgeSettings
from tests.barcode.wedge_bench import Outcome, Window, char, enter, keys, run


def test_a_scan_is_swallowed_whole() -> None:
    window = run(keys("A1000000016A", at=1000, gap=3))
    assert window.log == ["A1000000016A"]
    assert window.held == []
    assert window.recogniser.deadline_ms is None


@pytest.mark.parametrize("gap", [0, 1, 30, 50])
def test_every_gap_up_to_the_limit_is_a_scan(gap: int) -> None:
    assert run(keys("123456", at=0, gap=gap)).log == ["123456"]


def test_a_gap_over_the_limit_is_typing() -> None:
    typed = keys("123456", at=0, gap=51)
    assert run(typed).log == typed


def test_five_characters_are_no_scan_however_fast() -> None:
    typed = keys("12345", at=0, gap=1)
    assert run(typed).log == typed


def test_a_lone_enter_or_arrow_goes_straight_through() -> None:
    typed = [enter(0), KeyPress(Key.OTHER, 5), KeyPress(Key.TAB, 6, "\t")]
    assert run(typed).log == typed


def test_the_first_key_is_held_until_its_time_is_over() -> None:
    window = Window()
    assert window.press(char("a", 1000)).fate is Fate.HELD
    assert window.recogniser.deadline_ms == 1050
    window.tick(1050)
    assert window.log == []
    window.tick(1051)
    assert window.log == [char("a", 1000)]
    assert window.recogniser.deadline_ms is None


def test_scans_that_follow_each_other_at_once_are_all_found() -> None:
    presses: list[KeyPress] = []
    at = 0
    for number in ("2000000011", "1000000016", "1000000024"):
        presses += keys(number, at, gap=1)
        at = presses[-1].time_ms + 2
    assert run(presses).log == ["2000000011", "1000000016", "1000000024"]


def test_shift_within_a_scan_does_not_disturb_it() -> None:
    first, *rest = keys("A1000000016A", at=10, gap=4)
    shift = KeyPress(Key.MODIFIER, 8)
    again = KeyPress(Key.MODIFIER, rest[-2].time_ms - 1)
    window = run([shift, first, *rest[:-2], again, *rest[-2:]])
    assert window.log == [shift, again, "A1000000016A"]


def test_characters_of_any_kind_belong_to_a_scan() -> None:
    text = "%-Ａ\x1dａ1本$\u202e"
    assert run(keys(text, at=0, gap=2)).log == [text]


def test_a_key_repeating_under_a_book_neither_makes_nor_breaks_a_scan() -> None:
    repeats = [char("j", at, repeat=True) for at in range(0, 400, 40)]
    assert run([*repeats, enter(400)]).log == [*repeats, enter(400)]
    scan = keys("1000000016", at=101, gap=10)
    mixed = sorted([*repeats, *scan], key=lambda press: press.time_ms)
    log = run(mixed).log
    assert [entry for entry in log if isinstance(entry, str)] == ["1000000016"]
    assert [entry for entry in log if not isinstance(entry, str)] == repeats


def test_an_auto_repeated_enter_does_not_end_a_scan() -> None:
    scan = keys("1000000016", at=0, gap=5)
    repeated = KeyPress(Key.ENTER, scan[-1].time_ms - 2, "\r", is_auto_repeat=True)
    assert run([*scan[:-1], repeated, scan[-1]]).log == [repeated, "1000000016"]


def test_the_second_half_of_cr_lf_is_swallowed() -> None:
    scan = keys("1000000016", at=0, gap=5)
    window = run([*scan, enter(scan[-1].time_ms + 1)])
    assert window.log == ["1000000016"]
    later = enter(scan[-1].time_ms + 200)
    window.press(later)
    assert window.log == ["1000000016", later]


def test_tab_ends_a_scan_unless_the_settings_say_otherwise() -> None:
    scan = keys("1000000016", at=0, gap=5)
    scan[-1] = KeyPress(Key.TAB, scan[-1].time_ms, "\t")
    assert run(scan).log == ["1000000016"]
    assert run(scan, WedgeSettings(terminators=frozenset({Key.ENTER}))).log == scan


def test_an_arrow_in_the_middle_is_a_person() -> None:
    scan = keys("1000000016", at=0, gap=5)
    arrow = KeyPress(Key.OTHER, 27)
    typed = [*scan[:6], arrow, *scan[6:]]
    assert run(typed).log == typed


def test_a_prefix_key_of_the_scanner_does_not_hide_the_scan() -> None:
    prefix = KeyPress(Key.OTHER, 0)
    assert run([prefix, *keys("1000000016", at=2, gap=2)]).log == [prefix, "1000000016"]


def test_a_clock_that_runs_backwards_is_no_evidence() -> None:
    typed = [*keys("123", at=900, gap=1)[:-1], *keys("456", at=0, gap=1)]
    assert run(typed).log == typed


@pytest.mark.parametrize("place", range(9))
def test_keys_out_of_order_are_no_scan_nor_is_what_follows_them(place: int) -> None:
    scan = keys("1000000016" * 2, at=0, gap=5)
    scan[place : place + 2] = [scan[place + 1], scan[place]]
    assert run(scan).log == scan


def test_a_scan_whose_beginning_was_given_back_too_early_is_not_cut_short() -> None:
    scan = keys("1000000016", at=0, gap=5)
    window = run(scan[:3])
    window.tick(600)
    for press in scan[3:]:
        window.press(press)
    assert window.log == scan
    for press in keys("1000000024", at=scan[-1].time_ms + 2, gap=5):
        window.press(press)
    assert window.log == [*scan, "1000000024"]


def test_losing_the_keyboard_gives_back_what_is_held() -> None:
    scan = keys("1000000016", at=0, gap=5)
    window = run(scan[:4])
    window.lose_keyboard()
    assert window.log == scan[:4]
    for press in scan[4:]:
        window.press(press)
    assert window.log == scan


def test_five_hundred_characters_are_one_scan() -> None:
    assert run(keys("x" * 500, at=0, gap=1)).log == ["x" * 500]


def test_an_endless_run_is_given_back() -> None:
    typed = keys("x" * 50, at=0, gap=1)
    assert run(typed, WedgeSettings(max_length=20)).log == typed


@pytest.mark.parametrize(
    "settings",
    [
        {"min_length": 2},
        {"min_length": 9, "max_length": 8},
        {"max_gap_ms": 0},
        {"stall_ms": 49},
        {"terminators": frozenset()},
        {"terminators": frozenset({Key.OTHER})},
    ],
)
def test_settings_that_could_not_work(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="scan"):
        WedgeSettings(**settings)  # type: ignore[arg-type]


CHARACTERS = st.characters(exclude_categories=("Cs",))
TYPED_KEY = st.one_of(
    st.builds(lambda text: (Key.CHARACTER, text, False), CHARACTERS),
    st.builds(lambda text: (Key.CHARACTER, text, True), CHARACTERS),
    st.sampled_from(
        [
            (Key.ENTER, "\r", False),
            (Key.TAB, "\t", False),
            (Key.MODIFIER, "", False),
            (Key.OTHER, "", False),
        ]
    ),
)


@st.composite
def counter_day(draw: st.DrawFn) -> tuple[list[KeyPress], list[Outcome]]:
    """Scans and typing in any order, and what must come of them."""
    presses: list[KeyPress] = []
    expected: list[Outcome] = []
    at = 0
    after_scan = False
    for is_scan in draw(st.lists(st.booleans(), max_size=12)):
        if is_scan:
            text = draw(st.text(st.sampled_from("0123456789ABCDabcd-$:/.+X"), min_size=6, max_size=16))
            at += draw(st.integers(1, 30)) if after_scan else draw(st.integers(80, 400))
            for place, character in enumerate(text):
                if character.isupper():
                    shift = KeyPress(Key.MODIFIER, at)
                    presses.append(shift)
                    expected.append(shift)
                presses.append(char(character, at))
                at += draw(st.integers(1, 30)) if place < len(text) - 1 else 0
            at += draw(st.integers(1, 30))
            presses.append(enter(at))
            expected.append(text)
        else:
            for key, text, repeat in draw(st.lists(TYPED_KEY, min_size=1, max_size=8)):
                at += draw(st.integers(80, 400))
                presses.append(KeyPress(key, at, text, repeat))
                expected.append(presses[-1])
        after_scan = is_scan
    return presses, expected


@given(day=counter_day(), prompt=st.lists(st.booleans(), min_size=1))
def test_every_scan_and_every_typed_key_comes_out_once_and_in_order(
    day: tuple[list[KeyPress], list[Outcome]], prompt: list[bool]
) -> None:
    presses, expected = day
    window = Window()
    for place, press in enumerate(presses):
        deadline = window.recogniser.deadline_ms
        # The timer may have come in time or not: a busy window calls it late or not at all.
        if deadline is not None and deadline < press.time_ms and prompt[place % len(prompt)]:
            window.tick(deadline + 1)
        window.press(press)
    window.lose_keyboard()
    assert window.log == expected


ANY_PRESS = st.tuples(
    st.sampled_from(list(Key)),
    st.sampled_from("01aA本"),
    st.booleans(),
    st.sampled_from([-5, 0, 1, 5, 30, 50, 51, 80, 300]),
    st.sampled_from([None, None, 0, 20, 200]),
)


@given(steps=st.lists(ANY_PRESS, max_size=60), min_length=st.integers(3, 6))
def test_no_key_is_ever_lost_or_doubled(
    steps: list[tuple[Key, str, bool, int, int | None]], min_length: int
) -> None:
    settings = WedgeSettings(
        min_length=min_length, max_length=12, terminators=frozenset({Key.ENTER, Key.TAB})
    )
    window = Window(WedgeRecogniser(settings))
    fed: list[KeyPress] = []
    at = 10_000
    for number, (key, text, repeat, gap, tick) in enumerate(steps):
        at += gap
        fed.append(KeyPress(key, at, text, repeat, native=number))
        window.press(fed[-1])
        if tick is not None:
            window.tick(at + tick)
    typed = [entry for entry in window.log if not isinstance(entry, str)]
    everything = [*typed, *window.swallowed, *window.held]
    assert sorted(key.native for key in everything) == list(range(len(fed)))  # type: ignore[type-var]
    in_turn = [key.native for key in typed if not key.is_auto_repeat and key.key is not Key.MODIFIER]
    assert in_turn == sorted(in_turn)  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("typed", "scanned"),
    [("ZZ1000000016#", "1000000016"), ("ZZ1000000016", "1000000016"), ("1000000016", "1000000016")],
)
def test_what_is_put_around_it_is_no_part_of_the_code(typed: str, scanned: str) -> None:
    asked: list[str] = []

    def known(text: str) -> bool:
        asked.append(text)
        return text == scanned

    recogniser = WedgeRecogniser(WedgeSettings(known=known, prefix="ZZ", suffix="#"))
    verdicts = [recogniser.feed(press) for press in keys(typed, at=1000, gap=5)]
    assert [verdict.scanned for verdict in verdicts if verdict.fate is Fate.SCAN] == [scanned]
    assert [verdict.raw for verdict in verdicts if verdict.fate is Fate.SCAN] == [typed]
    assert asked == [scanned]


def test_a_key_struck_before_a_prefix_is_typing() -> None:
    settings = WedgeSettings(known="1000000016".__eq__, prefix="ZZ")
    struck, scan = char("q", 1000), keys("ZZ1000000016", at=1040, gap=5)
    recogniser = WedgeRecogniser(settings)
    last = [recogniser.feed(press) for press in [struck, *scan]][-1]
    assert (last.released, last.scanned) == ((struck,), "1000000016")
