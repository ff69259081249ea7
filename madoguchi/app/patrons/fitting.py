"""What may be kept of a person: what either database asks of any client. Pure.

The form says what is wrong, field by field, and in words; this says only whether it fits. The central
server's own rules are in migration 0010; ``tests/contracts/test_patrons.py`` holds the two together.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from madoguchi.app.catalogue.new_item import HIDDEN
from madoguchi.app.patrons.person import LONGEST, Person

OLDEST_YEARS: Final = 130

CARD_NUMBER: Final = "[!-~]{1,20}"
KANA: Final = "[ァ-ヺヽヾ・ー]+( [ァ-ヺヽヾ・ー]+)*"
POSTAL_CODE: Final = "([0-9]{7})?"
TELEPHONE: Final = "([0-9]+(-[0-9]+)*)?"
EMAIL: Final = r"([!-?A-~]+@[!-?A-~]+\.[!-?A-~]+)?"

_NAME: Final = re.compile(r"[^ \u3000]")


def card_number_fits(number: str) -> bool:
    """Whether it can be the number of a card."""
    return re.fullmatch(CARD_NUMBER, number) is not None


def birth_date_fits(birth_date: dt.date, today: dt.date) -> bool:
    """Whether somebody alive can have been born on that day."""
    year = today.year - OLDEST_YEARS
    leap_day_gone = (today.month, today.day) == (2, 29)
    first = dt.date(year, 2, 28) if leap_day_gone else today.replace(year=year)
    return first <= birth_date <= today


def person_fits(person: Person, today: dt.date) -> bool:
    """Whether the columns hold it, each field is what it must be, and nothing in it is hidden."""
    texts = {name: str(getattr(person, name)) for name in LONGEST}
    return (
        all(len(text) <= LONGEST[name] and not HIDDEN.search(text) for name, text in texts.items())
        and _NAME.search(person.name) is not None
        and re.fullmatch(KANA, person.kana) is not None
        and re.fullmatch(POSTAL_CODE, person.postal_code) is not None
        and re.fullmatch(TELEPHONE, person.telephone) is not None
        and re.fullmatch(EMAIL, person.email) is not None
        and birth_date_fits(person.birth_date, today)
    )
