"""What is typed on the pages of the office, made into values; or every field that is wrong, at once. Pure.

The server checks all of it again.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from madoguchi.app.office.values import NewAccount, Setting
from madoguchi.app.staff.accounts import LOGIN, LONGEST_NAME
from madoguchi.app.staff.permissions import Role

LONGEST_TEXT: Final = 2000
YEARS: Final = range(1900, 2200)
"""Years that somebody can mean."""


class FieldProblem(StrEnum):
    """What is wrong with a field; each has its sentence."""

    NEEDED = "needed"
    LOGIN = "login"
    TOO_LONG = "too_long"
    NOT_A_DAY = "not_a_day"
    CONTRACT_NEEDS_LAST_DAY = "contract_needs_last_day"
    CONTRACT_NEEDS_BRANCHES = "contract_needs_branches"
    NO_SUCH_BRANCH = "no_such_branch"
    IDLE_SECONDS = "idle_seconds"
    NOT_PLAIN = "not_plain"
    CARD = "card"
    OUT_OF_RANGE = "out_of_range"
    GROUP = "group"
    COMMAND = "command"


Problems = dict[str, FieldProblem]
"""By the key of the field."""


def tidy(text_untrusted: str) -> str:
    """What was typed, full-width letters and digits as plain ones, without space around it."""
    return unicodedata.normalize("NFKC", text_untrusted).strip()


def day_of(text_untrusted: str, today: dt.date) -> dt.date | None:
    """A day typed as 2027-03-31, 2027/3/31, 20270331 or, of the coming year, 0331 and 3/31.

    None: it is no day.
    """
    text = tidy(text_untrusted).replace("/", "-").replace(".", "-")
    parts = text.split("-")
    if len(parts) == 1 and text.isascii() and text.isdigit():
        parts = {8: [text[:4], text[4:6], text[6:]], 4: [text[:2], text[2:]]}.get(len(text), [])
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts) not in (2, 3):
        return None
    numbers = [int(part) for part in parts]
    try:
        if len(numbers) == 3:
            return dt.date(*numbers) if numbers[0] in YEARS else None
        found = dt.date(today.year, *numbers)
        return found if found >= today else dt.date(today.year + 1, *numbers)
    except (ValueError, OverflowError):
        return None


def past_day_of(text_untrusted: str, today: dt.date) -> dt.date | None:
    """A day as `day_of` has it; one without its year that has not come yet is last year's."""
    found = day_of(text_untrusted, today)
    if found is not None and found > today and len(tidy(text_untrusted)) <= 5:
        found = day_of(f"{found.year - 1}-{found.month}-{found.day}", today)
    return found


def new_account(
    typed: Mapping[str, str], *, today: dt.date, branches: Collection[str]
) -> NewAccount | Problems:
    """The account that ``login``, ``name``, ``role``, ``branches`` and ``last_day`` say."""
    problems: Problems = {}
    login, name = tidy(typed["login"]).lower(), unicodedata.normalize("NFC", typed["name"]).strip()
    if not LOGIN.fullmatch(login):
        problems["login"] = FieldProblem.LOGIN
    if not name:
        problems["name"] = FieldProblem.NEEDED
    elif len(name) > LONGEST_NAME:
        problems["name"] = FieldProblem.TOO_LONG
    elif not name.isprintable():
        problems["name"] = FieldProblem.NOT_PLAIN
    contract = typed["role"] == Role.CONTRACT_STAFF
    if typed["role"] not in set(Role):
        problems["role"] = FieldProblem.NEEDED
    codes = tuple(code for code in typed["branches"].split(",") if code)
    if not set(codes) <= set(branches):
        problems["branches"] = FieldProblem.NO_SUCH_BRANCH
    elif contract and not codes:
        problems["branches"] = FieldProblem.CONTRACT_NEEDS_BRANCHES
    last_day = last_day_of(typed["last_day"], contract=contract, today=today)
    if isinstance(last_day, FieldProblem):
        problems["last_day"] = last_day
    if problems or isinstance(last_day, FieldProblem):
        return problems
    # other staff work at every branch
    return NewAccount(login, name, Role(typed["role"]), codes if contract else (), last_day)


def last_day_of(text_untrusted: str, *, contract: bool, today: dt.date) -> dt.date | FieldProblem | None:
    """An account's last day; None: it has none, which a contract may not."""
    if not tidy(text_untrusted):
        return FieldProblem.CONTRACT_NEEDS_LAST_DAY if contract else None
    return day_of(text_untrusted, today) or FieldProblem.NOT_A_DAY


def card_of(text_untrusted: str) -> str | FieldProblem | None:
    """The number of a staff card; None: no card."""
    text = tidy(text_untrusted)
    if not text:
        return None
    return text if len(text) <= 20 and text.isascii() and text.isalnum() else FieldProblem.CARD


def setting_value(setting: Setting, text_untrusted: str) -> str | FieldProblem:
    """The value as the server writes it."""
    text = tidy(text_untrusted)
    if setting.yes_or_no or setting.choices:
        return text if text in (setting.choices or ("true", "false")) else FieldProblem.NEEDED
    if not text:
        return "" if setting.may_be_none else FieldProblem.NEEDED
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        return FieldProblem.OUT_OF_RANGE
    return str(int(text)) if setting.least <= int(text) <= setting.most else FieldProblem.OUT_OF_RANGE
