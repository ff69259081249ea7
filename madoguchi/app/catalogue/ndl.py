"""Importer of NDL Search answers (国立国会図書館サーチ): OpenSearch RSS with DC-NDL elements.

What comes in was written by strangers and is parsed here: a record leaves as `BibRecord`, with clean, bounded
text, or is left out and counted. Nothing in a record can make the import fail.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, Final
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from madoguchi.app.catalogue.ndl_kinds import KindEvidence, LeftOut, kind_of
from madoguchi.app.catalogue.ndl_names import Creator, creators_of
from madoguchi.app.catalogue.ndl_text import clean, clean_folded, normalise_ndc, parse_year
from madoguchi.app.lending.materials import MaterialKind
from madoguchi.barcode.symbology import normalise_isbn

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# An answer of 200 records is half a megabyte; the interface gives no more than 500 records at once.
MAX_ANSWER_BYTES: Final = 16 * 1024 * 1024

NDL_ID_MAX: Final = 64
TITLE_MAX: Final = 500
TITLE_KANA_MAX: Final = 1000
VOLUME_MAX: Final = 200
SERIES_MAX: Final = 400
SERIES_KANA_MAX: Final = 800
STATEMENT_MAX: Final = 500
PUBLISHER_MAX: Final = 120
PUBLISHERS_MAX: Final = 8
EDITION_MAX: Final = 100
EXTENT_MAX: Final = 100
PRICE_MAX: Final = 60
ISBNS_MAX: Final = 20
NDC_MAX: Final = 16
ATTACHMENTS_MAX: Final = 300

_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_DCNDL: Final = "{http://ndl.go.jp/dcndl/terms/}"
_DCTERMS: Final = "{http://purl.org/dc/terms/}"
_OPENSEARCH: Final = "{http://a9.com/-/spec/opensearchrss/1.0/}"
_XSI_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"

_NDC_EDITIONS: Final = ("NDC10", "NDC9", "NDC8", "NDC")
_ISBN_TYPES: Final = ("ISBN", "ISBN13")
_BIB_ID_TYPES: Final = ("NDLBibID", "JPNO", "NIIBibID", "TRCMARCNO")

_NDL_ID: Final = re.compile(r"R\d{9}-[0-9A-Za-z._-]{1,52}")
_ISBN: Final = re.compile(r"\d[\d -]{7,16}[\dX]", re.IGNORECASE)
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−－ー", "-"))
_STATEMENT_LABEL: Final = "<li>責任表示："
_TAG: Final = re.compile(r"<[^<>]*>")
_ATTACHMENT_NOTE: Final = re.compile(r"(?:付属資料|附属資料|付属物|付録|別冊付録|別冊)\s*[:：]\s*(\S.*)")
_ATTACHMENT_IN_EXTENT: Final = re.compile(r"[(（]([^()（）]*(?:付録|付属|別冊)[^()（）]*?)(?:とも)?[)）]")

_SHIPPED_IN: Final = "madoguchi.resources"
_SHIPPED: Final = ("ndl-one-book.xml.gz", "ndl-kirisuto.xml.gz", "ndl-conan.xml.gz")


class NotNdl(StrEnum):
    """Why a file is not an answer of NDL Search."""

    TOO_LARGE = "too_large"
    NOT_XML = "not_xml"
    DOCTYPE = "doctype"
    OTHER_XML = "other_xml"


_NOT_NDL: Final[Mapping[NotNdl, tuple[str, str]]] = MappingProxyType(
    {
        NotNdl.TOO_LARGE: (
            f"the file is larger than {MAX_ANSWER_BYTES // 2**20} MiB; NDL Search sends no answer that large",
            f"ファイルが{MAX_ANSWER_BYTES // 2**20} MiBを超えています。"
            "国立国会図書館サーチの検索結果ではありません。",
        ),
        NotNdl.NOT_XML: (
            "the file cannot be read as XML",
            "XMLとして読めません。国立国会図書館サーチの検索結果ではないか、途中で切れています。",
        ),
        NotNdl.DOCTYPE: (
            "the file declares a document type or entities, which an answer of NDL Search never does",
            "文書型や実体の宣言を含むため、読み込みません。国立国会図書館サーチの検索結果ではありません。",
        ),
        NotNdl.OTHER_XML: (
            "the file is XML, but not an OpenSearch answer of NDL Search",
            "XMLですが、国立国会図書館サーチの検索結果（OpenSearch）ではありません。",
        ),
    }
)


class NotAnNdlAnswer(Exception):
    """What was given is not an answer of NDL Search. `str()` says why; `sentence_ja` says it in Japanese."""

    def __init__(self, reason: NotNdl) -> None:
        sentence, self.sentence_ja = _NOT_NDL[reason]
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class BibRecord:
    """One title of the catalogue. Texts are clean, in NFC and within the limits named in this module.

    Kana, volume, extent and price are folded (NFKC): full-width digits and half-width kana are ordinary.
    isbn13 is the ISBN named first, without hyphens; other_isbns are the rest, such as a set's; ndc is the
    newest edition's class number given; attachments are what lies in the book besides it (付録), in the words
    of the catalogue.
    """

    ndl_id: str
    title: str
    kind: MaterialKind
    title_kana: str | None = None
    volume: str | None = None
    series: str | None = None
    series_kana: str | None = None
    creators: tuple[Creator, ...] = ()
    statement_of_responsibility: str | None = None
    publishers: tuple[str, ...] = ()
    year: int | None = None
    isbn13: str | None = None
    ndc: str | None = None
    edition: str | None = None
    extent: str | None = None
    price: str | None = None
    attachments: str | None = None
    other_isbns: tuple[str, ...] = ()

    @property
    def publisher(self) -> str | None:
        """The publisher named first, or None."""
        return self.publishers[0] if self.publishers else None


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Records in the order of the answer, those left out counted by reason, and ISBNs dropped as invalid."""

    records: tuple[BibRecord, ...] = ()
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    invalid_isbns: int = 0


def read_records(source: Path | BinaryIO) -> ImportResult:
    """The lendable records of one NDL Search answer (OpenSearch RSS).

    `len(records) + left_out.total()` is the number of records in the answer.
    Raises NotAnNdlAnswer for anything else, OSError when a file cannot be read.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            return read_records(file)
    content_untrusted = source.read(MAX_ANSWER_BYTES + 1)
    if len(content_untrusted) > MAX_ANSWER_BYTES:
        raise NotAnNdlAnswer(NotNdl.TOO_LARGE)
    return _merged(_record(_Fields(item)) for item in _items(content_untrusted))


def merge_results(results: Iterable[ImportResult]) -> ImportResult:
    """Several answers as one: of records with the same number the first is kept, the others are counted."""
    every = list(results)
    merged = _merged((record, 0) for result in every for record in result.records)
    left_out = sum((result.left_out for result in every), merged.left_out)
    return ImportResult(merged.records, left_out, sum(result.invalid_isbns for result in every))


def shipped_records() -> ImportResult:
    """The records the training library is built from when it is given none. Credit: 国立国会図書館サーチ."""
    folder = resources.files(_SHIPPED_IN).joinpath("training")
    answers = (gzip.decompress(folder.joinpath(name).read_bytes()) for name in _SHIPPED)
    return merge_results(read_records(BytesIO(answer)) for answer in answers)


def _merged(read: Iterable[tuple[BibRecord | LeftOut, int]]) -> ImportResult:
    records: dict[str, BibRecord] = {}
    left_out: Counter[LeftOut] = Counter()
    invalid_isbns = 0
    for record, invalid in read:
        invalid_isbns += invalid
        if isinstance(record, LeftOut):
            left_out[record] += 1
        elif record.ndl_id in records:
            left_out[LeftOut.DUPLICATE] += 1
        else:
            records[record.ndl_id] = record
    return ImportResult(tuple(records.values()), left_out, invalid_isbns)


def _items(content_untrusted: bytes) -> Sequence[Element]:
    try:
        root: Element = ElementTree.fromstring(content_untrusted, forbid_dtd=True)
    except DefusedXmlException as error:
        raise NotAnNdlAnswer(NotNdl.DOCTYPE) from error
    except (ParseError, ValueError, LookupError) as error:
        # An unknown or mistaken encoding shows as LookupError or ValueError.
        raise NotAnNdlAnswer(NotNdl.NOT_XML) from error
    channel = root.find("channel") if root.tag == "rss" else None
    if channel is None or channel.find(f"{_OPENSEARCH}totalResults") is None:
        raise NotAnNdlAnswer(NotNdl.OTHER_XML)
    return channel.findall("item")


class _Fields:
    """The direct children of one record, by qualified name."""

    def __init__(self, item: Element) -> None:
        self._children: dict[str, list[tuple[str, str]]] = {}
        for child in item:
            type_name = child.get(_XSI_TYPE, "").rpartition(":")[2]
            self._children.setdefault(child.tag, []).append(("".join(child.itertext()), type_name))

    def texts(self, name: str, type_name: str = "") -> list[str]:
        """The texts of all children of that name and type; "" is any type."""
        found = self._children.get(name, [])
        return [text for text, its_type in found if type_name in {"", its_type}]

    def first(self, name: str) -> str:
        """The first text of that name that is not blank, or ""."""
        return next((text for text in self.texts(name) if text.strip()), "")


def _record(fields: _Fields) -> tuple[BibRecord | LeftOut, int]:
    """The record, or why it is left out; and how many different ISBNs were dropped as invalid."""
    title = clean(fields.first(f"{_DC}title") or fields.first("title"), TITLE_MAX)
    if title is None:
        return LeftOut.NO_TITLE, 0
    isbns, invalid_isbns = _isbns(fields)
    year = _year(fields)
    volume = _volume(fields)
    extent = clean_folded(fields.first(f"{_DC}extent"), EXTENT_MAX)
    series = clean(fields.first(f"{_DCNDL}seriesTitle"), SERIES_MAX)
    stated = clean(_stated_responsibility(fields.first("description")), STATEMENT_MAX)
    publishers = _publishers(fields)
    ndl_id = _ndl_id(fields, (title, volume, publishers, year))
    notes = [note for text in fields.texts(f"{_DC}description") if (note := clean(text, ATTACHMENTS_MAX))]
    kind = kind_of(
        KindEvidence(
            ndl_id=ndl_id,
            categories=frozenset(text.strip() for text in fields.texts("category")),
            extent=extent or "",
            notes=notes,
            genres=fields.texts(f"{_DCNDL}genre"),
            series=series or "",
            statement=stated or "",
            year=year,
            has_isbn=bool(isbns),
        )
    )
    if isinstance(kind, LeftOut):
        return kind, invalid_isbns
    creators = creators_of(
        fields.texts(f"{_DC}creator"), fields.texts(f"{_DCNDL}creatorTranscription"), stated
    )
    return (
        BibRecord(
            ndl_id=ndl_id,
            title=title,
            kind=kind,
            title_kana=clean_folded(fields.first(f"{_DCNDL}titleTranscription"), TITLE_KANA_MAX),
            volume=volume,
            series=series,
            series_kana=clean_folded(fields.first(f"{_DCNDL}seriesTitleTranscription"), SERIES_KANA_MAX),
            creators=creators,
            statement_of_responsibility=stated
            or clean(" ; ".join(creator.name for creator in creators), STATEMENT_MAX),
            publishers=publishers,
            year=year,
            isbn13=isbns[0] if isbns else None,
            ndc=_ndc(fields),
            edition=clean(fields.first(f"{_DCNDL}edition"), EDITION_MAX),
            extent=extent,
            price=_price(fields),
            attachments=_attachments(notes, extent),
            other_isbns=isbns[1:],
        ),
        invalid_isbns,
    )


def _ndl_id(fields: _Fields, facts: tuple[object, ...]) -> str:
    """The number NDL Search gives the record, else one of the catalogue's, else one made of its facts."""
    for url in (*fields.texts("guid"), *fields.texts("link")):
        number = url.strip().rpartition("/")[2]
        if _NDL_ID.fullmatch(number):
            return number
    for type_name in _BIB_ID_TYPES:
        for text in fields.texts(f"{_DC}identifier", type_name):
            if re.fullmatch(r"[0-9A-Za-z-]{1,32}", text.strip()):
                return f"{type_name}-{text.strip()}"
    return f"facts-{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"


def _volume(fields: _Fields) -> str | None:
    texts = (fields.first(f"{_DCNDL}volume"), fields.first(f"{_DCNDL}volumeTitle"))
    return clean_folded(" ".join(texts), VOLUME_MAX)


def _publishers(fields: _Fields) -> tuple[str, ...]:
    names = (clean(text, PUBLISHER_MAX) for text in fields.texts(f"{_DC}publisher"))
    return tuple(dict.fromkeys(name for name in names if name))[:PUBLISHERS_MAX]


def _year(fields: _Fields) -> int | None:
    for text in (*fields.texts(f"{_DC}date"), *fields.texts(f"{_DCTERMS}issued")):
        if (year := parse_year(text)) is not None:
            return year
    return None


def _isbns(fields: _Fields) -> tuple[tuple[str, ...], int]:
    """The valid ISBNs as thirteen digits, each once, and how many different ones were invalid."""
    found: dict[str, None] = {}
    invalid: set[str] = set()
    for type_name in _ISBN_TYPES:
        for text in fields.texts(f"{_DC}identifier", type_name):
            given = (clean_folded(text, 80) or "").translate(_DASHES)
            candidate = match[0] if (match := _ISBN.search(given)) else given
            valid = normalise_isbn(candidate)
            if valid is not None:
                found[valid] = None
            elif candidate:
                invalid.add(candidate.replace("-", "").replace(" ", "").upper())
    return tuple(found)[:ISBNS_MAX], len(invalid)


def _ndc(fields: _Fields) -> str | None:
    for edition in _NDC_EDITIONS:
        for text in fields.texts(f"{_DC}subject", edition):
            if (number := normalise_ndc(text)) is not None and len(number) <= NDC_MAX:
                return number
    return None


def _price(fields: _Fields) -> str | None:
    price = clean_folded(fields.first(f"{_DCNDL}price"), PRICE_MAX)
    # In the character sets older catalogues were kept in, the yen sign stands where ASCII has the backslash.
    return re.sub(r"^\\+", "¥", price) if price else None


def _stated_responsibility(description_untrusted: str) -> str:
    """The statement of responsibility out of the HTML list in the record's description, or ""."""
    _, label, rest = description_untrusted.partition(_STATEMENT_LABEL)
    statement, end, _ = rest.partition("</li>")
    return html.unescape(_TAG.sub(" ", statement)) if label and end else ""


def _attachments(notes: Sequence[str], extent: str | None) -> str | None:
    found = [match[1] for note in notes if (match := _ATTACHMENT_NOTE.match(note))]
    _, plus, added = (extent or "").partition("+")
    if plus:
        found.append(added)
    found.extend(_ATTACHMENT_IN_EXTENT.findall(extent or ""))
    return clean(" ; ".join(text.strip() for text in found), ATTACHMENTS_MAX)
