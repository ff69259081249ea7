"""The words of the training sheet for items, and for scans that go wrong (see `sheet_words`)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from madoguchi.app.sources import QT_TRANSLATE_NOOP
from madoguchi.app.training.sheet_words import (
    CardWords,
    Outcome,
    SectionWords,
    lend,
    renew,
    take_back,
)

_DONE: Final = Outcome.DONE
_NOTICE: Final = Outcome.NOTICE
_REFUSED: Final = Outcome.REFUSED

ITEMS: Final = SectionWords(
    QT_TRANSLATE_NOOP("Sheet", "資料"),
    QT_TRANSLATE_NOOP(
        "Sheet",
        "貸出では、先に {good} を1度読み取り、続けて資料を読み取ります。返却と延長にカードはいりません。",
    ),
    MappingProxyType(
        {
            "book_a": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "貸して、返す"),
                _DONE,
                (*lend("good", "book_a"), *take_back("book_a")),
                QT_TRANSLATE_NOOP("Sheet", "返却され、棚にもどす資料だとわかります。"),
            ),
            "book_b": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "同じ資料を2度読み取る"),
                _NOTICE,
                lend("good", "book_b", "book_b"),
                QT_TRANSLATE_NOOP("Sheet", "貸出は1回だけです。2度めは「同じ資料」と出ます。"),
            ),
            "book_c": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "返却を取り消す"),
                _DONE,
                (*lend("good", "book_c"), *take_back("book_c")),
                QT_TRANSLATE_NOOP(
                    "Sheet", "返却されます。{undo_minutes}分以内なら取り消して、貸出にもどせます。"
                ),
            ),
            "reference": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "禁帯出（館内で読む資料）"),
                _REFUSED,
                lend("good", "reference"),
                QT_TRANSLATE_NOOP("Sheet", "貸出は断られます。理由を書けば、この受付のあいだ貸し出せます。"),
            ),
            "attachments": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "付録のある資料"),
                _NOTICE,
                lend("good", "attachments"),
                QT_TRANSLATE_NOOP("Sheet", "貸し出され、付録があると知らせます。返却のときも知らせます。"),
            ),
            "note": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "書込みなど、注記のある資料"),
                _NOTICE,
                lend("good", "note"),
                QT_TRANSLATE_NOOP("Sheet", "貸し出され、注記が出ます。返却のときも出ます。"),
            ),
            "cd": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "CD"),
                _DONE,
                lend("good", "cd"),
                QT_TRANSLATE_NOOP("Sheet", "貸し出されます。図書とは別に数え、{audio_limit}点までです。"),
            ),
            "dvd": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "DVD"),
                _DONE,
                lend("good", "dvd"),
                QT_TRANSLATE_NOOP("Sheet", "貸し出されます。図書とは別に数え、{video_limit}点までです。"),
            ),
            "other_branch": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "南市民図書館の資料が返ってきた"),
                _NOTICE,
                (*lend("good", "other_branch"), *take_back("other_branch")),
                QT_TRANSLATE_NOOP("Sheet", "返却され、南市民図書館へ配送する資料だと知らせます。"),
            ),
            "ready_for_patron": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "ほかの人のために取り置いた資料"),
                _REFUSED,
                lend("good", "ready_for_patron"),
                QT_TRANSLATE_NOOP(
                    "Sheet", "貸出は断られます。待っている {reservation_ready} の人になら貸し出せます。"
                ),
            ),
            "reserved": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "予約されている資料が見つかった"),
                _NOTICE,
                take_back("reserved"),
                QT_TRANSLATE_NOOP(
                    "Sheet",
                    "取置棚に置くよう知らせます。1番目は {in_queue} の人です。",
                ),
            ),
            "on_loan": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "ほかの人が借りている資料"),
                _REFUSED,
                lend("good", "on_loan"),
                QT_TRANSLATE_NOOP("Sheet", "貸出は断られます。先に「返却」で読み取れば、貸し出せます。"),
            ),
            "renewable": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "延長できる資料"),
                _DONE,
                renew("renewable"),
                QT_TRANSLATE_NOOP(
                    "Sheet", "きょうから{loan_days}日後まで延びます。2度めの延長は断られます。"
                ),
            ),
            "renewed": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "もう延長した資料"),
                _REFUSED,
                renew("renewed"),
                QT_TRANSLATE_NOOP("Sheet", "延長は1回だけなので、断られます。"),
            ),
            "renewal_reserved": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "延長したいが、予約が入っている"),
                _REFUSED,
                renew("renewal_reserved"),
                QT_TRANSLATE_NOOP("Sheet", "待っている人がいるので、延長は断られます。"),
            ),
            "borrowed_elsewhere": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "県立図書館から借りている資料"),
                _REFUSED,
                renew("borrowed_elsewhere"),
                QT_TRANSLATE_NOOP("Sheet", "ほかの図書館の資料なので、延長は断られます。"),
            ),
            "overdue": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "返却のおくれた資料"),
                _NOTICE,
                take_back("overdue"),
                QT_TRANSLATE_NOOP(
                    "Sheet",
                    "返却され、おくれた日数を知らせます。延長は断られます。",
                ),
            ),
            "book_d": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "貸し出していない資料が返ってきた"),
                _NOTICE,
                take_back("book_d"),
                QT_TRANSLATE_NOOP("Sheet", "貸出中ではなかったと知らせます。棚にもどします。"),
            ),
            "book_e": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "貸して、すぐ延長する"),
                _DONE,
                (*lend("good", "book_e"), *renew("book_e")),
                QT_TRANSLATE_NOOP("Sheet", "延長できますが、きょうから数えるので期限は変わりません。"),
            ),
        }
    ),
)

TROUBLES: Final = SectionWords(
    QT_TRANSLATE_NOOP("Sheet", "困った読み取り"),
    QT_TRANSLATE_NOOP(
        "Sheet",
        "どれも何も記録されず、それぞれ別のことばで案内が出ます。そのまま次を読み取れます。",
    ),
    MappingProxyType(
        {
            "isbn": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "本の1段めのバーコード（ISBN）"),
                _REFUSED,
                lend("good", "isbn"),
                QT_TRANSLATE_NOOP(
                    "Sheet",
                    "ISBNではどの1冊かわからないので、資料番号を読むよう案内します。",
                ),
            ),
            "price_row": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "本の2段めのバーコード（192…）"),
                _REFUSED,
                lend("good", "price_row"),
                QT_TRANSLATE_NOOP("Sheet", "分類と価格のバーコードです。どれを読むかを案内します。"),
            ),
            "magazine": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "雑誌のバーコード（491…）"),
                _REFUSED,
                lend("good", "magazine"),
                QT_TRANSLATE_NOOP("Sheet", "出版社がつけた番号です。どれを読むかを案内します。"),
            ),
            "wrong_check_digit": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "1字読みまちがえた資料番号"),
                _REFUSED,
                lend("good", "wrong_check_digit"),
                QT_TRANSLATE_NOOP("Sheet", "最後の検査数字が合いません。もう一度読み取るよう案内します。"),
            ),
            "wrong_length": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "途中で切れた資料番号"),
                _REFUSED,
                lend("good", "wrong_length"),
                QT_TRANSLATE_NOOP("Sheet", "けた数が足りません。もう一度読み取るよう案内します。"),
            ),
            "unknown_item": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "登録のない資料番号"),
                _REFUSED,
                lend("good", "unknown_item"),
                QT_TRANSLATE_NOOP("Sheet", "番号は正しい形ですが、この番号の資料はないと案内します。"),
            ),
            "unknown_card": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "登録のない利用者カード"),
                _REFUSED,
                lend("unknown_card"),
                QT_TRANSLATE_NOOP("Sheet", "番号は正しい形ですが、この番号の利用者はいないと案内します。"),
            ),
            "card_for_item": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "資料のかわりに利用者カード"),
                _REFUSED,
                take_back("card_for_item"),
                QT_TRANSLATE_NOOP("Sheet", "利用者カードだとわかり、資料を読み取るよう案内します。"),
            ),
            "not_a_code": CardWords(
                QT_TRANSLATE_NOOP("Sheet", "図書館と関係のないバーコード"),
                _REFUSED,
                lend("good", "not_a_code"),
                QT_TRANSLATE_NOOP("Sheet", "図書館の番号ではないと案内します。"),
            ),
        }
    ),
)
