"""Command barcodes: a prefix nobody can guess, and behind it a few harmless acts."""

from __future__ import annotations

import math
from collections import Counter
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from madoguchi.barcode.check_digits import CheckDigit
from madoguchi.barcode.commands import (
    PREFIX_LENGTH,
    PREFIX_LETTERS,
    Command,
    command_of,
    command_text,
    new_prefix,
)
from madoguchi.barcode.symbology import (
    TRAINING_PLAN,
    CodePlan,
    CodeRule,
    CommandCode,
    Meaning,
    PlanError,
    Symbology,
    Unknown,
    UnknownReason,
    parse,
)

WORDS = [command.value for command in Command if not command.value.isdigit()]


def plan_of(prefix: str) -> CodePlan:
    return CodePlan(TRAINING_PLAN.rules, command_prefix=prefix)


# -- which commands there are ------------------------------------------------------------------------


def test_these_and_no_others_can_be_asked_for_by_a_scan() -> None:
    """A new command is a decision: is it harmless in the hands of whoever has copied the sheet?"""
    assert set(WORDS) == {
        *("LEND", "RETURN", "RENEW", "LAST", "FINISH", "DUE", "UNDO", "REPRINT", "DROP"),
        *("ATTEND", "YES", "NO", "HIDE", "LOCK", "ENTER", "ERASE"),
    }
    assert [command.value for command in Command if command.value.isdigit()] == list("0123456789")


@pytest.mark.parametrize(
    "never",
    [
        *("OVERRIDE", "WAIVE", "UNUSUAL", "FORCE", "REASON", "ALLOW"),
        *("WITHDRAW", "ERASE-PATRON", "DELETE", "REPLACE"),
        *("APPROVE", "UNLOCK", "SIGN-IN", "GRANT", "EXPORT"),
    ],
)
def test_an_override_a_withdrawal_or_an_approval_is_never_a_command(never: str) -> None:
    """Issue 3: "an override, a withdrawal or an approval is never given by a scan"."""
    prefix = new_prefix()
    code = parse(prefix + never, plan_of(prefix))
    assert code == CommandCode(never)
    assert command_of(code) is None
    assert never not in Command.__members__


@pytest.mark.parametrize("command", Command)
def test_each_is_read_back_behind_its_prefix(command: Command) -> None:
    prefix = new_prefix()
    code = parse(command_text(command, prefix), plan_of(prefix))
    assert isinstance(code, CommandCode)
    assert command_of(code) is command


def one_slip_away(word: str) -> set[str]:
    """What one letter lost, changed, doubled or added, or letters out of order, make of a word."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    places = range(len(word))
    lost = {word[:i] + word[i + 1 :] for i in places}
    changed = {word[:i] + letter + word[i + 1 :] for i in places for letter in letters}
    added = {word[:i] + letter + word[i:] for i in range(len(word) + 1) for letter in letters}
    ordered = {"".join(letters) for letters in permutations(word)}
    return (lost | changed | added | ordered) - {word}


@pytest.mark.parametrize("word", WORDS)
def test_a_damaged_command_is_no_command(word: str) -> None:
    slips = one_slip_away(word)
    assert len(slips) > 100
    assert [slip for slip in slips if command_of(CommandCode(slip))] == []


@pytest.mark.parametrize("name", ["", "yes", "YES ", "YESYES", "12", "-1", "٣"])
def test_what_only_resembles_a_command_is_none(name: str) -> None:
    assert command_of(CommandCode(name)) is None


# -- the prefix ---------------------------------------------------------------------------------------


def rules() -> st.SearchStrategy[CodeRule]:
    """Every rule a library could have, its own prefix shorter than a command prefix."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    @st.composite
    def rule(draw: st.DrawFn) -> CodeRule:
        symbology = draw(st.sampled_from(Symbology))
        plain = symbology in (Symbology.NW7, Symbology.EAN13)
        try:
            return CodeRule(
                draw(st.sampled_from((Meaning.ITEM, Meaning.PATRON, Meaning.STAFF))),
                symbology,
                draw(st.text("0123456789" if plain else letters, max_size=PREFIX_LENGTH - 1)),
                draw(st.integers(2, 30)),
                draw(st.sampled_from(CheckDigit)),
                start=draw(st.sampled_from("ABCD")),
                stop=draw(st.sampled_from("ABCD")),
            )
        except PlanError:
            reject()

    return rule()


@given(rule=rules(), random=st.randoms(use_true_random=False))
def test_every_plan_accepts_it(rule: CodeRule, random: Random) -> None:
    prefix = new_prefix(random)
    assert len(prefix) == PREFIX_LENGTH
    try:
        CodePlan((rule,))
    except PlanError:
        reject()
    assert CodePlan((rule,), command_prefix=prefix).command_prefix == prefix


def test_a_library_whose_numbers_begin_with_these_very_letters_is_told_so() -> None:
    prefix = new_prefix()
    rule = CodeRule(Meaning.ITEM, Symbology.CODE128, prefix, 16, CheckDigit.NONE)
    with pytest.raises(PlanError, match="command prefix"):
        CodePlan((rule,), command_prefix=prefix)


def test_its_letters_are_plain_on_every_keyboard_and_to_every_eye() -> None:
    assert set(PREFIX_LETTERS) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") - set("ABCDX")
    assert not set(PREFIX_LETTERS) & set("ILOQSZ")
    assert not set(PREFIX_LETTERS) & set("AEIOU")
    assert len(set(PREFIX_LETTERS)) == len(PREFIX_LETTERS)


def test_nobody_guesses_it() -> None:
    assert PREFIX_LENGTH * math.log2(len(PREFIX_LETTERS)) > 29
    drawn = [new_prefix() for _ in range(2000)]
    # one pair alike comes about once in 400 runs, two pairs once in 300,000
    assert len(set(drawn)) >= len(drawn) - 1
    for place in range(PREFIX_LENGTH):
        seen = Counter(prefix[place] for prefix in drawn)
        assert set(seen) == set(PREFIX_LETTERS)
        assert max(seen.values()) < 3 * len(drawn) / len(PREFIX_LETTERS)


# -- in the hands of somebody else ---------------------------------------------------------------------


@given(command=st.sampled_from(Command), randoms=st.tuples(st.randoms(), st.randoms()))
def test_another_library_s_command_is_an_unknown_text(
    command: Command, randoms: tuple[Random, Random]
) -> None:
    ours, theirs = map(new_prefix, randoms)
    if ours == theirs:
        reject()
    text = command_text(command, theirs)
    for plan in (plan_of(ours), TRAINING_PLAN):
        assert parse(text, plan) == Unknown(UnknownReason.NOT_A_CODE, text)


@given(command=st.sampled_from(Command), data=st.data())
def test_a_prefix_with_one_letter_wrong_opens_nothing(command: Command, data: st.DataObject) -> None:
    prefix = "FGHJKMNP"
    place = data.draw(st.integers(0, PREFIX_LENGTH - 1))
    wrong = data.draw(st.sampled_from(sorted(set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") - {prefix[place]})))
    text = prefix[:place] + wrong + prefix[place + 1 :] + command.value
    assert parse(text, plan_of(prefix)) == Unknown(UnknownReason.NOT_A_CODE, text)


@pytest.mark.parametrize("command", Command)
def test_without_a_prefix_there_are_no_commands(command: Command) -> None:
    for plan in (TRAINING_PLAN, plan_of("FGHJKMNP")):
        parsed = parse(command.value, plan)
        assert isinstance(parsed, Unknown)


# -- as scanners and keyboards send it -------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        "FGHJKMNPYES\r\n",
        "FGHJKMNPYES\t",
        "fghjkmnpyes",  # Caps Lock was on, or the scanner writes small letters
        "FGHJKMNPyes",
        "ＦＧＨＪＫＭＮＰＹＥＳ",  # through an input method
        "ｆｇｈｊｋｍｎｐｙｅｓ　",
        "  FGHJKMNPYES ",
    ],
)
def test_it_is_understood_in_every_dress(sent: str) -> None:
    code = parse(sent, plan_of("FGHJKMNP"))
    assert isinstance(code, CommandCode)
    assert command_of(code) is Command.YES


@pytest.mark.parametrize(
    "sent",
    [
        "]C0FGHJKMNPYES",  # with the symbology identifier of ISO/IEC 15424
        "jFGHJKMNPYES",  # a maker's own letter for Code 128
        "*FGHJKMNPYES*",  # Code 39 with its stars
        "AFGHJKMNPYESA",  # as if it were NW-7
        "FGHJKMNPYESFGHJKMNPYES",  # two scans run together, no Enter between them
        "FGHJKMNPFGHJKMNPYES",
        "GHJKMNPYES",  # first keys lost
        "FGHJKMNPYE",  # last keys lost
        "FGHJKMNP",
        "GFHJKMNPYES",  # keys out of order
        "FGHJKMNP YES",
        "FGHJKMNPYES1000000016",  # run into the next book
        "1000000016FGHJKMNPYES",
        "FGHJKMNPYE\u0301S",
        "FGHJKMNP\u200bYES",
        "\u202eFGHJKMNPYES",
        "FGHJKMNPYES\x00",
        "\x1dFGHJKMNPYES",  # FNC1 in front, as in GS1-128
        "FGHJKMNPYE5",
    ],
)
def test_whatever_is_not_exactly_a_command_does_nothing(sent: str) -> None:
    code = parse(sent, plan_of("FGHJKMNP"))
    assert isinstance(code, Unknown | CommandCode)
    assert not isinstance(code, CommandCode) or command_of(code) is None


@given(text=st.text(st.characters(exclude_categories=()), max_size=30))
def test_only_the_prefix_opens_a_command(text: str) -> None:
    assert not isinstance(parse(text, plan_of("FGHJKMNP")), CommandCode)
