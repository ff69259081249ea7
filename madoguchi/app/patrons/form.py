"""A registration (利用者登録): what was typed of a person, made into values, and what follows from it. Pure.

Every field that is wrong is told at once. The server checks again whatever could do harm.

Whoever is to be told by telephone needs one, by mail an address for it. Somebody with neither is registered,
too, but then by choice: to be told by post card, or not at all.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from madoguchi.app.catalogue.ndl_text import clean_folded, to_katakana
from madoguchi.app.patrons.birth_dates import BirthDateProblem, parse_birth_date
from madoguchi.app.patrons.comparing import address_key
from madoguchi.app.patrons.person import LONGEST, Category, NoticeBy, Person, Proof
from madoguchi.app.patrons.postal import normalise_postal_code
from madoguchi.barcode.symbology import (
    CodePlan,
    ItemCode,
    Meaning,
    PatronCode,
    Unknown,
    UnknownReason,
    parse,
)


class PatronField(StrEnum):
    """The fields of the form; the values are their keys."""

    CARD_NUMBER = "card_number"
    NAME = "name"
    KANA = "kana"
    BIRTH_DATE = "birth_date"
    POSTAL_CODE = "postal_code"
    ADDRESS = "address"
    TELEPHONE = "telephone"
    EMAIL = "email"
    CATEGORY = "category"
    PROOF = "proof"
    NOTICE_BY = "notice_by"


class PatronProblem(StrEnum):
    """What is wrong with a field; each has its sentence."""

    NEEDED = "needed"
    TOO_LONG = "too_long"
    NOT_A_CARD = "not_a_card"
    AN_ITEMS_NUMBER = "an_items_number"
    CARD_CHECK_DIGIT = "card_check_digit"
    CARD_LENGTH = "card_length"
    NOT_KANA = "not_kana"
    KANA_WITHOUT_SPACE = "kana_without_space"
    """The name has a space between family name and given name, its kana has none."""
    # of the date of birth, as ``BirthDateProblem`` has them
    NOT_A_DATE = "not_a_date"
    ERA_MISSING = "era_missing"
    NO_SUCH_DAY = "no_such_day"
    NOT_IN_ERA = "not_in_era"
    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    NOT_A_POSTAL_CODE = "not_a_postal_code"
    NOT_A_TELEPHONE = "not_a_telephone"
    TELEPHONE_LENGTH = "telephone_length"
    NEEDED_FOR_NOTICES = "needed_for_notices"
    """They are to be told by telephone or by mail, and there is none."""
    NOT_AN_EMAIL = "not_an_email"
    PROOF_NEEDED = "proof_needed"
    """They have left junior high school."""
    NOT_A_CHOICE = "not_a_choice"


Problems = dict[PatronField, PatronProblem]

LONGEST_TYPED: Final = 20_000
"""Characters of one field that are looked at at all."""
LAST_AGE_WITHOUT_PROOF: Final = 15
"""The age at which junior high school is left, on 31 March."""


@dataclass(frozen=True, slots=True)
class Areas:
    """Whose residents may use the library as such, and whose by agreement: names of municipalities."""

    home: tuple[str, ...] = ("藤沢市",)
    wide_area: tuple[str, ...] = ("茅ヶ崎市", "寒川町", "鎌倉市", "大和市", "綾瀬市", "横浜市")


FUJISAWA: Final = Areas()

_Choice = TypeVar("_Choice", bound=StrEnum)

_KANA: Final = re.compile("(?=.*[ァ-ヺ])[ァ-ヺーヽヾ・ ]+")
_DASH: Final = "-‐‑‒–—―−"
_DASH_IN_KANA: Final = re.compile(f"(?<=[ァ-ヺ])[{_DASH}]")
_BETWEEN_DIGITS: Final = re.compile(f"[{_DASH}ー().・ ]+")
_TELEPHONE: Final = re.compile("0[0-9]*(?:-[0-9]+)*")
_ABROAD: Final = re.compile(r"\+81-?(?:0-?)?")
_EMAIL: Final = re.compile(r"[!-?A-~]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+")
_MUNICIPALITY: Final = re.compile(".{1,5}?[市区郡]")
_DISTRICT: Final = re.compile("^.{1,4}?郡(?!市)")


def check_patron(
    typed: Mapping[str, str],
    *,
    plan: CodePlan,
    today: dt.date,
    card_needed: bool = True,
    proof_needed: bool = True,
) -> tuple[Person, str] | Problems:
    """The person that the form says and the number of their card, or what is wrong with each field.

    Never raises. A field that is not there is empty. ``card_needed`` and ``proof_needed`` are for
    registering; without them an empty card is no card, and an empty proof none that was seen today. Of a
    group the birth date and the proof are its representative's.
    """
    form = _Form(typed)
    number = form.card_number(plan) if card_needed or form.folded(PatronField.CARD_NUMBER) else ""
    category = form.one_of(PatronField.CATEGORY, Category)
    name = form.needed(PatronField.NAME)
    kana = form.kana(name, category)
    birth_date = form.birth_date(today)
    person = Person(
        name=name,
        kana=kana,
        birth_date=birth_date or dt.date.min,
        category=category or Category.RESIDENT,
        postal_code=form.postal_code(),
        address=form.needed(PatronField.ADDRESS),
        telephone=form.telephone(),
        email=form.email(),
        notice_by=form.notice_by(),
        proof=form.proof(birth_date, today, needed=proof_needed),
    )
    form.check_notices(person)
    return form.problems or (person, number)


def age_on(birth_date: dt.date, day: dt.date) -> int:
    """How old somebody is in years: on a birthday already a year older."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def proof_is_needed(birth_date: dt.date, day: dt.date) -> bool:
    """Whether somebody has left junior high school: on 31 March, when the year in which they became 15 ends.

    By law a year of age is full on the day before the birthday; so whoever is born on 1 April is of the class
    of those born in the March before.
    """
    first_half = (birth_date.month, birth_date.day) <= (4, 1)
    left_in = birth_date.year + LAST_AGE_WITHOUT_PROOF + (0 if first_half else 1)
    return day > dt.date(left_in, 3, 31) if left_in <= dt.MAXYEAR else False


def suggested_category(
    address: str, birth_date: dt.date | None, today: dt.date, areas: Areas = FUJISAWA
) -> Category | None:
    """Why somebody may use the library, as far as their address says; None: it names no municipality yet.

    A resident is a child up to junior high school, as with proof. Whoever lives neither here nor where there
    is an agreement works or studies here, or may not be registered.
    """
    where = _place(address)
    if any(where.startswith(_place(name)) for name in areas.home):
        child = birth_date is not None and not proof_is_needed(birth_date, today)
        return Category.CHILD if child else Category.RESIDENT
    if any(where.startswith(_place(name)) for name in areas.wide_area):
        return Category.WIDE_AREA
    return Category.COMMUTER if _MUNICIPALITY.match(where) else None


def _place(address: str) -> str:
    """The municipality and what follows it, without prefecture and district, as they are compared."""
    place = address_key(address).split(" ", maxsplit=1)[0]
    shorter = _DISTRICT.sub("", place)
    return shorter or place


class _Form:
    """What was typed, read field by field; what is wrong is gathered in ``problems``."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self._typed = typed
        self.problems: Problems = {}

    def _raw(self, field: PatronField) -> str:
        return self._typed.get(field.value, "")

    def folded(self, field: PatronField) -> str:
        """A text in one line, full-width letters and digits as plain ones, without what nobody sees."""
        raw = self._raw(field)
        text = clean_folded(raw, 20 * LONGEST_TYPED) or ""
        if len(raw) > LONGEST_TYPED or len(text) > LONGEST.get(field.value, LONGEST_TYPED):
            self.problems[field] = PatronProblem.TOO_LONG
            return ""
        return text

    def needed(self, field: PatronField) -> str:
        text = self.folded(field)
        if not text:
            self.problems.setdefault(field, PatronProblem.NEEDED)
        return text

    def card_number(self, plan: CodePlan) -> str:
        field = PatronField.CARD_NUMBER
        match parse(self._raw(field), plan):
            case PatronCode(number):
                return number
            case Unknown(UnknownReason.EMPTY):
                self.problems[field] = PatronProblem.NEEDED
            case Unknown(UnknownReason.WRONG_CHECK_DIGIT, looked_like=Meaning.PATRON):
                self.problems[field] = PatronProblem.CARD_CHECK_DIGIT
            case Unknown(UnknownReason.WRONG_LENGTH, looked_like=Meaning.PATRON):
                self.problems[field] = PatronProblem.CARD_LENGTH
            case ItemCode():
                self.problems[field] = PatronProblem.AN_ITEMS_NUMBER
            case _:
                self.problems[field] = PatronProblem.NOT_A_CARD
        return ""

    def kana(self, name: str, category: Category | None) -> str:
        """Katakana from kana of any kind; a hyphen between them is a long vowel mark."""
        field = PatronField.KANA
        text = _DASH_IN_KANA.sub("ー", to_katakana(self.needed(field)))
        if text and not _KANA.fullmatch(text):
            self.problems[field] = PatronProblem.NOT_KANA
        elif text and " " in name and " " not in text and category is not Category.GROUP:
            self.problems[field] = PatronProblem.KANA_WITHOUT_SPACE
        return text

    def birth_date(self, today: dt.date) -> dt.date | None:
        field = PatronField.BIRTH_DATE
        found = parse_birth_date(self._raw(field), today)
        if not isinstance(found, BirthDateProblem):
            return found
        empty = found is BirthDateProblem.EMPTY
        self.problems[field] = PatronProblem.NEEDED if empty else PatronProblem(found.value)
        return None

    def postal_code(self) -> str:
        text = self.folded(PatronField.POSTAL_CODE)
        code = normalise_postal_code(text) if text else ""
        if code is None:
            self.problems[PatronField.POSTAL_CODE] = PatronProblem.NOT_A_POSTAL_CODE
        return code or ""

    def telephone(self) -> str:
        """Digits, with hyphens where something stood between them."""
        field = PatronField.TELEPHONE
        text = _BETWEEN_DIGITS.sub("-", self.folded(field)).strip("-")
        text = _ABROAD.sub("0", text, count=1) if text.startswith("+") else text
        if not text:
            return ""
        if not _TELEPHONE.fullmatch(text):
            self.problems[field] = PatronProblem.NOT_A_TELEPHONE
        elif not 10 <= len(text.replace("-", "")) <= 11:
            self.problems[field] = PatronProblem.TELEPHONE_LENGTH
        return text

    def email(self) -> str:
        text = self.folded(PatronField.EMAIL)
        if text and not _EMAIL.fullmatch(text):
            self.problems[PatronField.EMAIL] = PatronProblem.NOT_AN_EMAIL
        return text

    def one_of(self, field: PatronField, choices: type[_Choice]) -> _Choice | None:
        text = self.needed(field)
        if text in set(choices):
            return choices(text)
        self.problems.setdefault(field, PatronProblem.NOT_A_CHOICE)
        return None

    def notice_by(self) -> NoticeBy:
        """Nothing chosen: by telephone, as the most are."""
        field = PatronField.NOTICE_BY
        if not self.folded(field):
            return NoticeBy.TELEPHONE
        return self.one_of(field, NoticeBy) or NoticeBy.NOT_AT_ALL

    def check_notices(self, person: Person) -> None:
        for field, value, by in (
            (PatronField.TELEPHONE, person.telephone, NoticeBy.TELEPHONE),
            (PatronField.EMAIL, person.email, NoticeBy.MAIL),
        ):
            if person.notice_by is by and not value:
                self.problems.setdefault(field, PatronProblem.NEEDED_FOR_NOTICES)

    def proof(self, birth_date: dt.date | None, today: dt.date, *, needed: bool) -> Proof | None:
        field = PatronField.PROOF
        child = birth_date is not None and not proof_is_needed(birth_date, today)
        if not self.folded(field) and (child or not needed):
            return Proof.NOT_NEEDED if needed else None
        proof = self.one_of(field, Proof)
        if proof is Proof.NOT_NEEDED and birth_date is not None and not child:
            self.problems[field] = PatronProblem.PROOF_NEEDED
        return proof
