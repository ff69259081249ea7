"""The screens of the look, built from the real components with the pictures' sample data.

``python -m tests.widgets.look.scenes DIRECTORY`` paints them all into PNG files.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from madoguchi.widgets.look.scan_list import ScanList
from madoguchi.widgets.look.sign_in_panel import SignInPanel
from madoguchi.widgets.look.sort_panel import SortPanel
from madoguchi.widgets.look.theme import Theme
from madoguchi.widgets.look.tokens import Contrast
from madoguchi.widgets.look.views import (
    AnswerView,
    BannerTone,
    BannerView,
    FlagView,
    HeaderNote,
    IndicatorView,
    ListHeader,
    LoanMeter,
    QuestionView,
    RailItem,
    RailView,
    ReasonView,
    RightColumn,
    RowView,
    Sign,
    SignInView,
    SortRow,
    SortView,
    StripView,
    Tone,
)

from .samples import LOANS, NEXT, PATRON, REFUSED_ROW, TASKS, TOP, returned_rows
from .scenes_more import english, form, offline
from .stage import Scene, staged_frame, staged_page, staged_rail, theme


def checkout(look_theme: Theme, size: tuple[int, int] = (1366, 768)) -> Scene:
    frame = staged_frame(look_theme, staged_rail(1), size)
    notes = (HeaderNote(Sign.REFUSED, "要対応 1"), HeaderNote(Sign.PENDING, "照会中 1"))
    scans = staged_page(frame, PATRON, LOANS, ListHeader("今回の貸出", 5, "点", notes))
    frame.strip.set_view(
        StripView(
            Tone.DONE,
            "貸出",
            "映像で見る日本の四季  DVD",
            "11/28(土)",
            "まで",
            "今回 5点",
            "次の利用者カードで終了",
        )
    )
    return Scene(frame, scans)


def refused(look_theme: Theme, size: tuple[int, int] = (1366, 768)) -> Scene:
    frame = staged_frame(look_theme, staged_rail(1), size)
    patron = replace(
        PATRON,
        meters=(LoanMeter("図書", 3, 3, 10), LoanMeter("雑誌", 1, 0, 5), LoanMeter("視聴覚", 0, 0, 2)),
    )
    scans = staged_page(
        frame, patron, LOANS[:4], ListHeader("今回の貸出", 3, "点", (HeaderNote(Sign.REFUSED, "要対応 1"),))
    )
    frame.strip.set_view(
        StripView(
            Tone.REFUSED,
            "予約者あり",
            "注文の多い料理店",
            "貸出していません",
            "",
            "対応は F10",
            "脇に置いて続けられます",
        )
    )
    return Scene(frame, scans)


def question(look_theme: Theme, size: tuple[int, int] = (1366, 768), *, reasons: bool = False) -> Scene:
    scene = refused(look_theme, size)
    words = {9: ("貸さない", ""), 10: ("取置棚へ", "取置"), 11: ("越えて貸す", "越える")}
    items = tuple(
        RailItem(i.key, words[i.key][0], words[i.key][1], offered=True) if i.key in words else i
        for i in TASKS
    )
    scene.frame.rail.set_view(RailView(items, current=1, asking=True))
    assert scene.scan_list is not None
    scene.scan_list.set_next("")
    scene.frame.strip.set_view(
        StripView(
            Tone.REFUSED,
            "予約者あり",
            "注文の多い料理店",
            "貸出していません",
            "",
            "答えを待っています",
            "F9・F10・F11",
        )
    )
    choices = (
        ReasonView("reader_waits", "予約者の了承あり"),
        ReasonView("mistake", "予約の入力誤り"),
        ReasonView("other_copy", "別の資料で対応"),
        ReasonView("manager", "責任者の判断"),
    )
    scene.frame.ask(
        QuestionView(
            "この資料には予約があります。どうしますか",
            "4行目  注文の多い料理店  1012399016  ／  2人待ち・先頭の受取館 辻堂市民図書館",
            AnswerView("貸さない", "資料は手元に残す"),
            AnswerView("取置棚へ回す", "予約票を印刷します"),
            AnswerView("予約を越えて貸す", "責任者の確認が必要"),
            choices if reasons else (),
            row_key=REFUSED_ROW.key,
        )
    )
    return scene


def returns(look_theme: Theme, size: tuple[int, int] = (1366, 768)) -> Scene:
    offered = RailItem(11, "今日に戻す", "今日へ", offered=True)
    items = tuple(
        offered if i.key == 11 else RailItem(10, "―", enabled=False) if i.key == 10 else i for i in TASKS
    )
    frame = staged_frame(look_theme, RailView(items, current=2), size)
    frame.set_banner(
        BannerView(
            BannerTone.CLERK,
            Sign.BOOK_DROP,
            "返却ポスト処理中  返却日 11/20(金)",
            "すべての返却をこの日付で記録します",
            "F11",
            "今日に戻す",
        )
    )
    panel = SortPanel(frame.look)
    panel.set_view(
        SortView(
            (
                SortRow(Sign.TO_OPEN_SHELF, "書架へ", 16),
                SortRow(Sign.TO_RESERVATION_SHELF, "取置棚へ", 2),
                SortRow(Sign.TO_TRANSIT, "南市民図書館へ", 1, "配送"),
            ),
            (FlagView(Sign.OVERDUE, "延滞 1点"),),
            "印刷できます  F9 再印刷",
            "利用者の名前はここに出しません。必要なときは F8 直前の利用者。",
        )
    )
    frame.set_left(panel)
    scans = ScanList(frame.look, RightColumn.DESTINATION)
    scans.set_header(ListHeader("今回の返却", 19, "点", (HeaderNote(Sign.PENDING, "照会中 1"),)))
    scans.set_next(NEXT)
    scans.set_rows(returned_rows())
    frame.set_centre(scans)
    frame.strip.set_view(
        StripView(
            Tone.ROUTE,
            "取置棚へ",
            "風の又三郎  予約票を印刷しました",
            "A-12",
            "",
            "返却日",
            "11/20(金)",
            strong_side=2,
        )
    )
    return Scene(frame, scans)


def outage(look_theme: Theme, size: tuple[int, int] = (1366, 768)) -> Scene:
    frame = staged_frame(look_theme, staged_rail(1), size)
    frame.top_bar.set_view(replace(TOP, line=IndicatorView("回線", "回線断", ok=False)))
    frame.set_banner(
        BannerView(
            BannerTone.SYSTEM,
            Sign.OUTAGE,
            "回線断：貸出も返却もできません",
            "14:28 から  つながるとこの帯は消えます",
        )
    )
    lost = RowView(
        9,
        4,
        Sign.OUTAGE,
        "1012399016",
        "書名は復旧後に表示",
        "貸出していません",
        "本は手元に置いてください",
        "",
        "",
        "F10 再送",
    )
    scans = staged_page(
        frame,
        PATRON,
        (*LOANS[:3], lost),
        ListHeader("今回の貸出", 3, "点", (HeaderNote(Sign.OUTAGE, "未処理 1"),)),
    )
    frame.strip.set_view(
        StripView(
            Tone.OUTAGE,
            "回線断",
            "1012399016",
            "貸出していません",
            "",
            "本は手元に",
            "つながったら F10 で再送",
        )
    )
    return Scene(frame, scans)


def sign_in(look_theme: Theme, size: tuple[int, int] = (1366, 768), message: str = "") -> Scene:
    frame = staged_frame(look_theme, staged_rail(), size)
    frame.top_bar.set_view(replace(TOP, staff=""))
    panel = SignInPanel(frame.look)
    panel.set_view(
        SignInView(
            "窓口を開く",
            "辻堂市民図書館  2番窓口",
            message,
            Sign.REFUSED,
            "前回のサインイン  11/20(金) 17:12  この端末",
            "研修用の図書館です。実在の利用者と資料は変わりません。",
        )
    )
    frame.set_cover(panel)
    panel.start()
    return Scene(frame)


def session_ended(look_theme: Theme, size: tuple[int, int] = (1366, 768)) -> Scene:
    """The longest that the sign-in says: why a session is over, and what was not done."""
    over = "この端末は使用を止められています。システム担当に連絡してください。"
    return sign_in(
        look_theme, size, f"{over}\n12件は処理していません。貸出の途中の資料は渡さないでください。"
    )


def waiting(look_theme: Theme, size: tuple[int, int] = (1366, 768)) -> Scene:
    frame = staged_frame(look_theme, staged_rail(), size)
    scans = staged_page(frame, None, (), ListHeader("今回の貸出", 0, "点"))
    scans.set_next("利用者カードを読み取ってください", 0)
    frame.strip.set_view(StripView(Tone.IDLE, "", "利用者カードを読み取ると始まります"))
    return Scene(frame, scans)


def busy(look_theme: Theme, size: tuple[int, int] = (1366, 768)) -> Scene:
    """The most there can be at once: a clerk's mode, a question and its reasons."""
    scene = question(look_theme, size, reasons=True)
    scene.frame.set_banner(
        BannerView(
            BannerTone.CLERK,
            Sign.INFORMATION,
            "期限指定 12/1(火)",
            "この利用者の次の貸出から、この日を返却期限にします",
            "F9",
            "期限を戻す",
        )
    )
    return scene


PAGES: dict[str, Callable[[Theme, tuple[int, int]], Scene]] = {
    "checkout": checkout,
    "refused": refused,
    "question": question,
    "busy": busy,
    "returns": returns,
    "outage": outage,
    "offline": offline,
    "waiting": waiting,
    "sign_in": sign_in,
    "session_ended": session_ended,
    "form": form,
    "english": english,
}
"""Every page, to be built at any text scale and size."""

HD = (1920, 1080)
SCENES: dict[str, Callable[[], Scene]] = {
    "01_checkout": lambda: checkout(theme()),
    "01b_refused": lambda: refused(theme()),
    "01c_question": lambda: question(theme()),
    "01c2_question_reasons": lambda: question(theme(), reasons=True),
    "01d_high_contrast": lambda: checkout(theme(Contrast.HIGH)),
    "01e_1920_text125": lambda: checkout(theme(scale=1.25), HD),
    "01f_text150": lambda: checkout(theme(scale=1.5)),
    "01g_text200": lambda: checkout(theme(scale=2.0)),
    "01h_refused_high_contrast": lambda: refused(theme(Contrast.HIGH)),
    "01i_question_text200": lambda: question(theme(scale=2.0), reasons=True),
    "02_return": lambda: returns(theme()),
    "02b_return_text150": lambda: returns(theme(scale=1.5)),
    "04_outage": lambda: outage(theme()),
    "04b_outage_high_contrast": lambda: outage(theme(Contrast.HIGH)),
    "04c_outage_text200": lambda: outage(theme(scale=2.0)),
    "04d_offline": lambda: offline(theme()),
    "04e_offline_high_contrast": lambda: offline(theme(Contrast.HIGH)),
    "04f_offline_text150": lambda: offline(theme(scale=1.5)),
    "05_form": lambda: form(theme()),
    "05b_form_high_contrast": lambda: form(theme(Contrast.HIGH)),
    "06_sign_in": lambda: sign_in(theme(), message="職員番号かパスワードが違います"),
    "06b_sign_in_text200": lambda: sign_in(theme(scale=2.0), message="職員番号かパスワードが違います"),
    "06c_session_ended": lambda: session_ended(theme()),
    "06d_session_ended_text200": lambda: session_ended(theme(scale=2.0)),
    "07_waiting": lambda: waiting(theme()),
    "08_english": lambda: english(theme()),
    "08b_english_text150": lambda: english(theme(scale=1.5)),
    "08c_english_text200": lambda: english(theme(scale=2.0)),
}


def main(directory: Path) -> None:
    application = QApplication.instance() or QApplication([])
    directory.mkdir(parents=True, exist_ok=True)
    for name, build in SCENES.items():
        scene = build()
        scene.frame.show()
        scene.frame.activateWindow()
        application.processEvents()
        if not scene.frame.grab().save(str(directory / f"{name}.png")):
            raise OSError(f"cannot write {name}.png to {directory}")
        scene.frame.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
