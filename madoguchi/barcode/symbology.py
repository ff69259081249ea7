"""What a scanned or typed text means: one function, `parse`, from untrusted text to a type.

The library's own numbers are told by its `CodePlan`; books' own barcodes (ISBN, the price row, magazines) are
the same everywhere. One text can mean one thing only: a plan in which two rules could match the same text is
refused when it is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from typing import Final, TypeAlias

from madoguchi.barcode.check_digits import (
    DIGITS,
    NW7_CHARACTERS,
    START_STOP_LETTERS,
    CheckDigit,
    check_character,
    is_valid,
)
from madoguchi.barcode.isbn import isbn13_of, looks_like_isbn, normalise_isbn
from madoguchi.barcode.safe_text import AROUND, is_control, is_hidden_mark, plain_form, show

__all__ = [
    "LONGEST_TEXT",
    "TRAINING_PLAN",
    "CheckDigit",
    "CodePlan",
    "CodeRule",
    "CommandCode",
    "Isbn",
    "ItemCode",
    "Meaning",
    "ParsedCode",
    "PatronCode",
    "PlanError",
    "StaffCode",
    "Symbology",
    "Unknown",
    "UnknownReason",
    "complete",
    "normalise_isbn",
    "parse",
]

LONGEST_TEXT: Final = 64
"""Characters. The longest number or ISBN anybody prints on a card or a book is far shorter."""

_CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COMMAND_CHARACTERS: Final = DIGITS + _CAPITALS + "-"
_LETTER: Final = f"([{START_STOP_LETTERS}])"
_FRAMED: Final = re.compile(f"{_LETTER}([{re.escape(NW7_CHARACTERS)}]+){_LETTER}")
# Thirteen digits, and the two or five of an add-on symbol where the scanner sends it along.
_EAN_LENGTHS: Final = (13, 15, 18)
_PRICE_ROW: Final = "192"
_MAGAZINE: Final = "491"
_PRINTED_ON_BOOKS: Final = ("978", "979", _PRICE_ROW, _MAGAZINE)


class Symbology(Enum):
    """How a number is drawn as bars."""

    NW7 = "nw-7"
    CODE39 = "code-39"
    CODE128 = "code-128"
    EAN13 = "ean-13"


class Meaning(Enum):
    """What a number is the number of."""

    PATRON = "patron"
    ITEM = "item"
    STAFF = "staff"
    ISBN = "isbn"
    """A book's own number: known everywhere, so no rule of a library may claim it."""


class PlanError(ValueError):
    """A rule, or a plan of rules, that cannot tell codes apart. An error of the settings, not of a scan."""


@dataclass(frozen=True, slots=True)
class CodeRule:
    """One kind of number this library prints.

    `length` counts the whole number: prefix, serial digits and check digit, without start and stop letters.
    `start` and `stop` are the NW-7 letters assumed where the scanner strips them; modulus 16 counts them.
    Raises PlanError when such a number could not exist.
    """

    means: Meaning
    symbology: Symbology
    prefix: str
    length: int
    check: CheckDigit
    start: str = "A"
    stop: str = "A"

    def __post_init__(self) -> None:
        letters_too = self.symbology in (Symbology.CODE39, Symbology.CODE128)
        if self.means is Meaning.ISBN:
            raise PlanError("an ISBN is known without a rule")
        if not set(self.prefix) <= set(DIGITS + (_CAPITALS if letters_too else "")):
            raise PlanError(f"the prefix {self.prefix!r} cannot be drawn in {self.symbology.value}")
        for letter in (self.start, self.stop):
            if len(letter) != 1 or letter not in START_STOP_LETTERS:
                raise PlanError(f"start and stop letters are A to D, not {letter!r}")
        if self.serial_digits < 1 or self.length > LONGEST_TEXT - 2:
            raise PlanError(f"a number of {self.length} leaves no sensible room for a serial number")
        if self.check is CheckDigit.MODULUS_16 and self.symbology is not Symbology.NW7:
            raise PlanError("modulus 16 belongs to NW-7")
        if self.check is CheckDigit.MODULUS_43 and not letters_too:
            raise PlanError("modulus 43 belongs to Code 39")
        if self.symbology is Symbology.EAN13 and self.check is not CheckDigit.EAN_13:
            raise PlanError("EAN-13 has a check digit of its own")
        try:
            check_character(self.check, self.prefix + "0" * self.serial_digits)
        except ValueError as error:
            raise PlanError(f"{self.check.value} does not fit such a number: {error}") from error

    @property
    def serial_digits(self) -> int:
        """How many digits are left for the serial number."""
        return self.length - len(self.prefix) - (self.check is not CheckDigit.NONE)

    @property
    def shape(self) -> tuple[str, ...]:
        """For each place of a number under this rule, the characters that may stand there."""
        check = (self.check.alphabet,) if self.check is not CheckDigit.NONE else ()
        return (*self.prefix, *(DIGITS,) * self.serial_digits, *check)

    @property
    def may_end_in_space(self) -> bool:
        """Whether the check digit can be a space (modulus 43), which gets lost on the way to us."""
        return " " in self.check.alphabet

    def fits(self, number: str) -> bool:
        """Tell whether `number` has this shape, whatever its check digit."""
        return len(number) == self.length and all(map(str.__contains__, self.shape, number))

    def nearly_fits(self, number: str) -> bool:
        """Tell whether `number` begins as this rule's do and goes on with digits, whatever its length."""
        rest = number.removeprefix(self.prefix)
        return (
            number.startswith(self.prefix)
            and set(rest[:-1]) <= set(DIGITS)
            and rest[-1:] in DIGITS + self.check.alphabet
        )


@dataclass(frozen=True, slots=True)
class CodePlan:
    """All numbers of a library, and the prefix of its command barcodes (empty: there are none).

    Raises PlanError when one text could match two rules, or a rule and what is printed on books.
    """

    rules: tuple[CodeRule, ...]
    command_prefix: str = ""

    def __post_init__(self) -> None:
        for first, second in combinations(self.rules, 2):
            if any(_overlap(a, b) for a in _forms(first) for b in _forms(second)):
                raise PlanError(f"one text could be both {_words(first)} and {_words(second)}")
        for rule in self.rules:
            for printed in _PRINTED_ON_BOOKS:
                if rule.length in _EAN_LENGTHS and _overlap(rule.shape[:3], tuple(printed)):
                    raise PlanError(f"{_words(rule)} could also be a book's own {printed}… barcode")
        if self.command_prefix:
            self._check_command_prefix(self.command_prefix)

    def _check_command_prefix(self, prefix: str) -> None:
        if (
            not set(prefix) <= set(_COMMAND_CHARACTERS + "$%/+.*:")
            or set(prefix) <= set(DIGITS + START_STOP_LETTERS + "-X")
            or prefix.startswith("ISBN")
        ):
            raise PlanError(f"{prefix!r} is not plainly a command")
        for rule in self.rules:
            if any(_overlap(form[: len(prefix)], tuple(prefix)) for form in _forms(rule)):
                raise PlanError(f"{_words(rule)} could also begin with the command prefix")


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
    PRICE_ROW = "price row"
    MAGAZINE = "magazine"
    NOT_A_CODE = "not a code"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A text that is no code, and why.

    `shown` is safe to show as plain text (`safe_text.show`). `looked_like` says which kind of number it would
    have been, for a wrong check digit or a wrong length.
    """

    reason: UnknownReason
    shown: str
    looked_like: Meaning | None = None


ParsedCode: TypeAlias = PatronCode | ItemCode | StaffCode | Isbn | CommandCode | Unknown


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
    for rule in plan.rules:
        number = body if rule.symbology is Symbology.NW7 else plain
        if rule.may_end_in_space and rule.fits(number + " ") and is_valid(rule.check, number + " "):
            return _code(rule.means, number + " ")
        if rule.fits(number):
            if is_valid(rule.check, number, start=start or rule.start, stop=stop or rule.stop):
                return _code(rule.means, number)
            return Unknown(UnknownReason.WRONG_CHECK_DIGIT, show(text), rule.means)
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
    return CommandCode(name) if name and set(name) <= set(_COMMAND_CHARACTERS) else None


def _code(means: Meaning, number: str) -> PatronCode | ItemCode | StaffCode:
    if means is Meaning.PATRON:
        return PatronCode(number)
    if means is Meaning.ITEM:
        return ItemCode(number)
    return StaffCode(number)


def _printed_on_books(body: str, text: str) -> Isbn | Unknown | None:
    if len(body) in _EAN_LENGTHS and set(body) <= set(DIGITS):
        body = body[:13]
        if body.startswith(_PRICE_ROW):
            return Unknown(UnknownReason.PRICE_ROW, show(text))
        if body.startswith(_MAGAZINE):
            return Unknown(UnknownReason.MAGAZINE, show(text))
    isbn13 = isbn13_of(body)
    return Isbn(isbn13) if isbn13 else None


def _near_miss(plain: str, body: str, text: str, plan: CodePlan) -> Unknown:
    """What it nearly was: an ISBN misread, else a number of ours with digits lost or added, else nothing."""
    ours = [
        rule for rule in plan.rules if rule.nearly_fits(body if rule.symbology is Symbology.NW7 else plain)
    ]
    if looks_like_isbn(body, ten_bare_digits=not ours):
        return Unknown(UnknownReason.WRONG_CHECK_DIGIT, show(text), Meaning.ISBN)
    if ours:
        nearest = min(ours, key=lambda rule: abs(rule.length - len(body)))
        return Unknown(UnknownReason.WRONG_LENGTH, show(text), nearest.means)
    return Unknown(UnknownReason.NOT_A_CODE, show(text))


def _forms(rule: CodeRule) -> tuple[tuple[str, ...], ...]:
    """The shapes in which a number of this rule can arrive."""
    if rule.symbology is not Symbology.NW7:
        return (rule.shape, rule.shape[:-1]) if rule.may_end_in_space else (rule.shape,)
    return rule.shape, (START_STOP_LETTERS, *rule.shape, START_STOP_LETTERS)


def _overlap(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    return len(first) == len(second) and all(set(a) & set(b) for a, b in zip(first, second, strict=True))


def _words(rule: CodeRule) -> str:
    return f"{rule.means.value} {rule.prefix}… of {rule.length} in {rule.symbology.value}"


TRAINING_PLAN: Final = CodePlan(
    rules=(
        CodeRule(Meaning.ITEM, Symbology.NW7, "1", 10, CheckDigit.MODULUS_10_2_1_SPLIT),
        CodeRule(Meaning.PATRON, Symbology.NW7, "2", 10, CheckDigit.MODULUS_10_3_1),
        CodeRule(Meaning.STAFF, Symbology.NW7, "9", 8, CheckDigit.MODULUS_10_2_1_SPLIT),
    )
)
"""The training library's numbers."""
