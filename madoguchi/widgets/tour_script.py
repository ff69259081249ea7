"""The tour's story: ten minutes of a busy Saturday at a counter, then one reservation's way over branches."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from madoguchi.app.lending.rules import Refusal
from madoguchi.app.training.situations import STAFF, TRAINING_PASSWORD, Case, ItemCase, patrons
from madoguchi.widgets import tour_leaving as leaving
from madoguchi.widgets import tour_lending as lending
from madoguchi.widgets.look.views import Sign, Tone
from madoguchi.widgets.tour_patrons import patrons as patrons_page
from madoguchi.widgets.tour_reservations import reservations
from madoguchi.widgets.tour_search import search
from madoguchi.widgets.tour_slips import slips
from madoguchi.widgets.tour_stage import Scene, Stage
from madoguchi.widgets.tour_visit import visit
from madoguchi.widgets.tour_way import way

translate = QCoreApplication.translate

DROP_DAY = "1118"


def story(stage: Stage) -> Iterator[Scene]:
    """Every scene, in order."""
    yield from _sign_in(stage)
    yield from lending.first_visit(stage)
    yield from lending.next_patrons(stage)
    yield from lending.cards_that_stop(stage)
    yield from lending.other_codes(stage)
    yield from lending.screen(stage)
    yield from search(stage)
    yield from reservations(stage)
    yield from patrons_page(stage)
    yield from _renewals(stage)
    yield from way(stage)
    yield from _returns(stage)
    yield from _book_drop(stage)
    yield from _line_down(stage)
    yield from leaving.end_of_the_day(stage)
    yield from visit(stage)


def _sign_in(stage: Stage) -> Iterator[Scene]:
    window, hands = stage.window, stage.hands

    def sign_in(password: str) -> None:
        leaving.enter(stage, STAFF[0].login, password)

    yield Scene(
        "sign-in",
        translate("Tour", "サインイン画面"),
        lambda: None,
        lambda: window.page is None and window.sign_in.panel.isVisible(),
        0,
    )
    yield Scene(
        "sign-in-first",
        translate("Tour", "サインインの前に読み取る"),
        lambda: hands.scan_number(ItemCase.BOOK_A.number),
        lambda: stage.says(translate("Counter", "サインインしてから読み取ってください。")),
    )
    yield Scene(
        "sign-in-wrong",
        translate("Tour", "違うパスワードでは入れない"),
        lambda: sign_in(TRAINING_PASSWORD[::-1]),
        lambda: (
            stage.says(translate("Counter", "職員番号かパスワードが違うか、使えない職員番号です。"))
            and window.page is None
        ),
    )
    yield Scene(
        "idle",
        translate("Tour", "サインインすると、今日の窓口が見える"),
        lambda: sign_in(TRAINING_PASSWORD),
        lambda: window.page is not None and lending.chart_shown(stage),
    )


def _renewals(stage: Stage) -> Iterator[Scene]:
    yield stage.key("renew", translate("Tour", "F3 延長"), 3, lambda: leaving.page_is(stage, 3))
    yield stage.items("renewed", translate("Tour", "延長する"), [ItemCase.ON_LOAN], Sign.DONE)
    yield stage.items(
        "refused-renewal",
        translate("Tour", "延長できない資料は、わけが出る"),
        (
            ItemCase.RENEWED,
            ItemCase.RENEWAL_RESERVED,
            ItemCase.BORROWED_ELSEWHERE,
            ItemCase.OVERDUE,
            ItemCase.BOOK_B,
        ),
        Refusal.RENEWED_ALREADY,
        Refusal.RESERVED,
        Refusal.BORROWED_ELSEWHERE,
        Refusal.OVERDUE,
        Refusal.NOT_ON_LOAN,
    )


def _returns(stage: Stage) -> Iterator[Scene]:
    rail = stage.window.frame.rail
    yield Scene(
        "return",
        translate("Tour", "マウスで返却に移る"),
        lambda: stage.hands.click(rail.key(2)),
        lambda: leaving.page_is(stage, 2),
        8,
    )
    for slug, words, case, sign in (
        ("returned", translate("Tour", "返却する"), ItemCase.BOOK_A, Sign.DONE),
        ("return-transit", translate("Tour", "他館の資料は配送へ"), ItemCase.OTHER_BRANCH, Sign.TO_TRANSIT),
        (
            "return-reservation",
            translate("Tour", "予約のある資料は取置棚へ"),
            ItemCase.RENEWAL_RESERVED,
            Sign.TO_RESERVATION_SHELF,
        ),
        ("return-overdue", translate("Tour", "延滞していた資料の返却"), ItemCase.OVERDUE, Sign.OVERDUE),
    ):
        yield stage.items(slug, words, [case], sign)
    yield stage.items(
        "return-notes",
        translate("Tour", "貸出中ではない資料と、付録のある資料"),
        (ItemCase.DVD, ItemCase.ATTACHMENTS),
        *(Sign.NOTICE, Sign.NOTICE),
    )
    yield stage.key(
        "return-undone",
        translate("Tour", "F9 で直前の返却を取り消す"),
        9,
        lambda: (
            (row := stage.row_of(ItemCase.ATTACHMENTS.number)) is not None
            and row.state == translate("Counter", "返却取消")
        ),
    )
    yield from slips(stage)


def _book_drop(stage: Stage) -> Iterator[Scene]:
    hands = stage.hands

    def begin_and_type_day() -> None:
        hands.f(2)
        hands.f(11)
        hands.type(DROP_DAY)
        hands.enter()

    yield Scene(
        "drop",
        translate("Tour", "F11 で返却ポストの資料を受け、返却日を変える"),
        begin_and_type_day,
        lambda: "11/18" in stage.banner(),
    )
    yield Scene(
        "drop-returned",
        translate("Tour", "その日の返却として記録する"),
        lambda: hands.scan_number(ItemCase.ON_LOAN.number),
        lambda: stage.answers(Sign.DONE) and stage.strip().side_second.startswith("11/18"),
    )


def _line_down(stage: Stage) -> Iterator[Scene]:
    hands, line, page_of = stage.hands, stage.town.line, stage.window
    patron = next(seed for seed in patrons() if seed.case is Case.CHILD)
    lent = (ItemCase.BOOK_A.number, ItemCase.BOOK_B.number, ItemCase.DVD.number)

    def come() -> None:
        hands.f(11)  # out of the book drop
        hands.f(1)
        stage.scan_card(patron.case)

    yield Scene(
        "card-child",
        translate("Tour", "返却ポストを終え、次の利用者を迎える"),
        come,
        lambda: stage.knows(patron.case) and not stage.banner(),
    )

    def scan_on_slow_line() -> None:
        line.hold_up()
        hands.scan_numbers(lent)

    yield Scene(
        "line-slow",
        translate("Tour", "回線が遅い：行はすぐ並び、照会中と出る"),
        scan_on_slow_line,
        lambda: stage.answers(*[Sign.PENDING] * 3) and stage.strip().tone is Tone.PENDING,
    )
    yield Scene(
        "line-down",
        translate("Tour", "回線断：貸せていない資料は渡さない"),
        line.cut,
        lambda: (
            [row.sign for row in stage.rows()] == [Sign.OUTAGE] * 3
            and stage.strip().tone is Tone.OUTAGE
            and bool(stage.banner())
        ),
    )
    yield stage.key(
        "line-question",
        translate("Tour", "F10 で、待つか取りやめるかを選ぶ"),
        10,
        lambda: (question := stage.question()) is not None and question.offered is not None,
    )
    yield stage.key(
        "line-called-off",
        translate("Tour", "取りやめる"),
        10,
        lambda: (
            [(row.sign, row.answered) for row in stage.rows()]
            == [
                (Sign.OUTAGE, True),
                (Sign.OUTAGE, False),
                (Sign.OUTAGE, False),
            ]
        ),
    )

    def take_back() -> None:
        hands.f(2)
        hands.scan_number(ItemCase.NOTE.number)

    yield Scene(
        "line-return",
        translate("Tour", "返却もまだ記録できない"),
        take_back,
        lambda: stage.answers(Sign.OUTAGE) and leaving.page_is(stage, 2),
    )
    yield Scene(
        "line-up",
        translate("Tour", "回線が戻ると、自動で返却される"),
        line.mend,
        lambda: (
            (row := stage.row_of(ItemCase.NOTE.number)) is not None
            and row.sign is Sign.NOTICE
            and not stage.banner()
        ),
    )
    yield stage.key(
        "line-settled",
        translate("Tour", "待っていた貸出も済んでいる"),
        1,
        lambda: (
            [(entry.item_number, entry.row.sign) for entry in stage.entries()]
            == [(number, Sign.DONE) for number in lent[1:]]
            and page_of.page is not None
        ),
    )
