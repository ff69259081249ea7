"""A library's own numbering: which symbology, prefix, length, letters and check digit mean what.

One text can mean one thing only: a plan in which two rules could match the same text is refused when it is
made. `plan_text` and `read_plan` are the form in which a plan is kept as a setting (JSON).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from typing import Final

from madoguchi.barcode.check_digits import (
    DIGITS,
    START_STOP_LETTERS,
    CheckDigit,
    check_character,
)

LONGEST_TEXT: Final = 64
"""Characters. The longest number or ISBN anybody prints on a card or a book is far shorter."""
LONGEST_NUMBER: Final = 20
"""Characters of a library's own number: what the databases keep of an item's, a card's or a staff card's."""
MOST_RULES: Final = 20
"""Kinds of numbers in one library; no library that ever moved has had half as many."""
LONGEST_PLAN: Final = 4000
"""Characters of a plan as a setting."""

CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
COMMAND_CHARACTERS: Final = DIGITS + CAPITALS + "-"
# Thirteen digits, and the two or five of an add-on symbol where the scanner sends it along.
EAN_LENGTHS: Final = (13, 15, 18)
PRICE_ROW: Final = "192"
_PRINTED_ON_BOOKS: Final = ("977", "978", "979", PRICE_ROW, "491")


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
    ISSN = "issn"
    """A periodical's own number, in the same way."""
    MAGAZINE = "magazine"
    """An issue of a Japanese magazine, in the same way."""


PRINTED_BY_US: Final = (Meaning.PATRON, Meaning.ITEM, Meaning.STAFF)
"""What a library's own numbers can be the numbers of."""


class Letters(Enum):
    """What the library's scanners make of the NW-7 start and stop letters."""

    ANY = "any"
    """Sent or stripped, and whichever they are: they do not count."""
    OWN = "own"
    """Sent: where there are letters, they are the rule's own. Bare numbers are typed by hand."""
    STRIPPED = "stripped"
    """Taken off by the scanner: a text with letters is none of ours."""


class PlanProblem(Enum):
    """What is wrong with a rule or a plan; each has its own sentence."""

    NOT_OURS = "not ours"
    PREFIX = "prefix"
    LETTER = "letter"
    LENGTH = "length"
    MODULUS_16 = "modulus 16"
    MODULUS_43 = "modulus 43"
    EAN_13 = "ean-13"
    CHECK = "check"
    OVERLAP = "overlap"
    ON_BOOKS = "on books"
    COMMAND_PREFIX = "command prefix"
    COMMAND_OVERLAP = "command overlap"
    NO_PLAN = "no plan"
    """The setting's text is no plan at all."""


class PlanError(ValueError):
    """A rule, or a plan of rules, that cannot tell codes apart. An error of the settings, not of a scan.

    Attributes:
        problem: what is wrong.
        rules: the rules that it is about; of an overlap, both.
    """

    def __init__(self, problem: PlanProblem, sentence: str, rules: tuple[CodeRule, ...] = ()) -> None:
        super().__init__(sentence)
        self.problem = problem
        self.rules = rules


@dataclass(frozen=True, slots=True)
class CodeRule:
    """One kind of number this library prints.

    `length` counts the whole number: prefix, serial digits and check digit, without start and stop letters.
    `start` and `stop` are the NW-7 letters that are printed, and assumed where the scanner strips them;
    modulus 16 counts them. `letters` says which of them a scan may have. Raises PlanError when such a number
    could not exist.
    """

    means: Meaning
    symbology: Symbology
    prefix: str
    length: int
    check: CheckDigit
    start: str = "A"
    stop: str = "A"
    letters: Letters = Letters.ANY

    def __post_init__(self) -> None:
        letters_too = self.symbology in (Symbology.CODE39, Symbology.CODE128)
        if self.means not in PRINTED_BY_US:
            raise self._error(PlanProblem.NOT_OURS, f"an {self.means.value} is known without a rule")
        if not set(self.prefix) <= set(DIGITS + (CAPITALS if letters_too else "")):
            words = f"the prefix {self.prefix!r} cannot be drawn in {self.symbology.value}"
            raise self._error(PlanProblem.PREFIX, words)
        for letter in (self.start, self.stop):
            if len(letter) != 1 or letter not in START_STOP_LETTERS:
                words = f"start and stop letters are A to D, not {letter!r}"
                raise self._error(PlanProblem.LETTER, words)
        if self.serial_digits < 1 or self.length > LONGEST_NUMBER:
            words = f"a number of {self.length} has no serial number, or no room in the database"
            raise self._error(PlanProblem.LENGTH, words)
        if self.check is CheckDigit.MODULUS_16 and self.symbology is not Symbology.NW7:
            raise self._error(PlanProblem.MODULUS_16, "modulus 16 belongs to NW-7")
        if self.check is CheckDigit.MODULUS_43 and not letters_too:
            raise self._error(PlanProblem.MODULUS_43, "modulus 43 belongs to Code 39")
        if self.symbology is Symbology.EAN13 and self.check is not CheckDigit.EAN_13:
            raise self._error(PlanProblem.EAN_13, "EAN-13 has a check digit of its own")
        try:
            check_character(self.check, self.prefix + "0" * self.serial_digits)
        except ValueError as error:
            words = f"{self.check.value} does not fit such a number: {error}"
            raise self._error(PlanProblem.CHECK, words) from error

    def _error(self, problem: PlanProblem, words: str) -> PlanError:
        return PlanError(problem, words, (self,))

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

    def may_have(self, start: str, stop: str) -> bool:
        """Tell whether a text may come with these letters around it; both are empty where there were none."""
        if not start or self.symbology is not Symbology.NW7 or self.letters is Letters.ANY:
            return True
        return self.letters is Letters.OWN and (start, stop) == (self.start, self.stop)

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
                words = f"one text could be both {_words(first)} and {_words(second)}"
                raise PlanError(PlanProblem.OVERLAP, words, (first, second))
        for rule in self.rules:
            for printed in _PRINTED_ON_BOOKS:
                if rule.length in EAN_LENGTHS and _overlap(rule.shape[:3], tuple(printed)):
                    words = f"{_words(rule)} could also be a book's own {printed}… barcode"
                    raise PlanError(PlanProblem.ON_BOOKS, words, (rule,))
        if self.command_prefix:
            self._check_command_prefix(self.command_prefix)

    def _check_command_prefix(self, prefix: str) -> None:
        if (
            not set(prefix) <= set(COMMAND_CHARACTERS + "$%/+.*:")
            or set(prefix) <= set(DIGITS + START_STOP_LETTERS + "-X")
            or prefix.startswith(("ISBN", "ISSN"))
        ):
            # the prefix is a secret of the library's staff: no sentence repeats it
            raise PlanError(PlanProblem.COMMAND_PREFIX, "the command prefix is not plainly one")
        for rule in self.rules:
            if any(_overlap(form[: len(prefix)], tuple(prefix)) for form in _forms(rule)):
                words = f"{_words(rule)} could also begin with the command prefix"
                raise PlanError(PlanProblem.COMMAND_OVERLAP, words, (rule,))


def plan_text(plan: CodePlan) -> str:
    """The plan's rules as a setting keeps them; the command prefix is kept elsewhere."""
    rules = [
        {
            "means": rule.means.value,
            "symbology": rule.symbology.value,
            "prefix": rule.prefix,
            "length": rule.length,
            "check": rule.check.value,
            "start": rule.start,
            "stop": rule.stop,
            "letters": rule.letters.value,
        }
        for rule in plan.rules
    ]
    return json.dumps({"rules": rules}, separators=(",", ":"))


def read_plan(text_untrusted: str) -> CodePlan:
    """The plan that a setting holds.

    Raises:
        PlanError: it is none, or one that cannot tell codes apart.
    """
    if len(text_untrusted) > LONGEST_PLAN:
        raise PlanError(PlanProblem.NO_PLAN, f"a plan has at most {LONGEST_PLAN} characters")
    try:
        rules = json.loads(text_untrusted)["rules"]
        if not isinstance(rules, list) or not 1 <= len(rules) <= MOST_RULES:
            raise ValueError(f"a plan has 1 to {MOST_RULES} rules")
        return CodePlan(tuple(_read_rule(rule) for rule in rules))
    except PlanError:
        raise
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise PlanError(PlanProblem.NO_PLAN, f"no plan of numbers: {type(error).__name__}") from error


def _read_rule(found: dict[str, object]) -> CodeRule:
    prefix, length = found["prefix"], found["length"]
    start, stop = found.get("start", "A"), found.get("stop", "A")
    if not (isinstance(prefix, str) and isinstance(start, str) and isinstance(stop, str)):
        raise TypeError("a text")
    if not isinstance(length, int) or isinstance(length, bool):
        raise TypeError("a number")
    return CodeRule(
        Meaning(found["means"]),
        Symbology(found["symbology"]),
        prefix,
        length,
        CheckDigit(found["check"]),
        start,
        stop,
        Letters(found.get("letters", "any")),
    )


def _forms(rule: CodeRule) -> tuple[tuple[str, ...], ...]:
    """The shapes in which a number of this rule can arrive."""
    if rule.symbology is not Symbology.NW7:
        return (rule.shape, rule.shape[:-1]) if rule.may_end_in_space else (rule.shape,)
    if rule.letters is Letters.STRIPPED:
        return (rule.shape,)
    own = rule.letters is Letters.OWN
    start, stop = (rule.start, rule.stop) if own else (START_STOP_LETTERS, START_STOP_LETTERS)
    return rule.shape, (start, *rule.shape, stop)


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
