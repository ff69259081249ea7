"""The synthetic library before it is written: titles like real ones, nothing against the house's rules."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from functools import cache
from io import StringIO
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.catalogue.ndl import shipped_records
from madoguchi.app.lending.materials import LoanGroup, MaterialKind
from madoguchi.app.synth.circulation import Circulation, TooFewPatrons
from madoguchi.app.synth.classes import KINDS
from madoguchi.app.synth.days import OpenDays
from madoguchi.app.synth.holdings import GROUPS, Holdings
from madoguchi.app.synth.measured import measure
from madoguchi.app.synth.names import isbn_code
from madoguchi.app.synth.patrons import CATEGORIES, PATRON_COLUMNS, Patrons
from madoguchi.app.synth.phrases import Phrases
from madoguchi.app.synth.progress import Progress
from madoguchi.app.synth.queues import MOST_AT_ONCE
from madoguchi.app.synth.shapes import CHILDRENS, MAGAZINES, RECORDINGS, STORIES, USUAL, shape_of
from madoguchi.app.synth.sizes import sizes
from madoguchi.app.synth.titles import Made, Titles, isbn13
from madoguchi.app.synth.words import Picker, Words, shipped_words, to_hiragana, zipf
from madoguchi.app.synth.year import cells, shared_out, statistics
from madoguchi.app.training.house import GROUP_PRINT_LIMIT, TERMS
from madoguchi.barcode.check_digits import CheckDigit, is_valid
from madoguchi.barcode.symbology import TRAINING_PLAN, ItemCode, PatronCode, normalise_isbn, parse
from tests.support.library import TODAY

READING = re.compile(r"[ァ-ヺー]+")
SCALE = 0.01
TITLES = 9_000


@cache
def stock() -> Words:
    return shipped_words()


@cache
def titles(seed: int = 1) -> tuple[Made, ...]:
    return tuple(Titles(stock(), shipped_records().records, TITLES, seed, TODAY))


@cache
def lending(seed: int = 1) -> tuple[Holdings, Patrons, Circulation]:
    size = sizes(SCALE)
    holdings = Holdings(size.items, seed)
    for made in titles():
        holdings.count_in(made)
    holdings.settle()
    assert sum(1 for _ in holdings.rows()) == size.items
    patrons = Patrons(stock(), size.patrons, seed, TODAY)
    return holdings, patrons, Circulation(holdings, patrons, size, seed, TODAY)


# -- words and shapes ---------------------------------------------------------------------------------


def test_every_word_has_a_reading_in_katakana_and_stands_once() -> None:
    words = stock()
    assert len(words.noun) >= 20_000
    assert min(len(words.family), len(words.given), len(words.place)) >= 3_000
    for group in (
        words.noun,
        words.quality,
        words.adjective,
        words.verb,
        words.family,
        words.given,
        words.place,
    ):
        assert all(READING.fullmatch(reading) for _, reading in group)
        assert len({word for word, _ in group}) == len(group)


@pytest.mark.parametrize(
    ("kana", "shape"),
    [
        ("アイ ノ レンキンジュツ", ("N", ("の", "ノ"), "N")),
        ("アイ オ カンガエル : キリストキョウ ノ シテン カラ", ("N", ("を", "オ"), "V")),
        ("アイ ワ コッキョウ オ コエテ", ("N", ("は", "ワ"), "N", ("を", "オ"), "N")),
        ("セカイ ケイザイ ノ 「シクミ」", ("N", "N", ("の", "ノ"), "N")),
        ("オ カンガエル", None),
        ("アイ ト", None),
        ("", None),
    ],
)
def test_a_titles_shape_is_taken_from_its_reading(kana: str, shape: object) -> None:
    assert shape_of(kana) == shape


@given(st.text(st.sampled_from("アイウノトオワニガ 「」:、"), max_size=60))
def test_a_shape_is_short_and_begins_and_ends_with_a_word(kana: str) -> None:
    shape = shape_of(kana)
    if shape is not None:
        assert len(shape) <= 9
        assert isinstance(shape[0], str)
        assert isinstance(shape[-1], str)


def test_what_is_read_is_what_is_written() -> None:
    """In hiragana a phrase is its own reading; words come with spaces between them."""
    phrases, random = Phrases(stock()), Random(1)
    tables = (USUAL, STORIES, CHILDRENS, MAGAZINES, RECORDINGS)
    for shape, _ in (one for table in tables for one in table):
        written, read = phrases(shape, random, in_hiragana=True)
        assert all(re.fullmatch(r"[ァ-ヺー]+|[A-Za-z0-9&]+", word) for word in read.split(" "))
        own = [part[0] if isinstance(part, tuple) else "" for part in shape]
        if not any(own) and "L" not in shape:
            assert written == to_hiragana(read.replace(" ", ""))


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=20), st.integers())
def test_a_picker_picks_one_of_them(weights: list[float], seed: int) -> None:
    assert Picker(range(len(weights)), weights)(Random(seed)) in range(len(weights))


def test_the_first_is_picked_the_oftener_and_the_last_at_all() -> None:
    random, pick = Random(2), zipf(range(50), 1)
    met = Counter(pick(random) for _ in range(20_000))
    assert met[0] > 3 * met[10] > met[49] > 0


# -- numbers ------------------------------------------------------------------------------------------


@given(st.integers(0, 10**9 - 1))
def test_an_isbn_has_the_check_digit_that_a_scanner_asks_for(number: int) -> None:
    made = isbn13(f"978{number:09}")
    assert is_valid(CheckDigit.EAN_13, made)
    assert normalise_isbn(made) == made


def test_no_publishers_number_begins_another() -> None:
    codes = sorted(isbn_code(rank) for rank in (*range(9_000), 60_000))
    assert all(not later.startswith(code) for code, later in pairwise(codes))
    with pytest.raises(ValueError, match="more publishers"):
        isbn_code(600_000)


@given(st.integers(0, 10**6), st.lists(st.floats(0.001, 1000), min_size=1, max_size=60))
def test_what_is_shared_out_is_all_there_is(total: int, weights: list[float]) -> None:
    parts = list(shared_out(total, weights))
    assert sum(parts) == total
    assert min(parts) >= 0
    assert len(parts) == len(weights)


@pytest.mark.parametrize("scale", [0, -1, 2.01, float("nan"), float("inf"), 0.00001])
def test_a_scale_out_of_range_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        sizes(scale)


def test_scale_one_is_the_citys_own_size() -> None:
    size = sizes(1)
    assert (size.patrons, size.items, size.loans_a_year) == (117_795, 1_394_000, 2_875_266)


# -- titles -------------------------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_titles_and_another_makes_others() -> None:
    again = tuple(Titles(stock(), shipped_records().records, TITLES, 1, TODAY))
    assert again == titles()
    other = titles(2)
    assert len({made.row[2] for made in other} & {made.row[2] for made in again}) < TITLES / 2


def test_fields_are_missing_about_as_often_as_in_real_records() -> None:
    real = measure(shipped_records().records, LoanGroup.PRINT)
    books = [made for made in titles() if KINDS[made.kind] is MaterialKind.BOOK]

    def share(place: int) -> float:
        return sum(bool(made.row[place]) for made in books) / len(books)

    for place, wanted in ((3, real.kana), (4, real.volume), (5, real.series), (10, real.ndc)):
        assert share(place) == pytest.approx(wanted, abs=0.05)
    since = [made for made in books if made.row[8] >= 1981]
    assert sum(made.row[9] is not None for made in since) / len(since) == pytest.approx(real.isbn, abs=0.05)
    assert sum(not made.creators for made in books) / len(books) == pytest.approx(real.creators[0], abs=0.04)


def test_readings_follow_the_national_diet_library() -> None:
    for made in titles():
        for word in str(made.row[3]).split():
            assert re.fullmatch(r"[ァ-ヺー]+|[A-Za-z0-9&]+|:", word), made.row
    read = Counter(word for made in titles() for word in str(made.row[3]).split())
    assert min(read["ワ"], read["オ"], read["エ"]) > 100
    assert read["ハ"] < read["ワ"] / 10


def test_a_third_is_literature_and_the_words_have_a_long_tail() -> None:
    classed = [str(made.row[10]) for made in titles() if made.row[10]]
    assert sum(ndc.startswith("9") for ndc in classed) / len(classed) == pytest.approx(0.33, abs=0.05)
    assert Counter(classed).most_common(1)[0][0] == "913.6"
    words = Counter(word for made in titles() for word in str(made.row[3]).split())
    assert len(words) > 8_000
    assert sum(number == 1 for number in words.values()) > len(words) / 4
    assert len({made.row[2] for made in titles()}) > 0.75 * TITLES


def test_some_write_much_and_most_little() -> None:
    wrote = Counter(creator[2] for made in titles() for creator in made.creators)
    counts = sorted(wrote.values(), reverse=True)
    assert counts[0] > 5 * counts[len(counts) // 2]
    assert max(len(made.creators) for made in titles()) == 3


def test_the_volumes_of_a_set_share_title_and_creators() -> None:
    sets: dict[tuple[object, ...], list[Made]] = {}
    for made in titles():
        if made.row[4] and KINDS[made.kind] is MaterialKind.BOOK:
            sets.setdefault((made.row[2], made.row[7]), []).append(made)
    several = [volumes for volumes in sets.values() if len(volumes) > 1]
    assert len(several) > 100
    for volumes in several:
        assert len({made.row[4] for made in volumes}) == len(volumes)
        assert len({tuple(creator[2:] for creator in made.creators) for made in volumes}) == 1


def test_every_kind_is_there_and_isbns_are_on_printed_books() -> None:
    kinds = Counter(KINDS[made.kind] for made in titles())
    assert set(kinds) == set(MaterialKind)
    assert kinds[MaterialKind.BOOK] > 0.85 * TITLES
    for made in titles():
        number = made.row[9]
        if number is not None:
            assert normalise_isbn(str(number)) == number
            assert KINDS[made.kind] in (MaterialKind.BOOK, MaterialKind.KAMISHIBAI)


# -- people, loans, reservations ----------------------------------------------------------------------


def test_no_patron_is_above_a_limit_and_no_item_in_two_places() -> None:
    holdings, patrons, circulation = lending()
    assert len(circulation.loans) == sizes(SCALE).open_loans
    items = [loan[1] for loan in circulation.loans]
    items += [row[7] for row in circulation.reservations if row[7] is not None]
    kept = {row[7] for row in circulation.reservations}
    items += [row[0] for row in circulation.transits if row[0] not in kept]
    assert len(set(items)) == len(items)
    assert not any(holdings.fixed[item - 1] for item in items)
    had = Counter((loan[2], GROUPS[holdings.group[loan[1] - 1]]) for loan in circulation.loans)
    for (patron, group), number in had.items():
        is_group = CATEGORIES[patrons.category[patron - 1]] == "group" and group is LoanGroup.PRINT
        assert number <= (GROUP_PRINT_LIMIT if is_group else TERMS[group][0])


def test_loans_are_due_on_open_days_and_a_blocked_patron_took_nothing_since() -> None:
    _, _, circulation = lending()
    days = OpenDays(TODAY)
    worst: dict[object, dt.date] = {}
    latest: dict[object, dt.date] = {}
    for _, _, patron, branch, lent_on, due_on, _ in circulation.loans:
        assert lent_on < TODAY
        assert days.is_open(branch, lent_on)
        assert days.is_open(branch, due_on)
        assert due_on >= lent_on + dt.timedelta(days=14)
        worst[patron] = min(due_on, worst.get(patron, due_on))
        latest[patron] = max(lent_on, latest.get(patron, lent_on))
    month = dt.timedelta(days=30)
    assert all(latest[patron] <= due + month for patron, due in worst.items())
    assert sum(due < TODAY for due in worst.values()) > 0
    assert sum(due < TODAY - month for due in worst.values()) > 0


def test_queues_have_a_long_tail_and_hold_no_patron_twice() -> None:
    _, _, circulation = lending()
    rows = circulation.reservations
    assert len(rows) == sizes(SCALE).reservations
    assert max(Counter(row[3] for row in rows).values()) <= MOST_AT_ONCE
    assert len({(row[1], row[3]) for row in rows}) == len(rows)
    waiting = Counter(row[1] for row in rows if row[6] == "waiting")
    assert max(waiting.values()) > 3
    assert sum(number == 1 for number in waiting.values()) > len(waiting) / 4
    placed = [row[5] for row in rows]
    assert placed == sorted(placed)
    sent = {row[0]: row[1] for row in circulation.transits}
    for row in rows:
        assert (row[7] is not None) == (row[6] in ("ready", "in_transit"))
        assert (row[8] is not None) == (row[6] == "ready")
        if row[6] == "in_transit":
            assert sent[row[7]] == row[4]


def test_nobody_waits_for_what_they_hold() -> None:
    holdings, _, circulation = lending()
    held = {(loan[2], holdings.title[loan[1] - 1]) for loan in circulation.loans}
    assert not held & {(row[3], row[1]) for row in circulation.reservations}


def test_numbers_are_ones_that_the_scanner_takes_and_cards_were_used_in_time() -> None:
    _, patrons, circulation = lending()
    used: dict[object, dt.date] = {}
    for row, cards, _notes in patrons.rows():
        patron = dict(zip(PATRON_COLUMNS, row, strict=True))
        used[row[0]] = patron["last_used_on"]
        assert patron["birth_date"] < patron["registered_on"] <= patron["last_used_on"] <= TODAY
        assert [card[2] for card in cards].count("active") == 1
        for card in cards:
            assert isinstance(parse(str(card[0]), TRAINING_PLAN), PatronCode)
        assert all(READING.fullmatch(word) for word in str(row[2]).split())
    assert all(loan[4] <= used[loan[2]] for loan in circulation.loans)
    again = Holdings(200, 1)
    for made in titles()[:120]:
        again.count_in(made)
    again.settle()
    assert all(isinstance(parse(str(row[1]), TRAINING_PLAN), ItemCode) for row in again.rows())


def test_more_loans_than_there_is_room_for_are_refused() -> None:
    holdings = Holdings(30, 1)
    for made in titles()[:20]:
        holdings.count_in(made)
    holdings.settle()
    list(holdings.rows())
    size = sizes(0.0001)
    patrons = Patrons(stock(), 3, 1, TODAY)
    with pytest.raises(TooFewPatrons):
        Circulation(holdings, patrons, size, 1, TODAY)


# -- a year's statistics ------------------------------------------------------------------------------


def test_the_year_sums_up_to_what_the_city_lends() -> None:
    size = sizes(SCALE)
    sums: Counter[object] = Counter()
    days = OpenDays(TODAY)
    for _, day, hour, branch, act, _, ndc_class, _, _, amount in statistics(size, 1, TODAY):
        assert 0 < amount < 32_768
        assert TODAY - dt.timedelta(days=365) <= day < TODAY
        assert days.is_open(branch, day)
        assert 9 <= hour <= 18
        assert len(ndc_class) <= 1
        sums[act] += amount
    assert sums == {
        "checkout": size.loans_a_year,
        "checkin": size.loans_a_year,
        "renewal": size.renewals_a_year,
    }


def test_rooms_keep_shorter_hours_and_the_calendar_is_theirs() -> None:
    found = cells(TODAY, 28)
    assert {hour for _, branch, hour, _ in found if branch > 4} == set(range(10, 17))
    assert all(weight > 0 for *_, weight in found)


# -- how far it has come ------------------------------------------------------------------------------


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_on_a_terminal_and_a_line_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("madoguchi.app.synth.progress._EVERY_SECONDS", -1.0)
    for stream in (Terminal(), StringIO()):
        progress = Progress(stream)
        with progress.stage("title", 10) as step:
            step(5)
            step(5)
        with progress.stage("audit", 0) as step:
            step(3)
        said = stream.getvalue()
        assert ("#" * 15 + "-" * 15 in said) is stream.isatty()
        assert said.count("\n") == 2
        assert re.search(r"^title +10 ", said.replace("\r", "\n"), re.MULTILINE)
    with Progress().stage("title", 1) as step:
        step(1)
