"""What a catalogue record is, as far as lending it goes: a kind of material, or the reason it is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from madoguchi.app.lending.materials import MaterialKind


class LeftOut(StrEnum):
    """Why a record is not taken into the library."""

    NO_TITLE = "no_title"
    DUPLICATE = "duplicate"
    ARTICLE = "article"
    ELECTRONIC = "electronic"
    MICROFORM = "microform"
    NEWSPAPER = "newspaper"
    DOCUMENT = "document"
    ACCESSIBLE = "accessible"
    VINYL = "vinyl"
    SOFTWARE = "software"
    UNKNOWN_CARRIER = "unknown_carrier"
    UNKNOWN_KIND = "unknown_kind"


LEFT_OUT_JA: Final[Mapping[LeftOut, str]] = MappingProxyType(
    {
        LeftOut.NO_TITLE: "タイトルのない書誌",
        LeftOut.DUPLICATE: "同じ書誌の重複",
        LeftOut.ARTICLE: "雑誌記事・論文",
        LeftOut.ELECTRONIC: "電子書籍・デジタル資料",
        LeftOut.MICROFORM: "マイクロ資料",
        LeftOut.NEWSPAPER: "新聞",
        LeftOut.DOCUMENT: "文書・図像・地図など",
        LeftOut.ACCESSIBLE: "録音図書・点字図書（障害者サービス用）",
        LeftOut.VINYL: "レコード盤",
        LeftOut.SOFTWARE: "CD-ROMなどの電子媒体",
        LeftOut.UNKNOWN_CARRIER: "媒体のわからない資料",
        LeftOut.UNKNOWN_KIND: "種別のわからない資料",
    }
)

# What NDL Search calls the kinds (資料種別) that no branch lends.
_NEVER_LENT: Final[Mapping[str, LeftOut]] = MappingProxyType(
    {
        "記事": LeftOut.ARTICLE,
        "電子書籍・電子雑誌": LeftOut.ELECTRONIC,
        "電子資料": LeftOut.ELECTRONIC,
        "Webサイト": LeftOut.ELECTRONIC,
        "新聞": LeftOut.NEWSPAPER,
        "障害者向け資料": LeftOut.ACCESSIBLE,
    }
)
_DOCUMENTS: Final = frozenset(
    {"文書・図像類", "地図", "博士論文", "和古書・漢籍", "規格・テクニカルリポート類", "立体物"}
)
_PRINTED: Final = frozenset({"図書", "児童書", "楽譜"})
_PERIODICALS: Final = frozenset({"雑誌", "雑誌・新聞", "逐次刊行物"})
_ON_PAPER: Final = "紙"
_RECORDED: Final = "記録メディア"
_MEDIA: Final = frozenset({_ON_PAPER, _RECORDED, "デジタル", "マイクロ"})

# The records of サピエ図書館 describe talking books and braille, lent to readers who cannot use print.
_ACCESSIBLE_PROVIDER: Final = "R100000038-"
_ACCESSIBLE: Final = re.compile(r"DAISY|デイジー|点字|音声圧縮形式")
_SOFTWARE: Final = re.compile(r"(?:CD|DVD)[- ]?ROM|電子ディスク|フロッピ", re.IGNORECASE)
_DVD: Final = re.compile(r"DVD|ブルーレイ|BLU-?RAY|ビデオディスク|映像ディスク", re.IGNORECASE)
_VIDEO: Final = re.compile(r"ビデオカセット|ビデオテープ|ビデオレコード|VHS", re.IGNORECASE)
_CASSETTE: Final = re.compile(r"カセット|録音テープ")
_CD: Final = re.compile(r"録音ディスク|コンパクトディスク|(?<![A-Z])CD(?![A-Z])")
_VINYL: Final = re.compile(r"レコード|(?<![A-Z])LP(?![A-Z])")
_MUSIC: Final = re.compile(r"作曲|作詞|編曲|演奏|指揮|[/／](?:歌|演|ピアノ|SAX)", re.IGNORECASE)

_PAGES: Final = re.compile(r"\d ?P\b|ページ|冊", re.IGNORECASE)

# Before these years a record that does not name its carrier is likelier to be on tape.
_FIRST_DVD_YEAR: Final = 2000
_FIRST_CD_YEAR: Final = 1990


@dataclass(frozen=True, slots=True)
class KindEvidence:
    """What a record says that tells its kind: categories and media, extent, notes, and so on."""

    ndl_id: str
    categories: frozenset[str]
    extent: str
    notes: Sequence[str]
    genres: Sequence[str]
    series: str
    statement: str
    year: int | None
    has_isbn: bool


def kind_of(evidence: KindEvidence) -> MaterialKind | LeftOut:
    """The kind of material, or why the record is left out.

    Categories and media decide; the extent tells the carrier. A recording that names no carrier is taken for
    the one usual in its year, which never changes its loan group; a disc that may hold anything is left out.
    """
    kinds = evidence.categories - _MEDIA
    media = evidence.categories & _MEDIA
    for category, reason in _NEVER_LENT.items():
        if category in kinds:
            return reason
    if _is_accessible(evidence):
        return LeftOut.ACCESSIBLE
    if media and not media & {_ON_PAPER, _RECORDED}:
        return LeftOut.MICROFORM if "マイクロ" in media else LeftOut.ELECTRONIC
    if "録音資料" in kinds:
        return _audio(evidence)
    if "映像資料" in kinds:
        return _video(evidence)
    if _RECORDED in media and _ON_PAPER not in media:
        return _recorded(evidence)
    if kinds & _DOCUMENTS and not kinds & _PRINTED:
        return LeftOut.DOCUMENT
    if _is_kamishibai(evidence):
        return MaterialKind.KAMISHIBAI
    if kinds & _PERIODICALS:
        return MaterialKind.MAGAZINE
    if kinds & _PRINTED:
        return MaterialKind.BOOK
    if not kinds and (evidence.has_isbn or _PAGES.search(evidence.extent)):
        return MaterialKind.BOOK
    return LeftOut.UNKNOWN_KIND


def _is_accessible(evidence: KindEvidence) -> bool:
    return (
        evidence.ndl_id.startswith(_ACCESSIBLE_PROVIDER)
        or any(_ACCESSIBLE.match(note) for note in evidence.notes)
        or _ACCESSIBLE.search(evidence.extent) is not None
    )


def _is_kamishibai(evidence: KindEvidence) -> bool:
    # A title is no evidence: 「紙芝居の歴史」 is a book.
    return any("紙芝居" in text for text in (evidence.extent, *evidence.genres)) or (
        "紙芝居" in evidence.series and "枚" in evidence.extent
    )


def _audio(evidence: KindEvidence) -> MaterialKind | LeftOut:
    if _CD.search(evidence.extent):
        return MaterialKind.CD
    if _CASSETTE.search(evidence.extent):
        return MaterialKind.CASSETTE
    if _VINYL.search(evidence.extent):
        return LeftOut.VINYL
    if _SOFTWARE.search(evidence.extent):
        return LeftOut.SOFTWARE
    if evidence.year is None or evidence.year < _FIRST_CD_YEAR:
        return LeftOut.UNKNOWN_CARRIER
    return MaterialKind.CD


def _video(evidence: KindEvidence) -> MaterialKind | LeftOut:
    if _SOFTWARE.search(evidence.extent):
        return LeftOut.SOFTWARE
    if _DVD.search(evidence.extent):
        return MaterialKind.DVD
    if _VIDEO.search(evidence.extent) or _CASSETTE.search(evidence.extent):
        return MaterialKind.VIDEO
    if evidence.year is not None and evidence.year < _FIRST_DVD_YEAR:
        return MaterialKind.VIDEO
    return MaterialKind.DVD


def _recorded(evidence: KindEvidence) -> MaterialKind | LeftOut:
    """A "book" on a recorded medium: a CD of music, in the catalogues of some city libraries."""
    if _SOFTWARE.search(evidence.extent):
        return LeftOut.SOFTWARE
    if _DVD.search(evidence.extent):
        return MaterialKind.DVD
    if _VIDEO.search(evidence.extent):
        return MaterialKind.VIDEO
    if _CD.search(evidence.extent):
        return MaterialKind.CD
    if _CASSETTE.search(evidence.extent):
        return MaterialKind.CASSETTE
    if _VINYL.search(evidence.extent):
        return LeftOut.VINYL
    return MaterialKind.CD if _MUSIC.search(evidence.statement) else LeftOut.UNKNOWN_CARRIER
