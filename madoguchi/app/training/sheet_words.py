"""The words of the training sheet: for each card the situation, what to read, and what then happens.

Japanese sources for Qt's translation in the context "Sheet"; they are looked up where the sheet is painted.
``{good}`` and the like are the marks of other cards, or settings of the library; ``Sheet.fill`` has them all.
The steps are true of a training library just made: a test follows each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from madoguchi.app.sources import QT_TRANSLATE_NOOP


class Outcome(StrEnum):
    """How the last step ends, at a glance."""

    DONE = "done"
    NOTICE = "notice"
    REFUSED = "refused"


class Task(StrEnum):
    """Where on the counter's screen something is read."""

    SIGN_IN = "sign_in"
    CHECKOUT = "checkout"
    RETURN = "return"
    RENEWAL = "renewal"


@dataclass(frozen=True, slots=True)
class Step:
    """Cards, by their keys, to be read one after the other at one task."""

    task: Task
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardWords:
    """What is said of one card."""

    heading: str
    outcome: Outcome
    steps: tuple[Step, ...]
    expect: str


@dataclass(frozen=True, slots=True)
class SectionWords:
    """What is said of a section, and of each of its cards by key."""

    title: str
    intro: str
    cards: Mapping[str, CardWords]


def _sign_in(key: str) -> tuple[Step, ...]:
    return (Step(Task.SIGN_IN, (key,)),)


def lend(*keys: str) -> tuple[Step, ...]:
    """Read these at the checkout, a patron's card first."""
    return (Step(Task.CHECKOUT, keys),)


def take_back(*keys: str) -> tuple[Step, ...]:
    """Read these at the return."""
    return (Step(Task.RETURN, keys),)


def renew(*keys: str) -> tuple[Step, ...]:
    """Read these at the renewal."""
    return (Step(Task.RENEWAL, keys),)


_DONE: Final = Outcome.DONE
_NOTICE: Final = Outcome.NOTICE
_REFUSED: Final = Outcome.REFUSED

BEFORE: Final = (
    QT_TRANSLATE_NOOP("Sheet", "「実際のサイズ」（100 %）で印刷します。縮めると読めないことがあります。"),
    QT_TRANSLATE_NOOP(
        "Sheet",
        "スキャナは、NW-7（Codabar）・EAN-13・Code 128 を読み、最後に Enter を送る設定にします。"
        "NW-7 は、買ったときには止めてある機種があります。",
    ),
    QT_TRANSLATE_NOOP(
        "Sheet",
        "どの行も、作ったばかりの練習用の図書館で、「総合市民図書館」の端末に読み取ったときのことです。",
    ),
    QT_TRANSLATE_NOOP(
        "Sheet",
        "やり直すときは、コマンド madoguchi training --reset で練習用の図書館を作り直します。"
        "番号は変わらないので、この紙はそのまま使えます。延滞の日数は作り直した日から数えます。",
    ),
)

WALK: Final = (
    QT_TRANSLATE_NOOP("Sheet", "職員番号 kunren、パスワード {password} でサインインします（{kunren}）。"),
    QT_TRANSLATE_NOOP(
        "Sheet",
        "「貸出」で利用者カード {good} を読み取り、続けて資料 {book_a} と {book_b} を読み取ります。"
        "返却期限が出れば、貸出は終わりです。",
    ),
    QT_TRANSLATE_NOOP(
        "Sheet", "続けて {reference} を読み取ります。禁帯出なので、貸し出されず、理由が出ます。"
    ),
    QT_TRANSLATE_NOOP(
        "Sheet", "次の人のカード {with_note} を読み取ります。前の人の画面は消え、この人に替わります。"
    ),
    QT_TRANSLATE_NOOP("Sheet", "「延長」で {renewable} を読み取ります。返却期限が延びます。"),
    QT_TRANSLATE_NOOP(
        "Sheet", "「返却」で {book_a} を読み取ります。まちがえても、{undo_minutes}分以内なら取り消せます。"
    ),
)

STAFF: Final = SectionWords(
    QT_TRANSLATE_NOOP("Sheet", "職員"),
    QT_TRANSLATE_NOOP(
        "Sheet",
        "職員番号とパスワードでサインインします。一度サインインした端末では、職員カードを読み取ると職員番号が入ります。"
        "貸出などの画面で読み取ると、使えないと案内します。",
    ),
    MappingProxyType(
        {
            "kunren": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "窓口の職員"),
                _DONE,
                _sign_in("kunren"),
                QT_TRANSLATE_NOOP("Sheet", "貸出・返却・延長ができます。はじめは、この人で練習します。"),
            ),
            "kotai": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "交代する窓口の職員"),
                _DONE,
                _sign_in("kotai"),
                QT_TRANSLATE_NOOP("Sheet", "同じ端末で交代する練習に。前の人の作業は見えません。"),
            ),
            "itaku": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "委託スタッフ（辻堂と湘南大庭だけ）"),
                _REFUSED,
                _sign_in("itaku"),
                QT_TRANSLATE_NOOP(
                    "Sheet",
                    "断られます。辻堂か湘南大庭の端末でなら働けます。",
                ),
            ),
            "joho": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "情報システムの担当者"),
                _REFUSED,
                _sign_in("joho"),
                QT_TRANSLATE_NOOP("Sheet", "練習用の図書館では断られます。端末の係で、貸出はできません。"),
            ),
            "kanri": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "情報セキュリティの管理者"),
                _REFUSED,
                _sign_in("kanri"),
                QT_TRANSLATE_NOOP(
                    "Sheet",
                    "練習用の図書館では断られます。監査の係で、貸出はできません。",
                ),
            ),
        }
    ),
)

PATRONS: Final = SectionWords(
    QT_TRANSLATE_NOOP("Sheet", "利用者カード"),
    QT_TRANSLATE_NOOP(
        "Sheet", "次の人のカードを読み取ると、前の人の受付は終わります。名前はすべて作りものです。"
    ),
    MappingProxyType(
        {
            "good": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "問題のない利用者"),
                _DONE,
                lend("good", "book_a", "book_b"),
                QT_TRANSLATE_NOOP(
                    "Sheet",
                    "貸し出されます。期限は{loan_days}日後、休館日なら次の開館日です。",
                ),
            ),
            "at_print_limit": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "図書を上限の{print_limit}点まで借りている"),
                _REFUSED,
                lend("at_print_limit", "book_c"),
                QT_TRANSLATE_NOOP("Sheet", "図書は断られます。CDやDVDは別に数えるので、まだ貸し出せます。"),
            ),
            "at_audio_limit": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "CDを上限の{audio_limit}点まで借りている"),
                _REFUSED,
                lend("at_audio_limit", "cd"),
                QT_TRANSLATE_NOOP("Sheet", "CDは断られます。図書は別に数えるので、まだ貸し出せます。"),
            ),
            "at_video_limit": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "DVDを上限の{video_limit}点まで借りている"),
                _REFUSED,
                lend("at_video_limit", "dvd"),
                QT_TRANSLATE_NOOP("Sheet", "DVDは断られます。図書は別に数えるので、まだ貸し出せます。"),
            ),
            "overdue_3": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "返却が3日おくれている"),
                _NOTICE,
                lend("overdue_3"),
                QT_TRANSLATE_NOOP(
                    "Sheet", "延滞を知らせます。{block_days}日以内なので、貸出は断られません。"
                ),
            ),
            "overdue_31": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "返却が{block_days}日をこえておくれている"),
                _REFUSED,
                lend("overdue_31", "book_d"),
                QT_TRANSLATE_NOOP(
                    "Sheet",
                    "おくれている資料が返るまで、貸出は断られます。理由を書けば、この受付のあいだ貸し出せます。",
                ),
            ),
            "idle_card": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "{idle_years}年使われず、期限の切れたカード"),
                _REFUSED,
                lend("idle_card", "book_d"),
                QT_TRANSLATE_NOOP(
                    "Sheet",
                    "貸出は断られます。住所のわかるものを見せてもらい、理由を書けば、この受付のあいだ貸し出せます。",
                ),
            ),
            "replaced_card": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "再発行された新しいカード"),
                _DONE,
                lend("replaced_card"),
                QT_TRANSLATE_NOOP("Sheet", "ふつうに使えます。古いカードは次の {old_card} です。"),
            ),
            "old_card": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "なくしたと届けのあった古いカード"),
                _REFUSED,
                lend("old_card"),
                QT_TRANSLATE_NOOP("Sheet", "使えないカードだと、はっきり出ます。"),
            ),
            "child": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "児童"),
                _DONE,
                lend("child"),
                QT_TRANSLATE_NOOP("Sheet", "区分が「児童」と出ます。{on_loan} を借りています。"),
            ),
            "wide_area": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "広域利用（となりの市の人）"),
                _DONE,
                lend("wide_area"),
                QT_TRANSLATE_NOOP("Sheet", "区分が「広域利用」と出ます。ふつうに貸し出せます。"),
            ),
            "with_note": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "職員へのメモがある"),
                _NOTICE,
                lend("with_note"),
                QT_TRANSLATE_NOOP("Sheet", "職員へのメモが、名前といっしょに出ます。"),
            ),
            "reservation_ready": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "予約した資料が用意できている"),
                _NOTICE,
                lend("reservation_ready", "ready_for_patron"),
                QT_TRANSLATE_NOOP("Sheet", "取り置きを知らせます。貸し出すと、予約は終わります。"),
            ),
            "renewals": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "借りている資料を延長したい"),
                _DONE,
                (*lend("renewals"), *renew("renewable")),
                QT_TRANSLATE_NOOP(
                    "Sheet",
                    "延長できます。{renewed}・{renewal_reserved}・{borrowed_elsewhere} の延長は断られます。",
                ),
            ),
            "group": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "団体"),
                _DONE,
                lend("group"),
                QT_TRANSLATE_NOOP("Sheet", "区分が「団体」と出ます。図書は{group_limit}点まで貸し出せます。"),
            ),
            "commuter": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "市内に通勤・通学している人"),
                _DONE,
                lend("commuter"),
                QT_TRANSLATE_NOOP("Sheet", "区分が「市内在勤・在学」と出ます。"),
            ),
            "in_queue": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "予約の順番が1番目の人"),
                _NOTICE,
                lend("in_queue", "reserved"),
                QT_TRANSLATE_NOOP("Sheet", "予約した本人なので貸し出され、予約が終わったと知らせます。"),
            ),
        }
    ),
)
