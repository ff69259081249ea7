"""The situations of the training library: a card or an item for each thing that happens at a counter.

The numbers are fixed, so that a printed training sheet outlives every reset.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from madoguchi.barcode.symbology import TRAINING_PLAN, CodeRule, Meaning, complete


def _rule(meaning: Meaning) -> CodeRule:
    return next(rule for rule in TRAINING_PLAN.rules if rule.means is meaning)


def patron_number(serial: int) -> str:
    """The card number of the training patron with this serial number."""
    return complete(_rule(Meaning.PATRON), serial)


def item_number(serial: int) -> str:
    """The number of the training item with this serial number."""
    return complete(_rule(Meaning.ITEM), serial)


def staff_number(serial: int) -> str:
    """The number on the staff card with this serial number."""
    return complete(_rule(Meaning.STAFF), serial)


class Case(StrEnum):
    """What a patron of the training library shows."""

    GOOD = "good"
    AT_PRINT_LIMIT = "at_print_limit"
    AT_AUDIO_LIMIT = "at_audio_limit"
    AT_VIDEO_LIMIT = "at_video_limit"
    OVERDUE_3 = "overdue_3"
    OVERDUE_31 = "overdue_31"
    IDLE_CARD = "idle_card"
    REPLACED_CARD = "replaced_card"
    CHILD = "child"
    WIDE_AREA = "wide_area"
    WITH_NOTE = "with_note"
    RESERVATION_READY = "reservation_ready"
    RENEWALS = "renewals"
    GROUP = "group"
    COMMUTER = "commuter"
    IN_QUEUE = "in_queue"


@dataclass(frozen=True, slots=True)
class PatronSeed:
    """A made-up patron, plainly so."""

    serial: int
    name: str
    kana: str
    category: str
    age: int
    case: Case = Case.GOOD
    note: str = ""


_CASES: Final = (
    PatronSeed(1, "見本 花子", "ミホン ハナコ", "resident", 41),
    PatronSeed(2, "上限 図書", "ジョウゲン トショ", "resident", 35, Case.AT_PRINT_LIMIT),
    PatronSeed(3, "上限 音楽", "ジョウゲン オンガク", "resident", 52, Case.AT_AUDIO_LIMIT),
    PatronSeed(4, "上限 映像", "ジョウゲン エイゾウ", "resident", 28, Case.AT_VIDEO_LIMIT),
    PatronSeed(5, "延滞 三日", "エンタイ ミッカ", "resident", 47, Case.OVERDUE_3),
    PatronSeed(6, "延滞 長治", "エンタイ チョウジ", "resident", 63, Case.OVERDUE_31),
    PatronSeed(7, "期限 切子", "キゲン キリコ", "resident", 58, Case.IDLE_CARD),
    PatronSeed(8, "再発 行男", "サイハツ ユキオ", "resident", 33, Case.REPLACED_CARD),
    PatronSeed(9, "児童 ひかり", "ジドウ ヒカリ", "child", 8, Case.CHILD),
    PatronSeed(10, "広域 茅ヶ崎", "コウイキ チガサキ", "wide_area", 39, Case.WIDE_AREA),
    PatronSeed(
        11,
        "覚書 有子",
        "オボエガキ アリコ",
        "resident",
        70,
        Case.WITH_NOTE,
        "大活字本を希望。新しい棚の場所をご案内。",
    ),
    PatronSeed(12, "取置 待男", "トリオキ マチオ", "resident", 44, Case.RESERVATION_READY),
    PatronSeed(13, "延長 頼子", "エンチョウ ヨリコ", "resident", 31, Case.RENEWALS),
    PatronSeed(14, "団体 読書会", "ダンタイ ドクショカイ", "group", 30, Case.GROUP),
    PatronSeed(15, "通勤 通", "ツウキン トオル", "commuter", 36, Case.COMMUTER),
    PatronSeed(16, "予約 列子", "ヨヤク レツコ", "resident", 55, Case.IN_QUEUE),
    PatronSeed(17, "予約 次郎", "ヨヤク ジロウ", "resident", 26, Case.IN_QUEUE),
)

_FAMILIES: Final = (("仮名", "カメイ"), ("練習", "レンシュウ"), ("例示", "レイジ"), ("試作", "シサク"))
_GIVEN: Final = (
    ("一郎", "イチロウ"), ("二葉", "フタバ"), ("三郎", "サブロウ"), ("四季", "シキ"), ("五月", "サツキ"),
    ("六花", "リッカ"), ("七海", "ナナミ"), ("八重", "ヤエ"), ("九太", "キュウタ"), ("十和", "トワ"),
    ("千歳", "チトセ"),
)  # fmt: skip


def patrons() -> tuple[PatronSeed, ...]:
    """All sixty patrons: one or more for each case, then ordinary ones."""
    ordinary = [
        (f"{family} {given}", f"{family_kana} {given_kana}")
        for family, family_kana in _FAMILIES
        for given, given_kana in _GIVEN
    ]
    rest = 60 - len(_CASES)
    return _CASES + tuple(
        PatronSeed(18 + place, name, kana, "resident", 20 + place)
        for place, (name, kana) in enumerate(ordinary[:rest])
    )


REPLACED_CARD_SERIAL: Final = 908
"""The serial of the card that was lost and replaced; its owner is the patron of that case."""


class ItemCase(StrEnum):
    """What an item of the training library shows. The order is that of the serial numbers, from 1."""

    BOOK_A = "book_a"
    BOOK_B = "book_b"
    BOOK_C = "book_c"
    REFERENCE = "reference"
    ATTACHMENTS = "attachments"
    NOTE = "note"
    CD = "cd"
    DVD = "dvd"
    OTHER_BRANCH = "other_branch"
    READY_FOR_PATRON = "ready_for_patron"
    RESERVED = "reserved"
    ON_LOAN = "on_loan"
    RENEWABLE = "renewable"
    RENEWED = "renewed"
    RENEWAL_RESERVED = "renewal_reserved"
    BORROWED_ELSEWHERE = "borrowed_elsewhere"
    OVERDUE = "overdue"
    BOOK_D = "book_d"
    BOOK_E = "book_e"

    @property
    def number(self) -> str:
        """The item's number."""
        return item_number(list(ItemCase).index(self) + 1)


def case_number(case: Case) -> str:
    """The card number of the first patron of a case."""
    return patron_number(next(seed.serial for seed in _CASES if seed.case is case))


@dataclass(frozen=True, slots=True)
class StaffSeed:
    """A member of staff of the training library."""

    login: str
    name: str
    role: str
    serial: int
    branches: tuple[str, ...] = ()


STAFF: Final = (
    StaffSeed("kunren", "訓練 太郎", "counter_staff", 1),
    StaffSeed("itaku", "委託 良子", "contract_staff", 2, ("tsujido", "oba")),
    StaffSeed("joho", "情報 守", "system_staff", 3),
    StaffSeed("kanri", "管理 正", "security_manager", 4),
    StaffSeed("kotai", "交代 次郎", "counter_staff", 5),
)

TRAINING_PASSWORD: Final = "madoguchi"  # noqa: S105 - printed on the training library's sign-in page
