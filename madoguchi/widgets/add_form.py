"""The form of a quick-add (簡易登録), and what is said of it and of records fetched. Pure wording."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from madoguchi.app.catalogue.adding import AddRefusal, ItemAdded, NotAdded
from madoguchi.app.catalogue.fetched import Reason
from madoguchi.app.catalogue.new_item import ItemField, ItemProblem, Problems
from madoguchi.app.lending.materials import MaterialKind
from madoguchi.widgets.look.record_views import FormLine, FormView, LineKind
from madoguchi.widgets.look.views import StripView, Tone

translate = QCoreApplication.translate

SAME, NEW = "same_title", "new"
"""The line that asks whether it is another copy, and its answer that it is not."""

_NUMBERS = (ItemField.ITEM_NUMBER, ItemField.ISBN, ItemField.YEAR, ItemField.NDC)


def form(values: Mapping[str, str], *, can_fetch: bool) -> FormView:
    """The form, filled with what is known already."""
    hint = (
        translate("Search", "本のバーコードを読み取ると、国立国会図書館サーチから書誌を取り寄せます")
        if can_fetch
        else translate("Search", "本のバーコードを読み取ると入ります")
    )
    hints = {
        ItemField.ITEM_NUMBER: translate("Search", "資料のバーコードを読み取ると入ります"),
        ItemField.ISBN: hint,
        ItemField.CREATORS: translate("Search", "何人かは ; で区切ります"),
    }
    lines = [
        FormLine(
            field.value,
            label,
            LineKind.NUMBER if field in _NUMBERS else LineKind.TEXT,
            values.get(field.value, ""),
            required=field in (ItemField.ITEM_NUMBER, ItemField.TITLE),
            hint=hints.get(field, ""),
        )
        for field, label in _labels().items()
    ]
    lines.append(
        FormLine(
            ItemField.KIND.value,
            translate("Search", "種類"),
            LineKind.ONE_OF,
            values.get(ItemField.KIND.value) or MaterialKind.BOOK.value,
            choices=tuple((kind.value, _kinds()[kind]) for kind in MaterialKind),
        )
    )
    return FormView(
        heading=translate("Search", "簡易登録"),
        note=translate("Search", "登録のない資料を仮に登録します。すぐに貸出できます。"),
        lines=tuple(lines),
        submit=translate("Search", "登録する"),
    )


def same_title(title: str) -> str:
    """A title with this ISBN is there; which one, if that is known."""
    words = translate("Search", "同じ ISBN の書誌があります")
    return f"{words}: {title}" if title else words


def which_one() -> str:
    """What is to be answered."""
    return translate("Search", "どちらか選んでください")


def same_title_line(title_id: int, title: str) -> FormLine:
    """The question whether it is a copy of what is there; nothing is answered beforehand."""
    return FormLine(
        SAME,
        same_title(title),
        LineKind.ONE_OF,
        required=True,
        choices=(
            (str(title_id), translate("Search", "その書誌の資料として登録")),
            (NEW, translate("Search", "別の書誌として登録")),
        ),
    )


def same_title_message() -> str:
    """What is to be answered."""
    return translate("Search", "同じ ISBN の書誌があります。どちらか選び、もう一度 F10 を押してください。")


def _labels() -> dict[ItemField, str]:
    return {
        ItemField.ITEM_NUMBER: translate("Search", "資料番号"),
        ItemField.ISBN: translate("Search", "ISBN"),
        ItemField.TITLE: translate("Search", "書名"),
        ItemField.TITLE_KANA: translate("Search", "書名のよみ"),
        ItemField.VOLUME: translate("Search", "巻"),
        ItemField.CREATORS: translate("Search", "著者"),
        ItemField.CREATORS_KANA: translate("Search", "著者のよみ"),
        ItemField.PUBLISHER: translate("Search", "出版社"),
        ItemField.YEAR: translate("Search", "出版年"),
        ItemField.SERIES: translate("Search", "シリーズ"),
        ItemField.EDITION: translate("Search", "版"),
        ItemField.EXTENT: translate("Search", "ページ数・大きさ"),
        ItemField.NDC: translate("Search", "分類（NDC）"),
        ItemField.ATTACHMENTS: translate("Search", "付録"),
    }


def _kinds() -> dict[MaterialKind, str]:
    return {
        MaterialKind.BOOK: translate("Search", "図書"),
        MaterialKind.MAGAZINE: translate("Search", "雑誌"),
        MaterialKind.KAMISHIBAI: translate("Search", "紙芝居"),
        MaterialKind.CD: translate("Search", "CD"),
        MaterialKind.CASSETTE: translate("Search", "カセット"),
        MaterialKind.VIDEO: translate("Search", "ビデオ"),
        MaterialKind.DVD: translate("Search", "DVD"),
    }


def errors(problems: Problems) -> dict[str, str]:
    """A sentence of what is right for each field that is wrong."""
    return {field.value: _problem(problem) for field, problem in problems.items()}


def _problem(problem: ItemProblem) -> str:
    return {
        ItemProblem.NEEDED: translate("Search", "入力してください"),
        ItemProblem.TOO_LONG: translate("Search", "長すぎます。短くしてください"),
        ItemProblem.NOT_AN_ITEM: translate("Search", "資料番号を入力してください"),
        ItemProblem.A_PATRONS_CARD: translate(
            "Search", "これは利用者番号です。資料のバーコードを読み取ってください"
        ),
        ItemProblem.ITEM_CHECK_DIGIT: translate("Search", "検査数字が合いません。読み取りなおしてください"),
        ItemProblem.ITEM_LENGTH: translate("Search", "桁数が合いません。読み取りなおしてください"),
        ItemProblem.NO_SUCH_KIND: translate("Search", "一覧から選んでください"),
        ItemProblem.NOT_KANA: translate("Search", "かなで入力してください"),
        ItemProblem.MORE_READINGS_THAN_NAMES: translate("Search", "よみは著者の数までにしてください"),
        ItemProblem.TOO_MANY_NAMES: translate("Search", "著者は40人までにしてください"),
        ItemProblem.NOT_A_YEAR: translate("Search", "西暦4桁か、平成30年のように入力してください"),
        ItemProblem.YEAR_OUT_OF_RANGE: translate("Search", "1000年から来年までの年を入力してください"),
        ItemProblem.NOT_AN_ISBN: translate("Search", "ISBN は10桁か13桁です"),
        ItemProblem.ISBN_CHECK_DIGIT: translate("Search", "ISBN の検査数字が合いません。確かめてください"),
        ItemProblem.NOT_AN_NDC: translate("Search", "913.6 のように数字3桁で始めてください"),
    }[problem]


def not_added(answer: NotAdded) -> str:
    """Why nothing was added."""
    if answer.refusal is AddRefusal.ITEM_KNOWN:
        title = answer.item.title if answer.item is not None else ""
        return translate("Search", "この資料番号は登録済みです: {title}").format(title=title)
    return {
        AddRefusal.TITLE_GONE: translate("Search", "書誌がなくなっています。もう一度登録してください。"),
        AddRefusal.WRONG_KIND: translate("Search", "この種類は、この館では登録できません。"),
        AddRefusal.NOT_ALLOWED: translate("Search", "登録する権限がありません。"),
        AddRefusal.CANCELLED: translate("Search", "取り消された登録です。もう一度登録してください。"),
    }[answer.refusal]


def added_strip(answer: ItemAdded) -> StripView:
    """It is there."""
    return StripView(
        Tone.DONE,
        translate("Search", "登録しました"),
        answer.item.title,
        answer.item.number,
        side_first="" if answer.new_title else translate("Search", "今ある書誌に加えました"),
    )


def not_added_strip(sentence: str, number: str) -> StripView:
    """It is not; which item it was about."""
    return StripView(Tone.REFUSED, translate("Search", "登録していません"), sentence, side_first=number)


def outage() -> str:
    """What holds while the line is down."""
    return translate(
        "Search",
        "まだ登録していません。回線がつながりしだい登録します。\nここを閉じても、結果は下の帯に出ます。",
    )


def fault() -> str:
    """A bug was met."""
    return translate("Search", "登録できたかどうか分かりません。資料番号で検索して確かめてください。")


# -- records that are fetched ------------------------------------------------------------------------


def fetching_strip(isbn: str) -> StripView:
    """The record is being fetched; the form can be filled in meanwhile."""
    return StripView(Tone.PENDING, translate("Search", "書誌を取り寄せています"), isbn)


def fetched_strip(title: str) -> StripView:
    """The record is there, with the name of whose it is."""
    return StripView(
        Tone.DONE,
        translate("Search", "書誌を取り寄せました"),
        title,
        side_first=translate("Search", "国立国会図書館サーチ"),
        side_second=translate("Search", "空欄に入れました"),
    )


def nothing_known_strip(isbn: str) -> StripView:
    """The source answered, and knows no such book."""
    return StripView(
        Tone.NOTICE,
        translate("Search", "書誌が見つかりません"),
        isbn,
        side_first=translate("Search", "書名を入力してください"),
    )


def not_fetched_strip(reason: Reason) -> StripView:
    """Nothing was fetched, and why; the form can be filled in by hand."""
    return StripView(
        Tone.NOTICE,
        translate("Search", "書誌を取り寄せられません"),
        _reason(reason),
        side_first=translate("Search", "手で入力して登録できます"),
    )


def _reason(reason: Reason) -> str:
    return {
        Reason.NOT_CONFIGURED: translate("Search", "取り寄せの設定がありません"),
        Reason.NOT_AN_ISBN: translate("Search", "ISBN ではありません"),
        Reason.HOST_NOT_ALLOWED: translate("Search", "許可されていない接続先です"),
        Reason.REDIRECTED: translate("Search", "ほかの接続先に回されたため中止しました"),
        Reason.CA_FILE: translate("Search", "認証局のファイルを読めません"),
        Reason.PROXY_UNREACHABLE: translate("Search", "プロキシにつながりません"),
        Reason.PROXY_PASSWORD: translate("Search", "プロキシのパスワードが違います"),
        Reason.PROXY_REFUSED: translate("Search", "プロキシに断られました"),
        Reason.SOURCE_UNREACHABLE: translate("Search", "取り寄せ先につながりません"),
        Reason.TIMED_OUT: translate("Search", "時間内に答えがありません"),
        Reason.TLS_NOT_VERIFIED: translate("Search", "接続先を確かめられません"),
        Reason.SOURCE_ERROR: translate("Search", "取り寄せ先がエラーを返しました"),
        Reason.TOO_BIG: translate("Search", "答えが大きすぎます"),
        Reason.NOT_UNDERSTOOD: translate("Search", "答えを読めません"),
        Reason.BROKEN: translate("Search", "答えが途中で切れています"),
    }[reason]
