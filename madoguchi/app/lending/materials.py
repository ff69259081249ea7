"""Kinds of material a library lends, and the groups its loan limits are counted in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class MaterialKind(StrEnum):
    """What an item is, as far as lending it is concerned."""

    BOOK = "book"
    MAGAZINE = "magazine"
    KAMISHIBAI = "kamishibai"
    CD = "cd"
    CASSETTE = "cassette"
    VIDEO = "video"
    DVD = "dvd"


class LoanGroup(StrEnum):
    """Kinds whose loans are counted together. Source: DOMAIN.md, "Loans"."""

    PRINT = "print"
    AUDIO = "audio"
    VIDEO = "video"


_GROUPS: Final[Mapping[MaterialKind, LoanGroup]] = MappingProxyType(
    {
        MaterialKind.BOOK: LoanGroup.PRINT,
        MaterialKind.MAGAZINE: LoanGroup.PRINT,
        MaterialKind.KAMISHIBAI: LoanGroup.PRINT,
        MaterialKind.CD: LoanGroup.AUDIO,
        MaterialKind.CASSETTE: LoanGroup.AUDIO,
        MaterialKind.VIDEO: LoanGroup.VIDEO,
        MaterialKind.DVD: LoanGroup.VIDEO,
    }
)


def group_of(kind: MaterialKind) -> LoanGroup:
    """The group in which loans of this kind are counted. Source: DOMAIN.md, "Loans"."""
    return _GROUPS[kind]
