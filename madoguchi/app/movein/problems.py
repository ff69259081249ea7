"""What can be wrong with a row, and its sentence. No sentence holds a value of the row. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Problem(StrEnum):
    """The values are the codes of the report."""

    NOT_A_ROW = "not_a_row"
    ROW_TOO_LONG = "row_too_long"
    FIELD_COUNT = "field_count"
    NEEDED = "needed"
    TOO_LONG = "too_long"
    HIDDEN = "hidden"
    ODD_BYTES = "odd_bytes"
    NOT_A_NUMBER = "not_a_number"
    NOT_KANA = "not_kana"
    NOT_A_DATE = "not_a_date"
    IN_FUTURE = "in_future"
    BEFORE_BIRTH = "before_birth"
    DUE_BEFORE_LENT = "due_before_lent"
    UNKNOWN_CODE = "unknown_code"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_A_COUNT = "not_a_count"
    NOT_A_POSTAL_CODE = "not_a_postal_code"
    NOT_A_TELEPHONE = "not_a_telephone"
    NOT_AN_EMAIL = "not_an_email"
    TOO_MANY_NAMES = "too_many_names"
    MORE_READINGS = "more_readings"
    DUPLICATE = "duplicate"
    NO_SUCH_TITLE = "no_such_title"
    TITLE_REFUSED = "title_refused"
    NO_SUCH_ITEM = "no_such_item"
    ITEM_REFUSED = "item_refused"
    NO_SUCH_PATRON = "no_such_patron"
    PATRON_REFUSED = "patron_refused"
    SECOND_LOAN = "second_loan"
    # notices: the row is moved in
    UNKNOWN_COLUMN = "unknown_column"
    SAME_PERSON = "same_person"
    OWN_CHARACTER = "own_character"
    ISBN_LEFT_OUT = "isbn_left_out"
    NDC_LEFT_OUT = "ndc_left_out"
    YEAR_LEFT_OUT = "year_left_out"


NOTICES: Final = frozenset(
    {
        Problem.UNKNOWN_COLUMN,
        Problem.SAME_PERSON,
        Problem.OWN_CHARACTER,
        Problem.ISBN_LEFT_OUT,
        Problem.NDC_LEFT_OUT,
        Problem.YEAR_LEFT_OUT,
    }
)
"""Those that refuse no row."""

SENTENCES: Final = {
    Problem.NOT_A_ROW: '引用符（"）が閉じていないか、位置が正しくないため、行として読めません。',
    Problem.ROW_TOO_LONG: "行が長すぎて読めません。",
    Problem.FIELD_COUNT: "項目の数が1行目の見出しの数と違います。",
    Problem.NEEDED: "必須の項目が空です。",
    Problem.TOO_LONG: "項目が長すぎます。",
    Problem.HIDDEN: "目に見えない文字（制御文字など）が入っています。",
    Problem.ODD_BYTES: "文字コードとして読めないバイトが入っています。",
    Problem.NOT_A_NUMBER: "番号に使えない文字が入っています（半角の英数字と記号だけ使えます）。",
    Problem.NOT_KANA: "カナではない文字が入っています。",
    Problem.NOT_A_DATE: "日付として読めないか、ありえない日です。",
    Problem.IN_FUTURE: "未来すぎる日付です。",
    Problem.BEFORE_BIRTH: "生年月日より前の日付です。",
    Problem.DUE_BEFORE_LENT: "返却期限が貸出日より前です。",
    Problem.UNKNOWN_CODE: "この図書館にないコードです。対応表（--map）で読み替えを指定してください。",
    Problem.NOT_YES_OR_NO: "0か1を入れてください。",
    Problem.NOT_A_COUNT: "0から99までの整数を入れてください。",
    Problem.NOT_A_POSTAL_CODE: "郵便番号は7桁の数字です。",
    Problem.NOT_A_TELEPHONE: "電話番号に数字・ハイフン・かっこ以外の文字が入っています。",
    Problem.NOT_AN_EMAIL: "メールアドレスの形になっていません。",
    Problem.TOO_MANY_NAMES: "著者が多すぎます（40人まで、1人200文字まで）。",
    Problem.MORE_READINGS: "著者より著者の読みのほうが多くなっています。",
    Problem.DUPLICATE: "同じ番号が前の行にもあります。前の行を採りました。",
    Problem.NO_SUCH_TITLE: "書誌がtitles.csvにありません。",
    Problem.TITLE_REFUSED: "書誌の行が受け付けられていません。先にその行を直してください。",
    Problem.NO_SUCH_ITEM: "資料がitems.csvにありません。",
    Problem.ITEM_REFUSED: "資料の行が受け付けられていません。先にその行を直してください。",
    Problem.NO_SUCH_PATRON: "利用者がpatrons.csvにありません。",
    Problem.PATRON_REFUSED: "利用者の行が受け付けられていません。先にその行を直してください。",
    Problem.SECOND_LOAN: "同じ資料の貸出が前の行にもあります。前の行を採りました。",
    Problem.UNKNOWN_COLUMN: "知らない見出しの列です。この列は読みません。",
    Problem.SAME_PERSON: "カナと生年月日が同じ利用者が前の行にもいます。同じ人ではないか確かめてください。",
    Problem.OWN_CHARACTER: "旧システムの外字が入っています。〓に置き換えました。",
    Problem.ISBN_LEFT_OUT: "ISBNとして正しくないため、ISBNなしで移します。",
    Problem.NDC_LEFT_OUT: "分類記号として正しくないため、分類なしで移します。",
    Problem.YEAR_LEFT_OUT: "出版年として読めないため、出版年なしで移します。",
}
"""What the report says to whoever mends the files."""
