"""What a clerk typed to find a provisional application, made into a question. Pure."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping

from madoguchi.app.patrons.applications import ApplicationQuery
from madoguchi.app.patrons.asked import BIRTH, TELEPHONE, WORDS
from madoguchi.app.patrons.birth_dates import BirthDateProblem, parse_birth_date

LONGEST_NUMBER = 20


def application_query_of(
    values_untrusted: Mapping[str, str], *, today: dt.date
) -> ApplicationQuery | BirthDateProblem:
    """The question, or what is wrong with the birth date.

    What is written with digits and without kana or kanji is the number, if it is no day with signs in it;
    it stands in the field of words, or where the end of a telephone number would.
    """
    birth = None
    typed = values_untrusted.get(BIRTH, "").strip()
    if typed:
        parsed = parse_birth_date(typed, today)
        if isinstance(parsed, BirthDateProblem):
            return parsed
        birth = parsed
    number, words = "", []
    for word in f"{values_untrusted.get(WORDS, '')} {values_untrusted.get(TELEPHONE, '')}".split():
        plain = unicodedata.normalize("NFKC", word)
        day = None if plain.isdigit() else parse_birth_date(word, today)
        if birth is None and isinstance(day, dt.date):
            birth = day
        elif not number and len(plain) <= LONGEST_NUMBER and _is_number(plain):
            number = plain
        else:
            words.append(word)
    return ApplicationQuery(number, " ".join(words), birth)


def _is_number(plain: str) -> bool:
    return plain.isascii() and any(letter.isdigit() for letter in plain)
