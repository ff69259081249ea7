"""The files that are moved in, and their columns; ``docs/move-in.md`` shows the same table. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from madoguchi.app.patrons.ties import LONGEST_NOTE


class File(StrEnum):
    """The four files, in the order in which they are read: what refers to another comes after it."""

    TITLES = "titles"
    ITEMS = "items"
    PATRONS = "patrons"
    LOANS = "loans"

    @property
    def csv(self) -> str:
        """Its name in the folder."""
        return f"{self.value}.csv"


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    FOLDED = "text, full-width letters and digits made plain"
    NUMBER = "printed number: plain letters, digits and marks"
    KANA = "kana, made full-width katakana"
    DATE = "date: 2026-04-01, 2026/4/1, 20260401, R8.4.1 or 令和8年4月1日"
    CODE = "code"
    YES_NO = "1 or 0, empty: 0"
    COUNT = "whole number, 0 to 99"
    POSTAL_CODE = "seven digits, with a hyphen or without"
    TELEPHONE = "digits, hyphens and brackets"
    EMAIL = "address"
    ISBN = "ISBN, 10 or 13 digits"
    NDC = "class of NDC"
    YEAR = "year, western or of an era"
    NAMES = "names, each but the last ended by a semicolon"
    NUMBERS = "printed numbers, each but the last ended by a semicolon"


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        longest: characters that the library's own column holds.
        needed: a row without it is refused.
        example: made up.
        says: what it is, for the documentation.
    """

    name: str
    kind: Kind
    longest: int
    needed: bool
    example: str
    says: str


def _column(
    name: str, kind: Kind, longest: int, example: str, says: str, *, needed: bool = False
) -> tuple[str, Column]:
    return name, Column(name, kind, longest, needed, example, says)


COLUMNS: Final[dict[File, dict[str, Column]]] = {
    File.TITLES: dict(
        (
            _column("title_id", Kind.NUMBER, 64, "B000123", "the title's key in the old system", needed=True),
            _column("title", Kind.TEXT, 500, "見本の本", "title proper", needed=True),
            _column("title_kana", Kind.FOLDED, 1000, "ミホン ノ ホン", "its reading"),
            _column("creators", Kind.NAMES, 500, "見本 太郎 ; 見本 花子", "at most 40, each of 200"),
            _column("creators_kana", Kind.NAMES, 1000, "ミホン タロウ ; ", "their readings, in order"),
            _column("volume", Kind.FOLDED, 200, "上", "volume"),
            _column("series", Kind.TEXT, 500, "見本文庫", "series"),
            _column("publisher", Kind.TEXT, 300, "見本書房", "publisher"),
            _column("year", Kind.YEAR, 20, "2018", "year of publication"),
            _column("isbn", Kind.ISBN, 30, "9784000000008", "ISBN"),
            _column("ndc", Kind.NDC, 20, "913.6", "class"),
            _column("edition", Kind.TEXT, 100, "第2版", "edition"),
            _column("extent", Kind.FOLDED, 300, "251p ; 19cm", "extent"),
            _column("ndl_id", Kind.NUMBER, 64, "R100000002-I000000000000", "NDL Search's key, if known"),
        )
    ),
    File.ITEMS: dict(
        (
            _column("item_number", Kind.NUMBER, 20, "1000000015", "as its barcode says it", needed=True),
            _column("title_id", Kind.NUMBER, 64, "B000123", "of titles.csv", needed=True),
            _column("branch", Kind.CODE, 40, "sogo", "where its home is; a branch's code", needed=True),
            _column("kind", Kind.CODE, 40, "book", "kind of material", needed=True),
            _column("reference_only", Kind.YES_NO, 5, "0", "禁帯出: it is not lent"),
            _column("borrowed_from", Kind.TEXT, 60, "", "相互貸借: the library it is borrowed from"),
            _column("attachments", Kind.TEXT, 300, "付録CD 1枚", "what comes with it"),
            _column("note", Kind.TEXT, 500, "背表紙を補修", "on the item's state; nothing of a person"),
        )
    ),
    File.PATRONS: dict(
        (
            _column("card_number", Kind.NUMBER, 20, "2000000017", "as the card says it", needed=True),
            _column("name", Kind.TEXT, 100, "見本 花子", "name", needed=True),
            _column("kana", Kind.KANA, 100, "ミホン ハナコ", "its reading", needed=True),
            _column("birth_date", Kind.DATE, 20, "S55.4.1", "of a group: its representative's", needed=True),
            _column("category", Kind.CODE, 40, "resident", "why they may use the library", needed=True),
            _column("registered_on", Kind.DATE, 20, "2019-05-12", "day of registration", needed=True),
            _column("last_used_on", Kind.DATE, 20, "2026-10-01",
                    "last checkout, renewal or reservation; empty: when what they have now was lent, or else"
                    " the day of registration"),
            _column("card_issued_on", Kind.DATE, 20, "2024-04-01", "empty: the day of registration"),
            _column("lost_cards", Kind.NUMBERS, 200, "2000000024", "their lost cards, which stay refused"),
            _column("branch", Kind.CODE, 40, "minami", "where they registered"),
            _column("postal_code", Kind.POSTAL_CODE, 10, "251-0000", "postal code"),
            _column("address", Kind.TEXT, 200, "藤沢市見本町1丁目2番3号", "address"),
            _column("telephone", Kind.TELEPHONE, 30, "0466-00-0000", "telephone"),
            _column("email", Kind.EMAIL, 254, "mihon@example.jp", "if they want mail"),
            _column("notice_by", Kind.CODE, 40, "telephone",
                    "telephone, mail, post_card or none; empty: telephone"),
            _column("proof", Kind.CODE, 40, "licence",
                    "kind of proof that was seen, never its number; empty: it is not known"),
            _column("proof_seen_on", Kind.DATE, 20, "2024-04-01", "when it was seen"),
            _column("note", Kind.TEXT, LONGEST_NOTE, "電話は夕方以降", "what staff should know"),
        )
    ),
    File.LOANS: dict(
        (
            _column("item_number", Kind.NUMBER, 20, "1000000015", "of items.csv", needed=True),
            _column("card_number", Kind.NUMBER, 20, "2000000017",
                    "of patrons.csv; a lost card's is known, too", needed=True),
            _column("branch", Kind.CODE, 40, "sogo", "where it was lent", needed=True),
            _column("lent_on", Kind.DATE, 20, "2026-11-20", "day of the loan", needed=True),
            _column("due_on", Kind.DATE, 20, "2026-12-04", "due date", needed=True),
            _column("renewals", Kind.COUNT, 5, "0", "how often it was renewed; empty: 0"),
        )
    ),
}  # fmt: skip

MAPPED: Final = ("branch", "category", "kind", "notice_by", "proof")
"""The columns whose codes a map may turn into the library's own."""

KEY: Final = {
    File.TITLES: "title_id",
    File.ITEMS: "item_number",
    File.PATRONS: "card_number",
    File.LOANS: "item_number",
}
"""The column by which other rows refer to a row, or that must not come twice."""

LONGEST_RECORD: Final = 20_000
"""Characters of one row; more is no row of these files."""
MOST_LINES: Final = 200
"""Lines that one row may take: quoted fields may hold line breaks."""
