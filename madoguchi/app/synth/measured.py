"""What real records are like, counted in those that ship: shapes of titles, and which fields are missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from madoguchi.app.catalogue.ndl import BibRecord
from madoguchi.app.lending.materials import LoanGroup, group_of
from madoguchi.app.synth.shapes import Shape, shape_of

ISBN_SINCE: Final = 1981
"""The year in which Japan's publishers took up the ISBN."""

_MOST_CREATORS: Final = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares of one group of records, between 0 and 1, and texts that are taken as they are.

    Attributes:
        isbn: of those printed since there are ISBNs.
        isbn_before: of those printed before, for which one was given later.
        subtitle_read: of subtitles, those whose reading is given, too.
        creators: how many of the records name no creator, one, two, and three or more.
        reading: of creators, those with a reading.
        shapes: each shape of a title and how often it is met.
    """

    kana: float
    volume: float
    series: float
    isbn: float
    isbn_before: float
    ndc: float
    edition: float
    subtitle: float
    subtitle_read: float
    creators: tuple[float, ...]
    reading: float
    editions: tuple[str, ...]
    extents: tuple[str, ...]
    publishers: tuple[str, ...]
    attachments: tuple[str, ...]
    shapes: tuple[tuple[Shape, int], ...]


def measure(records: Sequence[BibRecord], group: LoanGroup) -> Measured:
    """Counts the records of one loan group; audio and video are counted together, there are few of them.

    Raises:
        ValueError: there is no record of that group.
    """
    chosen = [
        record
        for record in records
        if (group_of(record.kind) is LoanGroup.PRINT) is (group is LoanGroup.PRINT)
    ]
    if not chosen:
        raise ValueError("no records to measure")
    since = [record for record in chosen if (record.year or 0) >= ISBN_SINCE]
    before = [record for record in chosen if (record.year or ISBN_SINCE) < ISBN_SINCE]
    with_subtitle = [record for record in chosen if " : " in record.title and record.title_kana]
    creators = [creator for record in chosen for creator in record.creators]
    counted = Counter(min(len(record.creators), _MOST_CREATORS) for record in chosen)
    shapes = Counter(shape for record in chosen if (shape := shape_of(record.title_kana or "")))
    return Measured(
        kana=_share(chosen, lambda record: record.title_kana),
        volume=_share(chosen, lambda record: record.volume),
        series=_share(chosen, lambda record: record.series),
        isbn=_share(since, lambda record: record.isbn13),
        isbn_before=_share(before, lambda record: record.isbn13),
        ndc=_share(chosen, lambda record: record.ndc),
        edition=_share(chosen, lambda record: record.edition),
        subtitle=_share(chosen, lambda record: " : " in record.title),
        subtitle_read=_share(with_subtitle, lambda record: " : " in (record.title_kana or "")),
        creators=tuple(counted[number] / len(chosen) for number in range(_MOST_CREATORS + 1)),
        reading=sum(creator.reading is not None for creator in creators) / max(1, len(creators)),
        editions=_texts(record.edition for record in chosen),
        extents=_texts(record.extent for record in chosen),
        publishers=_texts(record.publisher for record in chosen),
        attachments=_texts(record.attachments for record in chosen),
        shapes=tuple(shapes.items()),
    )


def _share(records: Sequence[BibRecord], has: Callable[[BibRecord], object]) -> float:
    return sum(bool(has(record)) for record in records) / max(1, len(records))


def _texts(found: Iterable[str | None]) -> tuple[str, ...]:
    """Each as often as it is met, so that one drawn of them is as usual as it is there."""
    return tuple(text for text in found if text)
