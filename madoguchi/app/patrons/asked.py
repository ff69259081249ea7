"""What a clerk typed to find a patron, made into a question. Pure."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from enum import Enum, auto

from madoguchi.app.patrons.birth_dates import BirthDateProblem, parse_birth_date
from madoguchi.app.patrons.finding import PatronQuery

WORDS, TELEPHONE, BIRTH = "words", "telephone", "birth"
TELEPHONE_DIGITS = 4


class AskProblem(Enum):
    """Why something typed asks for nobody, where it is not a birth date that says why itself."""

    NOT_FOUR_DIGITS = auto()


Problems = dict[str, AskProblem | BirthDateProblem]


def query_of(values_untrusted: Mapping[str, str], *, today: dt.date) -> PatronQuery | Problems:
    """The question, or what is wrong with each field.

    In the field of words four digits alone are the end of a telephone number, and what can be read as a day
    of birth is one, unless their own field says something else.
    """
    problems: Problems = {}
    telephone = _narrow(values_untrusted.get(TELEPHONE, "")).replace("-", "")
    if telephone and not _is_end(telephone):
        problems[TELEPHONE] = AskProblem.NOT_FOUR_DIGITS
    typed_birth = values_untrusted.get(BIRTH, "").strip()
    birth = None
    if typed_birth:
        parsed = parse_birth_date(typed_birth, today)
        if isinstance(parsed, BirthDateProblem):
            problems[BIRTH] = parsed
        else:
            birth = parsed
    if problems:
        return problems
    words = []
    for word in values_untrusted.get(WORDS, "").split():
        plain = _narrow(word)
        day = parse_birth_date(word, today)
        if not telephone and _is_end(plain):
            telephone = plain
        elif birth is None and isinstance(day, dt.date):
            birth = day
        else:
            words.append(word)
    return PatronQuery(" ".join(words), telephone, birth)


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _is_end(text: str) -> bool:
    return len(text) == TELEPHONE_DIGITS and text.isascii() and text.isdigit()
