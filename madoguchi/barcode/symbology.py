"""What a scanned or typed text means: one function, `parse`, from untrusted text to a type.

The library's own numbers are told by its `CodePlan`; what is printed on books and magazines (ISBN, the price
row, ISSN, magazine codes) is the same everywhere. A wrong digit is never put right: which one it is, nobody
knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from madoguchi.barcode.check_digits import (
    DIGITS,
    NW7_CHARACTERS,
    START_STOP_LETTERS,
    CheckDigit,
    check_character,
    is_valid,
)
from madoguchi.barcode.code_plan import (
    COMMAND_CHARACTERS,
    EAN_LENGTHS,
    LONGEST_TEXT,
    PRICE_ROW,
    TRAINING_PLAN,
    CodePlan,
    CodeRule,
    Letters,
    Meaning,
    PlanError,
    PlanProblem,
    Symbology,
)
from madoguchi.barcode.isbn import isbn13_of, looks_like_isbn, normalise_isbn
from madoguchi.barcode.periodicals import Issn, Magazine, issn_of, looks_like_issn, magazine_of
from madoguchi.barcode.safe_text import AROUND, is_control, is_hidden_mark, plain_form, show

__all__ = [
    "LONGEST_TEXT",
    "TRAINING_PLAN",
    "CheckDigit",
    "CodePlan",
    "CodeRule",
    "CommandCode",
    "Isbn",
    "Issn",
    "ItemCode",
    "Letters",
    "Magazine",
    "Meaning",
    "ParsedCode",
    "PatronCode",
    "PlanError",
    "PlanProblem",
    "StaffCode",
    "Symbology",
    "Unknown",
    "UnknownReason",
    "complete",
    "normalise_isbn",
    "parse",
]

_LETTER: Final = f"([{START_STOP_LETTERS}])"
_FRAMED: Final = re.compile(f"{_LETTER}([{re.escape(NW7_CHARACTERS)}]+){_LETTER}")
_MAGAZINE: Final = "491"


@dataclass(frozen=True, slots=True)
class PatronCode:
    """A patron number of this library, check digit included and right."""

    number: str


@dataclass(frozen=True, slots=True)
class ItemCode:
    """An item number of this library, check digit included and right."""

    number: str


@dataclass(frozen=True, slots=True)
class StaffCode:
    """The number on a staff card, check digit included and right."""

    number: str


@dataclass(frozen=True, slots=True)
class Isbn:
    """A title's own number, always as thirteen digits without hyphens, check digit right.

    979-0 (printed music, ISMN) is let through: it too names a title.
    """

    isbn13: str


@dataclass(frozen=True, slots=True)
class CommandCode:
    """A command barcode: what follows the plan's command prefix, in capitals."""

    name: str


class UnknownReason(Enum):
    """Why a text is no code. Each has its own sentence for the clerk."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    CONTROL_CHARACTERS = "control characters"
    DIRECTION_MARKS = "direction marks"
    WRONG_CHECK_DIGIT = "wrong check digit"
    WRONG_LENGTH = "wrong length"
    LETTERS = "letters"
    """A number of ours, between letters that ours do not have."""
    PRICE_ROW = "price row"
    NOT_A_CODE = "not a code"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A text that is no code, and why.

    `shown` is safe to show as plain text (`safe_text.show`). `looked_like` says which kind of number it would
    have been, for a wrong check digit, a wrong length or wrong letters.
    """

    reason: UnknownReason
    shown: str
    looked_like: Meaning | None = None


ParsedCode: TypeAlias = PatronCode | ItemCode | StaffCode | Isbn | Issn | Magazine | CommandCode | Unknown


def parse(text_untrusted: str, plan: CodePlan) -> ParsedCode:
    """Say what a scanned or typed text means under this plan. Never raises, whatever the text.

    Whitespace around the text and the scanner's suffix (CR, LF, Tab) do not count; full-width characters are
    read as their plain ones; NW-7 start and stop letters are taken off, in either case. A library's own
    number comes before an ISBN-10 typed without hyphens: the same ten digits can be both.
    """
    text = text_untrusted.strip(AROUND)
    plain = plain_form(text[: LONGEST_TEXT + 1])
    if not plain:
        return Unknown(UnknownReason.EMPTY, "")
    if len(text) > LONGEST_TEXT:
        return Unknown(UnknownReason.TOO_LONG, show(text))
    if any(map(is_control, text)):
        return Unknown(UnknownReason.CONTROL_CHARACTERS, show(text))
    if any(map(is_hidden_mark, text)):
        return Unknown(UnknownReason.DIRECTION_MARKS, show(text))
    framed = _FRAMED.fullmatch(plain)
    body, start, stop = (framed[2], framed[1], framed[3]) if framed else (plain, "", "")
    command = _command(plain, plan) or _command(body, plan)
    if command is not None:
        return command
    stranger: Meaning | None = None
    for rule in plan.rules:
        number = body if rule.symbology is Symbology.NW7 else plain
        if not rule.may_have(start, stop):
            stranger = rule.means if rule.fits(number) else stranger
            continue
        if rule.may_end_in_space and rule.fits(number + " ") and is_valid(rule.check, number + " "):
            return _code(rule.means, number + " ")
        if rule.fits(number):
            if is_valid(rule.check, number, start=start or rule.start, stop=stop or rule.stop):
                return _code(rule.means, number)
            return Unknown(UnknownReason.WRONG_CHECK_DIGIT, show(text), rule.means)
    if stranger is not None:
        return Unknown(UnknownReason.LETTERS, show(text), stranger)
    return _printed_on_books(body, text) or _near_miss(plain, body, text, plan)


def complete(rule: CodeRule, serial_number: int) -> str:
    """Make the whole number for a serial number: prefix, digits filled with zeros, check digit.

    Raises ValueError when the serial number is negative or has more digits than the rule leaves for it.
    """
    serial = str(serial_number)
    if serial_number < 0 or len(serial) > rule.serial_digits:
        raise ValueError(f"{serial_number} does not fit into {rule.serial_digits} digits")
    body = rule.prefix + serial.zfill(rule.serial_digits)
    return body + check_character(rule.check, body, start=rule.start, stop=rule.stop)


def _command(text: str, plan: CodePlan) -> CommandCode | None:
    if not plan.command_prefix or not text.startswith(plan.command_prefix):
        return None
    name = text.removeprefix(plan.command_prefix)
    return CommandCode(name) if name and set(name) <= set(COMMAND_CHARACTERS) else None


def _code(means: Meaning, number: str) -> PatronCode | ItemCode | StaffCode:
    if means is Meaning.PATRON:
        return PatronCode(number)
    if means is Meaning.ITEM:
        return ItemCode(number)
    return StaffCode(number)


def _printed_on_books(body: str, text: str) -> Isbn | Issn | Magazine | Unknown | None:
    if len(body) in EAN_LENGTHS and set(body) <= set(DIGITS):
        if body.startswith(PRICE_ROW):
            return Unknown(UnknownReason.PRICE_ROW, show(text))
        if body.startswith(_MAGAZINE):
            wrong = Unknown(UnknownReason.WRONG_CHECK_DIGIT, show(text), Meaning.MAGAZINE)
            return magazine_of(body) or wrong
    isbn13 = isbn13_of(body)
    return Isbn(isbn13) if isbn13 else issn_of(body)


def _near_miss(plain: str, body: str, text: str, plan: CodePlan) -> Unknown:
    """What it nearly was: an ISBN misread, else a number of ours with digits lost or added, else nothing."""
    ours = [
        rule for rule in plan.rules if rule.nearly_fits(body if rule.symbology is Symbology.NW7 else plain)
    ]
    if looks_like_isbn(body, ten_bare_digits=not ours):
        return Unknown(UnknownReason.WRONG_CHECK_DIGIT, show(text), Meaning.ISBN)
    if looks_like_issn(body):
        return Unknown(UnknownReason.WRONG_CHECK_DIGIT, show(text), Meaning.ISSN)
    if ours:
        nearest = min(ours, key=lambda rule: abs(rule.length - len(body)))
        return Unknown(UnknownReason.WRONG_LENGTH, show(text), nearest.means)
    return Unknown(UnknownReason.NOT_A_CODE, show(text))
