"""The four families' sounds: short, without clicks, from 500 to 2500 Hz, and told apart by rhythm alone."""

from __future__ import annotations

import math
import sys
from array import array
from dataclasses import replace
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.widgets.sound_patterns import (
    EDGE_SECONDS,
    HIGHEST_HZ,
    HUSH_SECONDS,
    LOWEST_HZ,
    PATTERNS,
    SAMPLE_RATE,
    Family,
    Pattern,
    Pulse,
    line_up,
    synthesise,
)
from madoguchi.widgets.sounds import REST_SECONDS

STEP = SAMPLE_RATE // 200
"""An envelope has a value for each 5 ms."""

CLEARLY_DIFFERENT = 0.45
"""Share of the time in which only one of two rhythms sounds, at their best fit."""

PAIRS = list(combinations(Family, 2))

pulses = st.builds(
    Pulse,
    hz=st.floats(LOWEST_HZ, HIGHEST_HZ),
    seconds=st.floats(2 * EDGE_SECONDS, 0.2),
    pause_seconds=st.floats(0, 0.2),
)
patterns = st.builds(
    Pattern,
    pulses=st.lists(pulses, min_size=1, max_size=4).map(tuple),
    loudness=st.floats(0.01, 1),
)


def samples_of(pcm: bytes) -> array[int]:
    samples = array("h", pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def rhythm(pcm: bytes) -> list[bool]:
    """For each 5 ms, whether it sounds; from the first that does to the last."""
    samples = samples_of(pcm)
    loud = [max(map(abs, samples[i : i + STEP])) for i in range(0, len(samples), STEP)]
    sounds = [level > 0.25 * max(loud) for level in loud]
    if not any(sounds):
        return []
    last = len(sounds) - sounds[::-1].index(True)
    return sounds[sounds.index(True) : last]


def runs(sounds: list[bool]) -> list[tuple[bool, int]]:
    """The rhythm as (sounding, steps), one after the other."""
    found: list[tuple[bool, int]] = []
    for on in sounds:
        if found and found[-1][0] is on:
            found[-1] = (on, found[-1][1] + 1)
        else:
            found.append((on, 1))
    return found


def distance(one: list[bool], other: list[bool]) -> float:
    """How different two rhythms are, 0 to 1: the share of the time one or both sound in which only one does.

    Taken where they fit best, shifted against each other by up to 0.2 s.
    """

    def misfit(shift: int) -> float:
        places = range(min(0, shift), max(len(one), len(other) + shift))
        both = [
            (0 <= i < len(one) and one[i], 0 <= i - shift < len(other) and other[i - shift]) for i in places
        ]
        return sum(a != b for a, b in both) / sum(a or b for a, b in both)

    return min(misfit(shift) for shift in range(-40, 41))


def plain(family: Family) -> Pattern:
    """The family's pattern without its pitches and its loudness: what is left is rhythm."""
    pattern = PATTERNS[family]
    return Pattern(tuple(replace(pulse, hz=1_000) for pulse in pattern.pulses), loudness=0.5)


def strength(pcm: bytes, hz: float) -> float:
    """How much of a frequency is in the samples (Goertzel), in samples' units."""
    step = 2 * math.cos(math.tau * hz / SAMPLE_RATE)
    before = now = 0.0
    samples = samples_of(pcm)
    for sample in samples:
        before, now = now, sample + step * now - before
    return math.sqrt(max(0.0, before**2 + now**2 - step * before * now)) / len(samples)


# -- each family ------------------------------------------------------------------------------------------


def test_every_family_has_a_sound_and_the_value_a_settings_file_would_hold() -> None:
    assert set(PATTERNS) == set(Family)
    assert [family.value for family in Family] == ["done", "notice", "refused", "error"]
    assert [family.seriousness for family in Family] == [0, 1, 2, 3]


def test_done_is_out_of_the_way_and_none_is_long() -> None:
    assert PATTERNS[Family.DONE].seconds <= 0.12
    assert all(pattern.seconds <= 0.9 for pattern in PATTERNS.values())


@pytest.mark.parametrize(("lesser", "greater"), PAIRS)
def test_what_asks_for_more_has_more_pulses_lasts_longer_and_is_no_softer(
    lesser: Family, greater: Family
) -> None:
    assert len(PATTERNS[lesser].pulses) < len(PATTERNS[greater].pulses)
    assert PATTERNS[lesser].seconds < PATTERNS[greater].seconds
    assert PATTERNS[lesser].loudness <= PATTERNS[greater].loudness


@pytest.mark.parametrize("family", Family)
def test_the_fundamentals_lie_where_aged_hearing_is_good_and_small_speakers_speak(family: Family) -> None:
    assert all(500 <= pulse.hz <= 1_250 for pulse in PATTERNS[family].pulses)


@pytest.mark.parametrize("family", Family)
def test_hardly_anything_of_it_is_under_500_or_over_2500_hz(family: Family) -> None:
    pcm = synthesise(PATTERNS[family])
    own = max(strength(pcm, pulse.hz) for pulse in PATTERNS[family].pulses)
    outside = max(strength(pcm, hz) for hz in (60, 120, 180, 250, 3_000, 3_600, 4_800, 6_000, 8_000, 12_000))
    assert outside < own / 50


@pytest.mark.parametrize("family", Family)
def test_the_rhythm_that_sounds_is_the_rhythm_that_is_written(family: Family) -> None:
    written = [
        length
        for pulse in PATTERNS[family].pulses
        for length in (pulse.seconds, pulse.pause_seconds)
        if length
    ]
    # the pause after the last pulse is written, and not played
    written = written[: 2 * len(PATTERNS[family].pulses) - 1]
    heard = runs(rhythm(synthesise(PATTERNS[family])))
    assert [on for on, _ in heard] == [place % 2 == 0 for place in range(len(written))]
    for (_, steps), seconds in zip(heard, written, strict=True):
        assert abs(steps * STEP / SAMPLE_RATE - seconds) <= 2 * EDGE_SECONDS


# -- told apart by rhythm -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_rhythm_alone_tells_two_families_apart(one: Family, other: Family) -> None:
    assert distance(rhythm(synthesise(plain(one))), rhythm(synthesise(plain(other)))) >= CLEARLY_DIFFERENT


@pytest.mark.parametrize("times", [2, 3, 4, 6])
@pytest.mark.parametrize("other", [family for family in Family if family is not Family.DONE])
def test_several_done_on_end_are_not_taken_for_something_else(times: int, other: Family) -> None:
    rest = bytes(2 * round(REST_SECONDS * SAMPLE_RATE))
    several = rest.join([synthesise(plain(Family.DONE))] * times)
    assert distance(rhythm(several), rhythm(synthesise(plain(other)))) >= CLEARLY_DIFFERENT


def test_the_measure_sees_through_pitch_and_loudness_and_through_a_shift() -> None:
    loud = Pattern((Pulse(600, 0.1, 0.1), Pulse(900, 0.3, 0)), loudness=1)
    soft = Pattern((Pulse(2_100, 0.1, 0.1), Pulse(1_200, 0.3, 0)), loudness=0.1)
    other = Pattern((Pulse(600, 0.1, 0),), loudness=1)
    late = bytes(2 * SAMPLE_RATE // 10) + synthesise(soft)
    assert distance(rhythm(synthesise(loud)), rhythm(late)) < 0.1
    assert distance(rhythm(synthesise(loud)), rhythm(synthesise(other))) >= CLEARLY_DIFFERENT


# -- any pattern -------------------------------------------------------------------------------------------


@given(patterns)
def test_a_pattern_takes_the_time_of_its_pulses_and_pauses(pattern: Pattern) -> None:
    inner = pattern.pulses[:-1]
    seconds = 2 * HUSH_SECONDS + sum(pulse.seconds for pulse in pattern.pulses)
    seconds += sum(pulse.pause_seconds for pulse in inner)
    assert abs(pattern.seconds - seconds) <= 2 * len(pattern.pulses) / SAMPLE_RATE


@given(patterns)
def test_a_pattern_is_never_over_its_loudness_and_never_silent(pattern: Pattern) -> None:
    highest = max(map(abs, samples_of(synthesise(pattern))))
    assert 0.3 * pattern.loudness * 32_767 <= highest <= pattern.loudness * 32_767 + 1


@given(patterns)
def test_both_ends_are_silent(pattern: Pattern) -> None:
    samples = samples_of(synthesise(pattern))
    hush = round(HUSH_SECONDS * SAMPLE_RATE)
    assert not any(samples[:hush])
    assert not any(samples[-hush:])


@given(patterns)
def test_nothing_clicks_where_a_pulse_begins_and_ends(pattern: Pattern) -> None:
    """In the first and the last half millisecond of a pulse there is next to nothing to hear."""
    samples = samples_of(synthesise(pattern))
    place = round(HUSH_SECONDS * SAMPLE_RATE)
    for pulse in pattern.pulses:
        length = round(pulse.seconds * SAMPLE_RATE)
        for edge in (samples[place : place + 24], samples[place + length - 24 : place + length]):
            assert max(map(abs, edge)) <= 0.01 * pattern.loudness * 32_767 + 1
        place += length + round(pulse.pause_seconds * SAMPLE_RATE)


@pytest.mark.parametrize(
    ("hz", "seconds", "pause"), [(499, 0.1, 0), (2_501, 0.1, 0), (1_000, 0.019, 0), (1_000, 0.1, -0.1)]
)
def test_a_pulse_not_all_can_hear_or_without_room_for_its_edges_is_refused(
    hz: float, seconds: float, pause: float
) -> None:
    with pytest.raises(ValueError, match=r"Hz|room|pause"):
        Pulse(hz, seconds, pause)


@pytest.mark.parametrize("loudness", [0, -0.1, 1.01])
def test_a_silent_or_distorted_pattern_is_refused(loudness: float) -> None:
    with pytest.raises(ValueError, match="loudness"):
        Pattern((Pulse(1_000, 0.1, 0),), loudness)
    with pytest.raises(ValueError, match="without a pulse"):
        Pattern((), 0.5)


# -- which one waits ---------------------------------------------------------------------------------------


@given(st.sampled_from(Family), st.sampled_from([None, *Family]), st.sampled_from(Family))
def test_what_waits_gives_way_only_to_the_more_serious(
    sounding: Family, waiting: Family | None, asked: Family
) -> None:
    then = line_up(sounding, waiting, asked)
    if waiting is not None:
        assert then is not None
        assert then.seriousness >= waiting.seriousness
    if asked is not Family.DONE:
        assert then is not None
        assert then.seriousness >= asked.seriousness
    assert then in (waiting, asked)


@pytest.mark.parametrize("sounding", [Family.REFUSED, Family.ERROR])
def test_done_does_not_wait_behind_a_refusal_or_an_error(sounding: Family) -> None:
    assert line_up(sounding, None, Family.DONE) is None


@pytest.mark.parametrize("sounding", [Family.DONE, Family.NOTICE])
def test_done_waits_behind_what_is_short(sounding: Family) -> None:
    assert line_up(sounding, None, Family.DONE) is Family.DONE


@pytest.mark.parametrize("asked", list(permutations(Family)))
def test_of_all_that_came_meanwhile_the_most_serious_is_heard(asked: tuple[Family, ...]) -> None:
    waiting: Family | None = None
    for family in asked:
        waiting = line_up(Family.NOTICE, waiting, family)
    assert waiting is Family.ERROR
