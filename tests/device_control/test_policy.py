"""Rules: what an administrator writes is what holds, and a slip is refused with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.device_control.device import InterfaceClass
from madoguchi.device_control.policy import (
    MOST_RULES,
    Policy,
    PolicySlip,
    Rule,
    Slip,
    format_rules,
    parse_rules,
)
from tests.device_control.devices import KEYBOARD, STORAGE, classes, device

KEYBOARD_RULE = 'allow id 046d:c31c interfaces 03:01:01 as "鍵盤" because "窓口の鍵盤"'


def test_a_rule_is_read_word_for_word() -> None:
    text = (
        "# 窓口\n\n"
        'allow id 05e0:1200 serial "A-1" interfaces 03:00:00,03:01:01 port "1-4.2"'
        ' as "読取機" because "貸出　業務"\n'
        'block id 046d:* as "that make" because "recalled"\n'
        'block as "everything" because "last"\n'
    )
    assert parse_rules(text) == Policy(
        (
            Rule(True, "読取機", "貸出　業務", 0x05E0, 0x1200, "A-1", classes("03:00:00,03:01:01"), "1-4.2"),
            Rule(False, "that make", "recalled", 0x046D),
            Rule(False, "everything", "last"),
        )
    )


def test_blanks_line_up_and_no_line_end_is_needed() -> None:
    spread = KEYBOARD_RULE.replace(" interfaces", "    interfaces")
    assert parse_rules(spread) == parse_rules(KEYBOARD_RULE + "\n")


@pytest.mark.parametrize(
    ("line", "slip"),
    [
        ("permit " + KEYBOARD_RULE[6:], Slip.ACTION),
        ("Allow " + KEYBOARD_RULE[6:], Slip.ACTION),
        ('"allow" ' + KEYBOARD_RULE[6:], Slip.ACTION),
        (" " + KEYBOARD_RULE, Slip.WORD),
        (KEYBOARD_RULE + " ", Slip.WORD),
        (KEYBOARD_RULE + " and more", Slip.WORD),
        (KEYBOARD_RULE + ' because "twice"', Slip.WORD),
        (KEYBOARD_RULE.replace('as "', 'as"'), Slip.WORD),
        (KEYBOARD_RULE.replace('" because', '"because'), Slip.WORD),
        (KEYBOARD_RULE[:-1], Slip.WORD),
        (KEYBOARD_RULE.replace("鍵盤", "a\\b", 1), Slip.WORD),
        (KEYBOARD_RULE + ' port "1-1"', Slip.WORD),
        (KEYBOARD_RULE.replace("id 046d:c31c ", "id 046d:c31c id 046d:c31c "), Slip.WORD),
        (
            KEYBOARD_RULE.replace("id 046d:c31c interfaces 03:01:01", "interfaces 03:01:01 id 046d:c31c"),
            Slip.WORD,
        ),
        (KEYBOARD_RULE.replace("id ", "vendor "), Slip.WORD),
        ("allow", Slip.LABEL),
        ('allow id 046d:c31c interfaces 03:01:01 because "x"', Slip.LABEL),
        ('allow id 046d:c31c interfaces 03:01:01 as "" because "x"', Slip.LABEL),
        ('allow id 046d:c31c interfaces 03:01:01 as "  " because "x"', Slip.LABEL),
        ('allow id 046d:c31c interfaces 03:01:01 as bare because "x"', Slip.LABEL),
        (f'allow id 046d:c31c interfaces 03:01:01 as "{"x" * 101}" because "x"', Slip.LABEL),
        ('allow id 046d:c31c interfaces 03:01:01 as "x"', Slip.REASON),
        ('allow id 046d:c31c interfaces 03:01:01 as "x" because', Slip.WORD),
        (KEYBOARD_RULE.replace("046d", "046D"), Slip.ID),
        (KEYBOARD_RULE.replace("046d", "46d"), Slip.ID),
        (KEYBOARD_RULE.replace("046d:c31c", "*:c31c"), Slip.ID),
        (KEYBOARD_RULE.replace("046d:c31c", "046d:c3*"), Slip.ID),
        (KEYBOARD_RULE.replace("046d:c31c", "046d"), Slip.ID),
        (KEYBOARD_RULE.replace("046d:c31c", '"046d:c31c"'), Slip.ID),
        (KEYBOARD_RULE.replace("046d:c31c", "046d:c31c serial S"), Slip.SERIAL),
        (KEYBOARD_RULE.replace("046d:c31c", '046d:c31c serial ""'), Slip.SERIAL),
        (KEYBOARD_RULE.replace("03:01:01", "03:01"), Slip.INTERFACES),
        (KEYBOARD_RULE.replace("03:01:01", "03:01:01,"), Slip.INTERFACES),
        (KEYBOARD_RULE.replace("03:01:01", "08:06:50,03:01:01"), Slip.INTERFACES),
        (KEYBOARD_RULE.replace("03:01:01", "0A:00:00"), Slip.INTERFACES),
        (KEYBOARD_RULE.replace("03:01:01", "*"), Slip.INTERFACES),
        (KEYBOARD_RULE.replace("03:01:01", '03:01:01 port "1"'), Slip.PORT),
        (KEYBOARD_RULE.replace("03:01:01", '03:01:01 port "usb1"'), Slip.PORT),
        (KEYBOARD_RULE.replace("03:01:01", "03:01:01 port 1-1"), Slip.PORT),
        ('allow as "all" because "lazy"', Slip.NO_CONDITION),
        ('allow serial "S" interfaces 03:01:01 as "x" because "x"', Slip.NO_DEVICE),
        ('allow interfaces 03:01:01 as "x" because "x"', Slip.NO_DEVICE),
        ('allow id 046d:c31c as "x" because "x"', Slip.NO_INTERFACES),
        (KEYBOARD_RULE.replace("鍵盤", "鍵\t盤", 1), Slip.TEXT),
        (KEYBOARD_RULE + "\r", Slip.TEXT),
        ("\ufeff" + KEYBOARD_RULE, Slip.TEXT),
        ("# \u202e", Slip.TEXT),
        ("# \ud800", Slip.TEXT),
    ],
)
def test_a_slip_is_refused_with_its_line(line: str, slip: Slip) -> None:
    with pytest.raises(PolicySlip) as caught:
        parse_rules(f"# first\n{KEYBOARD_RULE}\n\n{line}\n{KEYBOARD_RULE}\n")
    assert (caught.value.line, caught.value.slip) == (4, slip)


def test_there_is_an_end_to_rules() -> None:
    most = f"{KEYBOARD_RULE}\n" * MOST_RULES
    assert len(parse_rules(most).rules) == MOST_RULES
    with pytest.raises(PolicySlip) as caught:
        parse_rules(most + KEYBOARD_RULE)
    assert (caught.value.line, caught.value.slip) == (MOST_RULES + 1, Slip.TOO_MANY)


def test_a_rule_asks_for_all_that_it_says() -> None:
    (rule,) = parse_rules(
        f'allow id 046d:c31c serial "S" interfaces {KEYBOARD} port "1-2" as "x" because "x"'
    ).rules
    assert rule.matches(device(serial="S", port="1-2"))
    for other in (
        device(serial="S", port="1-2", id="046d:c31d"),
        device(serial="S", port="1-2", id="046e:c31c"),
        device(serial="s", port="1-2"),
        device(port="1-2"),
        device(serial="S", port="1-2.1"),
        device(f"{KEYBOARD},{STORAGE}", serial="S", port="1-2"),
        device(f"{KEYBOARD},{KEYBOARD}", serial="S", port="1-2"),
        device("", serial="S", port="1-2"),
    ):
        assert not rule.matches(other)


def test_the_first_match_is_the_one() -> None:
    policy = parse_rules(
        'block id 046d:c31c serial "lost" as "lost" because "lost"\n'
        + KEYBOARD_RULE
        + '\nblock as "rest" because "rest"\n'
    )
    assert policy.first_match(device(serial="lost")) is policy.rules[0]
    assert policy.first_match(device(serial="kept")) is policy.rules[1]
    assert policy.first_match(device(STORAGE)) is policy.rules[2]
    assert Policy(policy.rules[:2]).first_match(device(STORAGE)) is None


@pytest.mark.parametrize(
    ("text", "is_registration"),
    [
        (KEYBOARD_RULE, True),
        (KEYBOARD_RULE.replace("c31c", "*"), False),
        (KEYBOARD_RULE.replace("c31c", '* serial "S"'), True),
        (KEYBOARD_RULE.replace("id 046d:c31c ", "").replace(" as", ' port "1-1" as'), True),
        (KEYBOARD_RULE.replace("allow", "block"), False),
    ],
)
def test_what_is_a_registration(text: str, is_registration: bool) -> None:
    assert parse_rules(text).rules[0].is_registration is is_registration


words = st.text(
    st.characters(exclude_characters='"\\', codec="utf-8").filter(lambda c: c.isprintable() or c == "\u3000"),
    min_size=1,
    max_size=100,
).filter(lambda text: bool(text.strip()))
bytes_ = st.integers(0, 255)
sets = st.lists(st.builds(InterfaceClass, bytes_, bytes_, bytes_), min_size=1, max_size=5).map(
    lambda found: tuple(sorted(found))
)
ids = st.integers(0, 0xFFFF)
ports = st.from_regex(r"\A[0-9]{1,3}-[0-9]{1,3}(\.[0-9]{1,3}){0,4}\Z")


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    allows = draw(st.booleans())
    vendor = draw(st.none() | ids)
    port = draw(st.none() | ports)
    if allows and vendor is None and port is None:
        port = draw(ports)
    return Rule(
        allows,
        draw(words),
        draw(words),
        vendor,
        draw(st.none() | ids) if vendor is not None else None,
        draw(st.none() | words),
        draw(sets) if allows else draw(st.none() | sets),
        port,
    )


@given(st.lists(rules(), max_size=5).map(lambda found: Policy(tuple(found))))
def test_rules_come_back_as_they_were(policy: Policy) -> None:
    text = format_rules(policy)
    assert parse_rules(text) == policy
    assert format_rules(parse_rules(text)) == text


@given(st.text(st.sampled_from('allowbckids eriatfp0123456789d:-*,."\\#\n窓'), max_size=120))
def test_any_text_is_read_or_refused_with_its_line(text: str) -> None:
    try:
        policy = parse_rules(text)
    except PolicySlip as slip:
        line, policy = slip.line, Policy(())
    else:
        line = 1
    assert 1 <= line <= text.count("\n") + 1
    assert parse_rules(format_rules(policy)) == policy
