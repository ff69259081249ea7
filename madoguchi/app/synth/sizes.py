"""How much of everything there is in a library of a given scale; 1 is the city's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LARGEST_SCALE: Final = 2.0

# DOMAIN, "The place", for what is counted there; titles, open loans and the rest are taken to match
_PATRONS: Final = 117_795
_ITEMS: Final = 1_394_000
_TITLES: Final = 900_000
_OPEN_LOANS: Final = 110_000
_RESERVATIONS: Final = 20_000
_LOANS_A_YEAR: Final = 2_875_266
_RENEWALS_A_YEAR: Final = 290_000
_BORROWERS_A_YEAR: Final = 1_137_348


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a library of one scale holds."""

    patrons: int
    titles: int
    items: int
    open_loans: int
    reservations: int
    loans_a_year: int
    renewals_a_year: int
    borrowers_a_year: int


def sizes(scale: float) -> Sizes:
    """The sizes of a library so many times the city's.

    Raises:
        ValueError: the scale is not above 0 and at most 2, or leaves less than one title of each kind.
    """
    if not 0 < scale <= LARGEST_SCALE:
        raise ValueError(f"the scale is a number above 0 and at most {LARGEST_SCALE:g}")

    def part(whole: int) -> int:
        return round(whole * scale)

    made = Sizes(
        patrons=part(_PATRONS),
        titles=part(_TITLES),
        items=part(_ITEMS),
        open_loans=part(_OPEN_LOANS),
        reservations=part(_RESERVATIONS),
        loans_a_year=part(_LOANS_A_YEAR),
        renewals_a_year=part(_RENEWALS_A_YEAR),
        borrowers_a_year=part(_BORROWERS_A_YEAR),
    )
    if made.reservations < 1:
        raise ValueError("the scale is too small: there would be nothing to lend; the least is 0.0001")
    return made
