"""What a text means: the library's own numbers, books' own barcodes, and every text that is neither."""

from __future__ import annotations

import dataclasses
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from madoguchi.barcode.check_digits import CheckDigit, check_character
from madoguchi.barcode.symbology import (
    TRAINING_PLAN,
    CodePlan,
    CodeRule,
    CommandCode,
    Isbn,
    ItemCode,
    Letters,
    Magazine,
    Meaning,
    PatronCode,
    PlanError,
    StaffCode,
    Symbology,
    Unknown,
    UnknownReason,
    complete,
    normalise_isbn,
    parse,
)

ITEMS, PATRONS, STAFF = TRAINING_PLAN.rules
ITEM = complete(ITEMS, 1)
PATRON = complete(PATRONS, 1)
CARD = complete(STAFF, 1)
MOD16 = CodeRule(Meaning.ITEM, Symbology.NW7, "3", 8, CheckDigit.MODULUS_16, start="C", stop="D")
OLD_STOCK = CodeRule(Meaning.ITEM, Symbology.CODE39, "F", 9, CheckDigit.MODULUS_43)


def reason(text: str, plan: CodePlan = TRAINING_PLAN) -> UnknownReason:
    parsed = parse(text, plan)
    assert isinstance(parsed, Unknown)
    return parsed.reason


def test_the_training_numbers() -> None:
    assert (ITEM, PATRON, CARD) == ("1000000016", "2000000011", "90000019")
    assert parse(ITEM, TRAINING_PLAN) == ItemCode(ITEM)
    assert parse(PATRON, TRAINING_PLAN) == PatronCode(PATRON)
    assert parse(CARD, TRAINING_PLAN) == StaffCode(CARD)


@pytest.mark.parametrize(
    "text",
    [
        f"A{ITEM}A",
        f"a{ITEM}d",
        f"{ITEM}\r",
        f"{ITEM}\r\n",
        f"b{ITEM}b\t",
        f"  {ITEM}　",
        "１００００００016",
        "ａ１０００００００１６ａ",
    ],
)
def test_letters_suffix_and_full_width_do_not_count(text: str) -> None:
    assert parse(text, TRAINING_PLAN) == ItemCode(ITEM)


@pytest.mark.parametrize(
    ("text", "looked_like"),
    [
        ("1000000019", Meaning.ITEM),
        ("A1000000019A", Meaning.ITEM),
        ("2000000019", Meaning.PATRON),
        ("90000018", Meaning.STAFF),
        ("9784061234568", Meaning.ISBN),
        ("978-4-06-123456-8", Meaning.ISBN),
        ("4-06-123456-9", Meaning.ISBN),
        ("4061234569", Meaning.ISBN),
        ("406123456X", Meaning.ISBN),
        ("4910065410225", Meaning.MAGAZINE),
        ("491006541022500743", Meaning.MAGAZINE),
        ("9770317847002", Meaning.ISSN),
        ("0317-8472", Meaning.ISSN),
        ("ISSN 03178472", Meaning.ISSN),
    ],
)
def test_a_wrong_check_digit_says_what_it_looked_like(text: str, looked_like: Meaning) -> None:
    assert parse(text, TRAINING_PLAN) == Unknown(UnknownReason.WRONG_CHECK_DIGIT, text, looked_like)


@pytest.mark.parametrize(
    ("text", "looked_like"),
    [
        ("100000001", Meaning.ITEM),
        ("10000000166", Meaning.ITEM),
        ("A200000001A", Meaning.PATRON),
        ("9", Meaning.STAFF),
        ("9000001899", Meaning.STAFF),
    ],
)
def test_a_wrong_length_says_what_it_looked_like(text: str, looked_like: Meaning) -> None:
    assert parse(text, TRAINING_PLAN) == Unknown(UnknownReason.WRONG_LENGTH, text, looked_like)


@pytest.mark.parametrize(
    "text",
    [
        "9784883804788",
        "978-4-88380-478-8",
        "978 4 88380 478 8",
        "４－８８３８０－４７８－Ｘ",
        "４ー８８３８０ー４７８ーｘ",
        "488380478x",
        "ISBN 4-88380-478-X",
        "isbn978-4-88380-478-8",
        "ISBN-13: 978-4-88380-478-8",
        "978488380478812345",
        "A9784883804788A",
    ],
)
def test_isbns_in_every_dress(text: str) -> None:
    assert parse(text, TRAINING_PLAN) == Isbn("9784883804788")


def test_979_is_an_isbn_too() -> None:
    assert parse("9791032301234", TRAINING_PLAN) == Isbn("9791032301234")


@pytest.mark.parametrize("text", ["1920093012003", "1929999999999", "１９２００９３０１２００３"])
def test_the_price_row_is_told_from_an_item_number(text: str) -> None:
    assert reason(text) is UnknownReason.PRICE_ROW


@pytest.mark.parametrize("text", ["4910012340512", "491001234051200600"])
def test_magazines(text: str) -> None:
    parsed = parse(text, TRAINING_PLAN)
    assert isinstance(parsed, Magazine)
    assert (parsed.code, parsed.issue, parsed.month, parsed.digits) == ("01234", "05", 5, "4910012340512")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", UnknownReason.EMPTY),
        (" \r\n\t　", UnknownReason.EMPTY),
        ("\u2003", UnknownReason.EMPTY),
        ("1" * 65, UnknownReason.TOO_LONG),
        ("あ" * 500, UnknownReason.TOO_LONG),
        ("10000\x0000016", UnknownReason.CONTROL_CHARACTERS),
        ("10000\x1b[31m", UnknownReason.CONTROL_CHARACTERS),
        ("10000\r\n00016", UnknownReason.CONTROL_CHARACTERS),
        ("\ud800", UnknownReason.CONTROL_CHARACTERS),
        ("1000\u2028", UnknownReason.CONTROL_CHARACTERS),
        ("\u202e6100000001", UnknownReason.DIRECTION_MARKS),
        ("1000\u200b000016", UnknownReason.DIRECTION_MARKS),
        ("\ufeff" + "1000000016", UnknownReason.DIRECTION_MARKS),
        ("'; DROP TABLE loans; --", UnknownReason.NOT_A_CODE),
        ("' OR 1=1 --", UnknownReason.NOT_A_CODE),
        ("1000000O16", UnknownReason.NOT_A_CODE),
        ("7000000016", UnknownReason.WRONG_CHECK_DIGIT),
        ("70000", UnknownReason.NOT_A_CODE),
        ("a1000000016", UnknownReason.NOT_A_CODE),
        ("AA", UnknownReason.NOT_A_CODE),
        ("こんにちは", UnknownReason.NOT_A_CODE),
        ("१०००००००१६", UnknownReason.NOT_A_CODE),
        ("--", UnknownReason.NOT_A_CODE),
        ("978-", UnknownReason.NOT_A_CODE),
    ],
)
def test_each_kind_of_bad_text_has_its_own_reason(text: str, expected: UnknownReason) -> None:
    assert reason(text) is expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("10\x00\x1b\x7f16", "10␀␛␡16"),
        ("\u202e61", "<U+202E>61"),
        ("a\u200bb", "a<U+200B>b"),
        ("\ud800x", "<U+D800>x"),
        ("שלום", "<U+05E9><U+05DC><U+05D5><U+05DD>"),
        ("e\u0301", "e<U+0301>"),
        ("ㅤ1", "<U+3164>1"),
        ("\u0085x", "<U+0085>x"),
        ("本を借りる", "本を借りる"),
        ("x" * 40, "x" * 40),
        ("x" * 41, "x" * 39 + "…"),
        ("x" * 37 + "\u202e", "x" * 37 + "…"),
        ("y" * 500, "y" * 39 + "…"),
    ],
)
def test_what_is_shown_is_plain(text: str, shown: str) -> None:
    parsed = parse(text, TRAINING_PLAN)
    assert isinstance(parsed, Unknown)
    assert parsed.shown == shown


ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=80),
    st.text("0123456789ABCDabcdX-$:/.+ \t\r\n*'", max_size=20),
    st.text("０１２３９ＡＤａ－ー", max_size=14),
)


@given(text=ANY_TEXT, plan=st.sampled_from([TRAINING_PLAN, CodePlan((MOD16, OLD_STOCK), "$%"), CodePlan(())]))
@example(text="\ufdfa" * 64, plan=TRAINING_PLAN)
def test_no_text_at_all_makes_it_raise(text: str, plan: CodePlan) -> None:
    parsed = parse(text, plan)
    if isinstance(parsed, Unknown):
        assert len(parsed.shown) <= 40
        assert parsed.shown.isprintable()
        assert not any(unicodedata.category(character) in ("Cf", "Mn", "Me") for character in parsed.shown)
        assert (parsed.looked_like is not None) == (
            parsed.reason
            in (UnknownReason.WRONG_CHECK_DIGIT, UnknownReason.WRONG_LENGTH, UnknownReason.LETTERS)
        )
    else:
        value = dataclasses.astuple(parsed)[0]
        assert value.isascii()
        assert value


@pytest.mark.parametrize("rule", [*TRAINING_PLAN.rules, MOD16, OLD_STOCK])
@given(data=st.data())
def test_a_complete_number_reads_back_as_itself(rule: CodeRule, data: st.DataObject) -> None:
    serial = data.draw(st.integers(0, 10**rule.serial_digits - 1))
    number = complete(rule, serial)
    assert len(number) == rule.length
    assert number.startswith(rule.prefix)
    plan = CodePlan((rule,))
    parsed = parse(number, plan)
    assert dataclasses.astuple(parsed) == (number,)
    if rule.symbology is Symbology.NW7:
        assert parse(f"{rule.start}{number}{rule.stop}".lower(), plan) == parsed


@pytest.mark.parametrize("rule", TRAINING_PLAN.rules)
@given(data=st.data())
def test_a_misread_digit_is_always_a_wrong_check_digit(rule: CodeRule, data: st.DataObject) -> None:
    number = complete(rule, data.draw(st.integers(0, 10**rule.serial_digits - 1)))
    place = data.draw(st.integers(1, rule.length - 1))
    wrong = data.draw(st.sampled_from(sorted(set("0123456789") - {number[place]})))
    misread = number[:place] + wrong + number[place + 1 :]
    assert parse(misread, TRAINING_PLAN) == Unknown(UnknownReason.WRONG_CHECK_DIGIT, misread, rule.means)


@pytest.mark.parametrize("serial", [-1, 10**8, 10**30])
def test_a_serial_number_that_does_not_fit(serial: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        complete(ITEMS, serial)


def test_a_number_without_check_digit() -> None:
    rule = CodeRule(Meaning.PATRON, Symbology.NW7, "", 7, CheckDigit.NONE)
    assert complete(rule, 42) == "0000042"
    plan = CodePlan((rule,))
    assert parse("a0000042a", plan) == PatronCode("0000042")
    assert parse("000004", plan) == Unknown(UnknownReason.WRONG_LENGTH, "000004", Meaning.PATRON)


def test_of_two_kinds_with_one_prefix_the_nearer_length_is_named() -> None:
    short = _rule(prefix="5", length=8)
    long = _rule(prefix="5", length=12, means=Meaning.PATRON)
    plan = CodePlan((short, long))
    assert parse("5000000", plan) == Unknown(UnknownReason.WRONG_LENGTH, "5000000", Meaning.ITEM)
    assert parse("5" * 14, plan) == Unknown(UnknownReason.WRONG_LENGTH, "5" * 14, Meaning.PATRON)


def test_modulus_16_uses_the_letters_that_are_there_and_else_those_of_the_rule() -> None:
    plan = CodePlan((MOD16,))
    number = complete(MOD16, 12)
    assert check_character(CheckDigit.MODULUS_16, number[:-1], start="C", stop="D") == number[-1]
    assert parse(number, plan) == ItemCode(number)
    assert parse(f"c{number}d", plan) == ItemCode(number)
    assert parse(f"a{number}a", plan) == Unknown(UnknownReason.WRONG_CHECK_DIGIT, f"a{number}a", Meaning.ITEM)


def test_old_stock_in_code_39() -> None:
    plan = CodePlan((OLD_STOCK, *TRAINING_PLAN.rules))
    # Modulus 43 can ask for a space, which is lost with the whitespace around a text.
    assert complete(OLD_STOCK, 525605) == "F0525605 "
    assert parse("F0525605\r", plan) == ItemCode("F0525605 ")
    assert parse("F0525606", plan) == Unknown(UnknownReason.WRONG_LENGTH, "F0525606", Meaning.ITEM)
    number = complete(OLD_STOCK, 1234567)
    assert parse(number.lower(), plan) == ItemCode(number)
    assert parse("F1234", plan) == Unknown(UnknownReason.WRONG_LENGTH, "F1234", Meaning.ITEM)
    assert parse(ITEM, plan) == ItemCode(ITEM)


def test_letters_of_a_scanner_that_sends_them_are_the_rules_own() -> None:
    plan = CodePlan((_rule(letters=Letters.OWN, start="A", stop="B"),))
    assert parse(f"a{ITEM}b", plan) == ItemCode(ITEM)
    assert parse(ITEM, plan) == ItemCode(ITEM), "typed by hand"
    assert parse(f"A{ITEM}A", plan) == Unknown(UnknownReason.LETTERS, f"A{ITEM}A", Meaning.ITEM)


def test_a_scanner_that_strips_letters_sends_none() -> None:
    plan = CodePlan((_rule(letters=Letters.STRIPPED),))
    assert parse(ITEM, plan) == ItemCode(ITEM)
    assert parse(f"A{ITEM}A", plan) == Unknown(UnknownReason.LETTERS, f"A{ITEM}A", Meaning.ITEM)
    # what it says of letters is no way around the check digit
    assert parse("1000000019", plan) == Unknown(UnknownReason.WRONG_CHECK_DIGIT, "1000000019", Meaning.ITEM)


def test_rules_that_the_letters_tell_apart() -> None:
    """Code 39 with the letters in its prefix is told from NW-7 whose scanner strips them, or has others."""
    in_39 = _rule(symbology=Symbology.CODE39, prefix="A1", length=12, check=CheckDigit.MODULUS_43)
    with pytest.raises(PlanError, match="could be both"):
        CodePlan((ITEMS, in_39))
    assert CodePlan((_rule(letters=Letters.STRIPPED), in_39)).rules
    assert CodePlan((_rule(letters=Letters.OWN, start="B"), in_39)).rules


def test_commands_exist_only_behind_their_prefix() -> None:
    plan = CodePlan(TRAINING_PLAN.rules, command_prefix="$%")
    assert parse("$%finish\r", plan) == CommandCode("FINISH")
    assert parse("$%10", plan) == CommandCode("10")
    assert parse("A$10A", CodePlan((), "$")) == CommandCode("10")
    assert reason("$%", plan) is UnknownReason.NOT_A_CODE
    assert reason("$%DROP TABLE", plan) is UnknownReason.NOT_A_CODE
    assert reason("FINISH", plan) is UnknownReason.NOT_A_CODE
    assert reason("$%FINISH") is UnknownReason.NOT_A_CODE
    assert reason("FINISH") is UnknownReason.NOT_A_CODE


def _rule(**changes: object) -> CodeRule:
    return dataclasses.replace(ITEMS, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"means": Meaning.ISBN},
        {"means": Meaning.ISSN},
        {"means": Meaning.MAGAZINE},
        {"prefix": "A"},
        {"prefix": "１"},
        {"prefix": "f", "symbology": Symbology.CODE39},
        {"length": 2},
        {"length": 0},
        {"length": 21},
        {"start": "E"},
        {"stop": ""},
        {"start": "AB"},
        {"check": CheckDigit.MODULUS_43},
        {"check": CheckDigit.MODULUS_16, "symbology": Symbology.CODE128},
        {"check": CheckDigit.WEIGHTED_MODULUS_11, "length": 14},
        {"check": CheckDigit.EAN_13},
        {"check": CheckDigit.EAN_13, "symbology": Symbology.EAN13},
        {"symbology": Symbology.EAN13, "length": 13},
        {"symbology": Symbology.CODE39, "prefix": "F"},
    ],
)
def test_a_rule_no_number_could_follow_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(PlanError):
        _rule(**changes)


def test_rules_that_are_sound() -> None:
    assert (
        _rule(symbology=Symbology.EAN13, length=13, check=CheckDigit.EAN_13, prefix="29").serial_digits == 10
    )
    assert _rule(check=CheckDigit.ISBN_10).serial_digits == 8


@pytest.mark.parametrize(
    "other",
    [
        ITEMS,
        _rule(means=Meaning.PATRON),
        _rule(means=Meaning.PATRON, check=CheckDigit.SEVEN_DR),
        _rule(means=Meaning.PATRON, symbology=Symbology.CODE39),
        _rule(means=Meaning.PATRON, prefix="12"),
        _rule(means=Meaning.PATRON, prefix=""),
        _rule(means=Meaning.PATRON, start="B", stop="B"),
        # Without the space that modulus 43 can ask for, one character shorter.
        _rule(symbology=Symbology.CODE39, length=11, check=CheckDigit.MODULUS_43),
        # A1........A in Code 39 is what NW-7 sends with its letters.
        _rule(symbology=Symbology.CODE39, prefix="A1", length=12, check=CheckDigit.MODULUS_43),
    ],
)
def test_two_rules_one_text_could_match_are_refused(other: CodeRule) -> None:
    with pytest.raises(PlanError, match="could be both"):
        CodePlan((ITEMS, other))


@pytest.mark.parametrize("prefix", ["", "9", "97", "977", "978", "19", "192", "49", "4910"])
@pytest.mark.parametrize("length", [13, 15, 18])
def test_a_rule_that_could_be_printed_on_a_book_is_refused(prefix: str, length: int) -> None:
    with pytest.raises(PlanError, match="book's own"):
        CodePlan((_rule(prefix=prefix, length=length),))


def test_rules_that_can_be_told_apart() -> None:
    longer = _rule(length=12, means=Meaning.PATRON)
    framed = _rule(prefix="F", symbology=Symbology.CODE39, check=CheckDigit.MODULUS_43)
    assert CodePlan((ITEMS, longer, framed, _rule(prefix="20", length=13))).rules[0] is ITEMS


@pytest.mark.parametrize("prefix", ["1", "A", "ISBN", "-", "X", "cmd", "＄", " ", "F1", "A1"])
def test_a_command_prefix_that_is_not_plainly_one_is_refused(prefix: str) -> None:
    rule = _rule(prefix="F", symbology=Symbology.CODE39, check=CheckDigit.MODULUS_43)
    with pytest.raises(PlanError):
        CodePlan((ITEMS, rule), command_prefix=prefix)


@pytest.mark.parametrize(
    ("text", "isbn13"),
    [
        ("4-88380-478-X", "9784883804788"),
        ("978-4-88380-478-8", "9784883804788"),
        (" 9784883804788 ", "9784883804788"),
        ("ISBN4-88380-478-x", "9784883804788"),
        ("９７８４８８３８０４７８８", "9784883804788"),
        ("978‐4‐88380‐478‐8", "9784883804788"),
        ("90-70002-34-5", "9789070002343"),
        ("4-88380-478-1", None),
        ("978-4-88380-478-9", None),
        ("4910012340512", None),
        ("978488380478", None),
        ("4--88380-478-X", None),
        ("4-88380-478-X (set)", None),
        ("", None),
        ("\ud800", None),
        ("9" * 500, None),
    ],
)
def test_normalise_isbn(text: str, isbn13: str | None) -> None:
    assert normalise_isbn(text) == isbn13


@given(body=st.text("0123456789", min_size=9, max_size=9))
def test_an_isbn_10_becomes_its_isbn_13(body: str) -> None:
    isbn13 = normalise_isbn(body + check_character(CheckDigit.ISBN_10, body))
    assert isbn13 == "978" + body + check_character(CheckDigit.EAN_13, "978" + body)
    assert normalise_isbn(isbn13) == isbn13


@given(text=ANY_TEXT)
def test_normalise_isbn_never_raises(text: str) -> None:
    isbn13 = normalise_isbn(text)
    assert isbn13 is None or (len(isbn13) == 13 and isbn13.isdigit())


def test_codes_are_values_without_room_for_more() -> None:
    code = ItemCode(ITEM)
    with pytest.raises(dataclasses.FrozenInstanceError):
        code.number = PATRON  # type: ignore[misc]
    assert not hasattr(code, "__dict__")
