"""Which login a staff card belongs to: learned, kept for this terminal alone, and never trusted."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.settings import staff_cards_file
from madoguchi.app.staff.cards import MOST, StaffCards, as_text, from_text
from madoguchi.app.training.situations import staff_number

HERS, HIS = staff_number(11), staff_number(12)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "staff_cards.json"


@pytest.fixture
def start(file: Path) -> Iterator[Callable[[], StaffCards]]:
    """Starts the program anew, and waits until it has read what it knew before."""
    opened: list[StaffCards] = []

    def made() -> StaffCards:
        for each in opened:
            each.close()
        opened.append(StaffCards(file))
        behind = opened[-1]._behind
        assert behind is not None
        behind.submit(int).result()
        return opened[-1]

    yield made
    for each in opened:
        each.close()


def test_a_card_is_known_once_its_owner_has_signed_in(start: Callable[[], StaffCards]) -> None:
    cards = start()
    assert cards.login_of(HERS) is None
    cards.learn("hanako", HERS)
    assert cards.login_of(HERS) == "hanako"
    assert cards.login_of(HIS) is None
    assert start().login_of(HERS) == "hanako"


def test_a_new_card_takes_the_place_of_the_old_one(start: Callable[[], StaffCards]) -> None:
    cards = start()
    cards.learn("hanako", HERS)
    cards.learn("hanako", HIS)
    for after in (cards, start()):
        assert after.login_of(HERS) is None
        assert after.login_of(HIS) == "hanako"


def test_a_card_that_was_given_on_is_the_new_owners(start: Callable[[], StaffCards]) -> None:
    cards = start()
    cards.learn("hanako", HERS)
    cards.learn("jiro", HERS)
    assert start().login_of(HERS) == "jiro"


def test_who_has_no_card_any_more_is_forgotten(start: Callable[[], StaffCards]) -> None:
    cards = start()
    cards.learn("hanako", HERS)
    cards.learn("hanako", None)
    assert start().login_of(HERS) is None


def test_the_one_used_longest_ago_goes_first(start: Callable[[], StaffCards]) -> None:
    cards = start()
    for number in range(MOST):
        cards.learn(f"person_{number}", str(number))
    cards.learn("person_0", "0")
    cards.learn("one more", HERS)
    after = start()
    assert [after.login_of(number) for number in ("0", "1", "2", HERS)] == [
        "person_0",
        None,
        "person_2",
        "one more",
    ]


def test_what_was_learned_before_the_file_was_read_goes_before_it(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(as_text({HERS: "hanako", HIS: "jiro"}))
    cards = StaffCards()
    cards._file = file
    cards.learn("hanako", "5")
    cards._load()
    assert [cards.login_of(number) for number in (HERS, HIS, "5")] == [None, "jiro", "hanako"]


def test_only_this_account_reads_it_and_nothing_else_lies_beside_it(
    file: Path, start: Callable[[], StaffCards]
) -> None:
    cards = start()
    file.parent.mkdir()
    file.with_name("staff_cards.json.new").write_text("left behind")
    file.with_name("staff_cards.json.new").chmod(0o666)
    cards.learn("hanako", HERS)
    cards.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_where_it_cannot_be_written_it_is_remembered(
    file: Path, start: Callable[[], StaffCards], caplog: pytest.LogCaptureFixture
) -> None:
    cards = start()
    file.parent.parent.joinpath("home").write_text("not a folder")
    cards.learn("hanako", HERS)
    cards.close()
    assert cards.login_of(HERS) == "hanako"
    assert "staff cards are remembered until the program ends" in caplog.text
    assert "hanako" not in caplog.text
    assert HERS not in caplog.text


BAD = [
    "",
    "[]",
    "null",
    "nonsense",
    '{"staff_cards": {}}',
    '{"staff_cards": ["90000011"]}',
    '{"staff_cards": [["90000011", 5]]}',
    '{"staff_cards": [["90000011", "hanako", "more"]]}',
    '{"staff_cards": [["", "hanako"]]}',
    '{"staff_cards": [["90000011", ""]]}',
    '{"staff_cards": [["90000011", " hanako"]]}',
    '{"staff_cards": [["90000011", "ha\\u0000nako"]]}',
    '{"staff_cards": [["90000011", "\\ud800"]]}',
    '{"staff_cards": [["９００", "hanako"]]}',
    '{"staff_cards": [["900000119000001190000", "hanako"]]}',
    "[" * 50_000,
    "9" * 5_000,
]


@pytest.mark.parametrize("content", [*(text.encode() for text in BAD), b"\xff\xfe", b" " * 70_000])
def test_what_is_damaged_or_foreign_is_thrown_away(
    file: Path, start: Callable[[], StaffCards], caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    cards = start()
    assert not file.exists()
    assert cards.login_of("90000011") is None
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "hanako" not in caplog.text
    cards.learn("hanako", HERS)
    assert start().login_of(HERS) == "hanako"


def test_a_folder_in_its_place_is_left_alone(file: Path, start: Callable[[], StaffCards]) -> None:
    file.mkdir(parents=True)
    cards = start()
    cards.learn("hanako", HERS)
    cards.close()
    assert cards.login_of(HERS) == "hanako"
    assert file.is_dir()


NUMBERS = st.text("0123456789ABCD-.$/+% ", min_size=1, max_size=20)
LOGINS = st.text(min_size=1, max_size=60).filter(lambda text: text.isprintable() and text == text.strip())


@given(st.dictionaries(NUMBERS, LOGINS, max_size=20))
def test_what_is_written_is_read_again(cards: dict[str, str]) -> None:
    mine = {login: number for number, login in cards.items()}
    one_each = {number: login for number, login in cards.items() if mine[login] == number}
    assert list(from_text(as_text(one_each)).items()) == list(one_each.items())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
ENTRIES = st.lists(st.lists(st.text() | NUMBERS | JSON, max_size=3))


@given(st.text() | st.one_of(JSON, st.fixed_dictionaries({"staff_cards": ENTRIES | JSON})).map(json.dumps))
def test_no_text_gives_anything_but_cards_or_a_refusal(text: str) -> None:
    try:
        cards = from_text(text)
    except ValueError:
        return
    assert len(cards) <= MOST
    assert len(set(cards.values())) == len(cards)
    for number, login in cards.items():
        assert 0 < len(number) <= 20
        assert 0 < len(login) <= 60
    assert from_text(as_text(cards)) == cards


def test_it_lies_in_the_terminals_own_folder(tmp_path: Path) -> None:
    assert staff_cards_file({"MADOGUCHI_HOME": str(tmp_path)}) == tmp_path / "staff_cards.json"
