"""The wedge recogniser and what goes wrong: stalls, stray keys, two scanners, held keys, clocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.barcode.wedge import Key, KeyPress
from tests.barcode.wedge_bench import ITEM, KNOWING, OTHER_ITEM, Window, char, enter, is_known, keys, run


def stalled(text: str, slow: int, gap: int, by: int) -> list[KeyPress]:
    """A scan in which the key at place `slow` and all behind it come `by` ms late."""
    scan = keys(text, at=0, gap=gap)
    return [*scan[:slow], *(KeyPress(k.key, k.time_ms + by, k.text) for k in scan[slow:])]


@pytest.mark.parametrize("slow", range(1, 11))
def test_a_key_far_too_late_anywhere_makes_it_typing_to_its_end(slow: int) -> None:
    typed = stalled(ITEM, slow, gap=5, by=400)
    log = run(typed).log
    if slow < 3:
        # too little to tell it from a clerk's keys before a scan: what came behind them is judged aloud
        assert log == [*typed[:slow], ITEM[slow:]]
    else:
        assert log == typed


@pytest.mark.parametrize("slow", range(3, 11))
@pytest.mark.parametrize(("gap", "by"), [(5, 100), (30, 50), (1, 130)])
def test_a_busy_machine_may_stamp_a_key_late(slow: int, gap: int, by: int) -> None:
    assert run(stalled(ITEM, slow, gap, by)).log == [ITEM]


def test_a_scan_that_stalls_at_its_beginning_is_put_together_again() -> None:
    for slow in (1, 2):
        scan = stalled(ITEM, slow, gap=5, by=100)
        assert run(scan, KNOWING).log == [*scan[:slow], ITEM]


def test_hands_may_strike_two_keys_as_one_but_stalling_is_not_for_them() -> None:
    typed = [char(character, at) for character, at in zip("123456", (0, 20, 120, 140, 240, 260), strict=True)]
    typed.append(enter(300))
    assert run(typed).log == typed
    # the third key came soon enough, but on average they are too slow
    typed = [char(character, at) for character, at in zip("123456", (0, 45, 90, 200, 290, 400), strict=True)]
    typed.append(enter(450))
    assert run(typed).log == typed


@given(gaps=st.lists(st.integers(10, 50), min_size=10, max_size=10))
def test_a_slow_scanner_that_jitters(gaps: list[int]) -> None:
    at = [sum(gaps[:place]) for place in range(11)]
    scan = [*(char(character, when) for character, when in zip(ITEM, at, strict=False)), enter(at[-1])]
    assert run(scan).log == [ITEM]


def test_a_control_character_is_part_of_a_scan_that_has_begun() -> None:
    scan = keys("1000000016", at=0, gap=5)
    scan[4] = KeyPress(Key.CONTROL, scan[4].time_ms, "\x1d")
    assert run(scan).log == ["1000\x1d00016"]
    alone = KeyPress(Key.CONTROL, 0, "\x1d")
    assert run([alone, *scan[1:]]).log == [alone, "000\x1d00016"]
    later = KeyPress(Key.CONTROL, 100, "\x1b")
    assert run([char("a", 0), later]).log == [char("a", 0), later]


@pytest.mark.parametrize("place", range(3, 10))
def test_what_follows_an_arrow_in_a_scan_is_no_number(place: int) -> None:
    scan = keys(ITEM * 2, at=0, gap=5)
    typed = [*scan[:place], KeyPress(Key.OTHER, 5 * place - 2), *scan[place:]]
    assert run(typed).log == typed


@pytest.mark.parametrize("after", [0, 3, 49])
def test_the_servers_clock_may_begin_anew_in_the_middle_of_a_scan(after: int) -> None:
    begin = 2**32 - after
    scan = [KeyPress(k.key, (begin + k.time_ms) % 2**32, k.text) for k in keys(ITEM, at=0, gap=5)]
    assert run(scan).log == [ITEM]
    window = run(scan[:1])
    window.tick((begin + 50) % 2**32)
    assert window.log == []
    window.tick((begin + 51) % 2**32)
    assert window.log == scan[:1]


@pytest.mark.parametrize("gap", [0, 1])
def test_a_double_digit_within_a_millisecond_is_not_a_key_held_down(gap: int) -> None:
    scan = keys(ITEM, at=0, gap=gap)
    scan = [
        KeyPress(k.key, k.time_ms, k.text, is_auto_repeat=0 < place < 10 and ITEM[place] == ITEM[place - 1])
        for place, k in enumerate(scan)
    ]
    assert run(scan).log == [ITEM]


def test_a_digit_held_down_is_still_told_from_a_double_one() -> None:
    repeats = [char("0", at, repeat=True) for at in range(0, 400, 40)]
    scan = keys("1234506789", at=122, gap=5)
    mixed = sorted([*repeats, *scan], key=lambda press: press.time_ms)
    assert [entry for entry in run(mixed).log if isinstance(entry, str)] == ["1234506789"]


def test_a_clerks_key_just_before_a_scan_is_taken_apart_from_it() -> None:
    for before in ([char("7", 70)], [char("1", 50), char("2", 60)]):
        scan = keys(ITEM, at=100, gap=5)
        assert run([*before, *scan], KNOWING).log == [*before, ITEM]
        # without knowing what a code is nothing is cut away: the scan is refused, and made again
        assert run([*before, *scan]).log == ["".join(key.text for key in before) + ITEM]


@given(gaps=st.lists(st.integers(4, 7), min_size=11, max_size=11))
def test_a_longer_code_is_never_cut_to_one_of_ours(gaps: list[int]) -> None:
    text = "7" + ITEM
    at = [sum(gaps[:place]) for place in range(12)]
    scan = [*(char(character, when) for character, when in zip(text, at, strict=False)), enter(at[-1])]
    assert run(scan, KNOWING).log == [text]


def test_a_key_struck_in_the_middle_of_a_scan_is_not_guessed_away() -> None:
    scan = keys(ITEM, at=100, gap=10)
    assert run([*scan[:5], char("7", 143), *scan[5:]], KNOWING).log == [f"{ITEM[:5]}7{ITEM[5:]}"]


def test_a_clerks_key_right_behind_a_scan_is_typing() -> None:
    scan = keys(ITEM, at=0, gap=5)
    behind = char("7", scan[-1].time_ms + 20)
    then = [char("8", behind.time_ms + 150), enter(behind.time_ms + 300)]
    window = run([*scan, behind, *then])
    assert window.log == [ITEM, behind, *then]


@given(
    offset=st.integers(0, 130),
    first_gap=st.integers(1, 12),
    second_gap=st.integers(1, 12),
    knowing=st.booleans(),
)
def test_two_scanners_at_once_type_nothing_and_lend_nothing_wrong(
    offset: int, first_gap: int, second_gap: int, knowing: bool
) -> None:
    first, second = keys(ITEM, at=0, gap=first_gap), keys(OTHER_ITEM, at=offset, gap=second_gap)
    both = sorted([*first, *second], key=lambda press: press.time_ms)
    log = run(both, KNOWING if knowing else None).log
    assert all(isinstance(entry, str) for entry in log), "what is left over of the second is no typing"
    assert [entry for entry in log if isinstance(entry, str) and is_known(entry)] in (
        [],
        [ITEM],
        [OTHER_ITEM],
        [ITEM, OTHER_ITEM],
    )


def test_whether_a_key_belongs_is_told_without_feeding_it() -> None:
    window = Window()
    assert not window.recogniser.belongs(char("1", 0))
    window.press(char("1", 0))
    assert window.recogniser.belongs(KeyPress(Key.CONTROL, 50, "\x1d"))
    assert not window.recogniser.belongs(KeyPress(Key.CONTROL, 51, "\x1d"))
    assert window.held == [char("1", 0)]
