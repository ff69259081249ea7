"""A form, and the checkout screen in English, whose words are longer."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from madoguchi.widgets.look.form_field import FormField
from madoguchi.widgets.look.theme import Theme
from madoguchi.widgets.look.views import (
    BannerTone,
    BannerView,
    FieldView,
    FlagView,
    HeaderNote,
    IndicatorView,
    ListHeader,
    LoanMeter,
    RailItem,
    RailView,
    RowView,
    Sign,
    StripView,
    Tone,
)

from .samples import LOANS, PATRON, TASKS, TOP
from .stage import Scene, staged_frame, staged_page, staged_rail


def form(look_theme: Theme, size: tuple[int, int] = (1366, 768)) -> Scene:
    rail = RailView(
        tuple(RailItem(10, "登録する", "登録", offered=True) if i.key == 10 else i for i in TASKS), current=4
    )
    frame = staged_frame(look_theme, rail, size)
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(16, 16, 16, 16)
    fields = (
        ("見本 花子", FieldView("氏名", required=True)),
        ("ミホン ハナコ", FieldView("フリガナ", required=True)),
        ("1989/02/30", FieldView("生年月日", required=True, error="2月は28日までです。")),
        ("一般・市内在住", FieldView("区分", required=True)),
        ("000-0012", FieldView("郵便番号", hint="7桁の数字")),
        ("090-0000-12", FieldView("電話番号", required=True, error="桁が足りません(11桁のうち9桁)。")),
    )
    for at, (text, view) in enumerate(fields):
        field = FormField(frame.look, number=text[0].isdigit())
        field.set_view(view)
        field.set_text(text)
        grid.addWidget(field, at // 2, at % 2, Qt.AlignmentFlag.AlignTop)
    grid.setRowStretch(3, 1)
    frame.set_centre(page)
    page.findChildren(FormField)[2].edit().setFocus()
    frame.strip.set_view(
        StripView(
            Tone.NOTICE, "登録していません", "2か所の誤り", "", "", "直したら", "F10 登録する", strong_side=2
        )
    )
    return Scene(frame)


def offline(look_theme: Theme, size: tuple[int, int] = (1366, 768)) -> Scene:
    """Off the line, as later lending will be: recorded rows, and a patron without name."""
    frame = staged_frame(look_theme, staged_rail(), size)
    frame.top_bar.set_view(replace(TOP, line=IndicatorView("回線", "回線断", ok=False)))
    frame.set_banner(
        BannerView(
            BannerTone.SYSTEM,
            Sign.OUTAGE,
            "回線断：記録して続けます  12件",
            "14:28 から未送信  予約と貸出の上限は確認できません",
        )
    )
    recorded = tuple(
        RowView(
            at, at, Sign.RECORDED, f"10127773{at:02d}", "書名は復旧後に表示", "記録済み",
            "復旧後に送信", "12/5(土)", "予定",
        )
        for at in range(3, 6)
    )  # fmt: skip
    patron = replace(PATRON, as_of="14:28 時点の内容", valid_until="")
    notes = (HeaderNote(Sign.RECORDED, "うち記録 3"),)
    scans = staged_page(frame, patron, (*LOANS[:2], *recorded), ListHeader("今回の貸出", 5, "点", notes))
    frame.strip.set_view(
        StripView(
            Tone.RECORDED,
            "記録しました",
            "1012777305",
            "12/5(土)",
            "予定",
            "今回 5点",
            "次の利用者カードで終了",
        )
    )
    return Scene(frame, scans)


def english(look_theme: Theme, size: tuple[int, int] = (1366, 768)) -> Scene:
    """The same screen with English words, which are longer."""
    words = ("Checkout", "Return", "Reservations", "Patrons", "Search", "Reservation shelf", "Transit")
    words += ("Last patron", "Reprint", "To answer", "More", "Step away")
    short = ("Loan", "Return", "Holds", "Patrons", "Search", "Shelf", "Transit", "Last", "Reprint", "Answer")
    short += ("More", "Away")
    items = tuple(
        RailItem(at + 1, word, short[at], badge=1 if at == 9 else 0) for at, word in enumerate(words)
    )
    frame = staged_frame(look_theme, RailView(items, current=1), size)
    frame.top_bar.set_view(
        replace(
            TOP,
            branch="Tsujido City Library",
            branch_short="Tsujido",
            terminal="Counter 2",
            line=IndicatorView("Line", "normal"),
            usb=IndicatorView("USB", "normal"),
            date="11/21(Sat)",
        )
    )
    patron = replace(
        PATRON,
        category="General, resident in the city",
        valid_until="2028-03-31",
        meters=(LoanMeter("Books", 3, 4, 10, "4 now  3 left"), LoanMeter("Audio-visual", 0, 1, 2, "1 left")),
        flags=(
            FlagView(Sign.OVERDUE, "Overdue: 1", "longest 5 days"),
            FlagView(Sign.TO_RESERVATION_SHELF, "Ready to collect: 2", "shelf A-12"),
        ),
        note="Prefers large print. Moved to the new card on 11/10.",
    )
    rows = (
        replace(LOANS[0], state="Lent", right="12/5(Sat)"),
        replace(LOANS[2], state="Has a supplement", detail="1 CD: check that it is there", right="12/5(Sat)"),
        replace(
            LOANS[3],
            state="Reserved for someone",
            detail="Not lent, 2 are waiting",
            action="F10 Deal with it",
        ),
        replace(LOANS[7], under="Looking up the title", state="Asking"),
    )
    notes = (HeaderNote(Sign.REFUSED, "To answer: 1"), HeaderNote(Sign.PENDING, "Asking: 1"))
    scans = staged_page(frame, patron, rows, ListHeader("This visit", 2, "items", notes))
    scans.set_next("Scan the next item")
    frame.strip.set_view(
        StripView(
            Tone.REFUSED,
            "Reserved for someone else",
            LOANS[3].title,
            "Not lent",
            "",
            "F10 to deal with it",
            "Put it aside and go on",
        )
    )
    return Scene(frame, scans)
