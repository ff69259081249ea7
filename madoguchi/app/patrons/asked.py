"""What a clerk typed to find a patron, made into a question. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from enum import Enum, auto

from madoguchi.app.patrons.finding import PatronQuery

WORDS, TELEPHONE, BIRTH = "words", "telephone", "birth"
TELEPHONE_DIGITS = 4


class AskProblem(Enum):
    """Why something typed asks for nobody."""

    NOT_FOUR_DIGITS = auto()
    NOT_A_DAY = auto()


def query_of(values_untrusted: Mapping[str, str], *, today: dt.date) -> PatronQuery | dict[str, AskProblem]:
    """The question, or what is wrong with each field.

    In the field of words four digits alone are the end of a telephone number, and what can be read as a day
    of birth is one, unless their own field says something else.
    """
    problems: dict[str, AskProblem] = {}
    telephone = _narrow(values_untrusted.get(TELEPHONE, "")).replace("-", "")
    if telephone and not _is_end(telephone):
        problems[TELEPHONE] = AskProblem.NOT_FOUR_DIGITS
    typed_birth = values_untrusted.get(BIRTH, "").strip()
    birth = birth_date(typed_birth, today=today) if typed_birth else None
    if typed_birth and birth is None:
        problems[BIRTH] = AskProblem.NOT_A_DAY
    if problems:
        return problems
    words = []
    for word in values_untrusted.get(WORDS, "").split():
        plain = _narrow(word)
        day = birth_date(word, today=today) if any(character.isdigit() for character in plain) else None
        if not telephone and _is_end(plain):
            telephone = plain
        elif birth is None and day is not None:
            birth = day
        else:
            words.append(word)
    return PatronQuery(" ".join(words), telephone, birth)


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _is_end(text: str) -> bool:
    return len(text) == TELEPHONE_DIGITS and text.isascii() and text.isdigit()


_DAY = re.compile(r"([0-9]{4})[/.-]?([0-9]{1,2})[/.-]?([0-9]{1,2})")


def birth_date(typed: str, *, today: dt.date) -> dt.date | None:
    """A day of birth; None if it is none."""
    match = _DAY.fullmatch(_narrow(typed))
    try:
        day = dt.date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None
    return day if day is not None and day <= today else None
