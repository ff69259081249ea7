"""A record that was fetched, as the fields of the form of quick-add. Pure."""

from __future__ import annotations

from madoguchi.app.catalogue.ndl import BibRecord
from madoguchi.app.catalogue.ndl_text import clean, clean_folded, to_katakana
from madoguchi.app.catalogue.new_item import (
    BETWEEN_CREATORS,
    LONGEST,
    LONGEST_NAME,
    MOST_CREATORS,
    SEMICOLON,
    ItemField,
    is_reading,
)


def fields_of(record: BibRecord) -> dict[str, str]:
    """A record that was fetched, as the form's fields; the item's number is not among them.

    A creator, or a reading, that the form would refuse is left out.
    """
    names: list[str] = []
    readings: list[str] = []
    for creator in record.creators[:MOST_CREATORS]:
        name = SEMICOLON.sub(",", creator.name)[:LONGEST_NAME].strip()
        if len(BETWEEN_CREATORS.join([*names, name])) > LONGEST[ItemField.CREATORS]:
            break
        names.append(name)
        readings.append(_reading(SEMICOLON.sub(",", creator.reading or ""), LONGEST_NAME))
    if len(BETWEEN_CREATORS.join(readings)) > LONGEST[ItemField.CREATORS_KANA]:
        readings = []
    stated = SEMICOLON.sub(",", record.statement_of_responsibility or "")
    return {
        field.value: text
        for field, text in {
            ItemField.KIND: record.kind.value,
            ItemField.ATTACHMENTS: record.attachments or "",
            ItemField.TITLE: record.title,
            ItemField.TITLE_KANA: _reading(record.title_kana or "", LONGEST[ItemField.TITLE_KANA]),
            ItemField.CREATORS: BETWEEN_CREATORS.join(names) or (clean(stated, LONGEST_NAME) or ""),
            ItemField.CREATORS_KANA: BETWEEN_CREATORS.join(readings) if any(readings) else "",
            ItemField.PUBLISHER: record.publisher or "",
            ItemField.YEAR: "" if record.year is None else str(record.year),
            ItemField.ISBN: record.isbn13 or "",
            ItemField.NDC: record.ndc or "",
            ItemField.VOLUME: record.volume or "",
            ItemField.SERIES: record.series or "",
            ItemField.EDITION: record.edition or "",
            ItemField.EXTENT: record.extent or "",
        }.items()
    }


def _reading(text: str, longest: int) -> str:
    reading = to_katakana(clean_folded(text, longest) or "")
    return reading if is_reading(reading) else ""
