"""The tour's scenes of lending: from the first card to what no card, book or date may do."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, Qt

from madoguchi.app.lending.rules import Refusal
from madoguchi.app.training.situations import (
    REPLACED_CARD_SERIAL,
    Case,
    ItemCase,
    patron_number,
)
from madoguchi.barcode.commands import Command
from madoguchi.widgets.look.hour_chart import HourChart
from madoguchi.widgets.look.number_pad import NumberPad
from madoguchi.widgets.look.preferences_card import PreferencesCard
from madoguchi.widgets.look.veil import hidden_word
from madoguchi.widgets.look.views import Sign, Tone
from madoguchi.widgets.scan_page import ScanPage
from madoguchi.widgets.tour_stage import Scene, Stage, name_of

translate = QCoreApplication.translate

ISBN = "9784048930659"
PRICE_ROW = "1920034032006"
NOT_KNOWN = 777
DUE = "1203"


def first_visit(stage: Stage) -> Iterator[Scene]:
    """One patron: what is lent, what is not, and what can be done about it."""
    frame, hands = stage.window.frame, stage.hands
    yield stage.card("card", translate("Tour", "利用者カードを読み取る"), Case.GOOD, Tone.DONE)
    yield stage.items(
        "lend",
        translate("Tour", "資料を続けて貸す"),
        (ItemCase.BOOK_A, ItemCase.OTHER_BRANCH),
        *(Sign.DONE, Sign.DONE),
    )
    yield stage.items(
        "lend-notes",
        translate("Tour", "付録やメモのある資料を貸す"),
        (ItemCase.ATTACHMENTS, ItemCase.NOTE),
        *(Sign.NOTICE, Sign.NOTICE),
    )
    yield stage.items(
        "refused-reference",
        translate("Tour", "禁帯出は断られ、行が残る"),
        [ItemCase.REFERENCE],
        Refusal.REFERENCE_ONLY,
    )
    yield stage.items("same-item", translate("Tour", "同じ資料をもう一度"), [ItemCase.BOOK_A], Sign.SAME_ITEM)
    yield stage.items(
        "refused-on-loan",
        translate("Tour", "別の利用者が貸出中の資料"),
        [ItemCase.ON_LOAN],
        Refusal.ON_LOAN_TO_OTHER,
    )
    yield stage.items(
        "refused-reserved",
        translate("Tour", "別の利用者が予約している資料"),
        [ItemCase.RESERVED],
        Refusal.RESERVED,
    )
    yield stage.key(
        "question",
        translate("Tour", "F10 で対応を開く"),
        10,
        lambda: (question := stage.question()) is not None and bool(question.reasons),
    )
    yield stage.key(
        "question-no-reason",
        translate("Tour", "理由を選ばずに F11 では貸せない"),
        11,
        lambda: frame.question.reasons().buttons()[0].hasFocus() and stage.question() is not None,
    )
    yield Scene(
        "question-reason",
        translate("Tour", "理由を選ぶ"),
        lambda: hands.click(frame.question.reasons().buttons()[0]),
        lambda: frame.question.reasons().chosen_key() == "seen_at_counter",
    )
    yield stage.key(
        "override",
        translate("Tour", "理由をつけて貸す"),
        11,
        lambda: stage.answers(Sign.DONE) and stage.new()[0].item_number == ItemCase.REFERENCE.number,
    )
    yield stage.key(
        "question-nothing-offered",
        translate("Tour", "貸出中の資料には、貸さない答えだけがある"),
        10,
        lambda: (question := stage.question()) is not None and not question.offered and not question.unusual,
    )


def next_patrons(stage: Stage) -> Iterator[Scene]:
    """The next card ends a visit; what is somebody's own, reserved or noted."""
    hands = stage.hands

    def answer_and_go_on() -> None:
        hands.f(9)
        stage.scan_card(Case.RENEWALS)

    yield Scene(
        "next-card",
        translate("Tour", "F9 で対応を済ませ、次の利用者のカードで画面が替わる"),
        answer_and_go_on,
        lambda: (
            stage.knows(Case.RENEWALS)
            and [row.title for row in stage.rows()] == [ItemCase.RESERVED.number]
            and not stage.kept_anywhere(name_of(Case.GOOD))
        ),
        2,
    )
    yield stage.key(
        "question-left-behind",
        translate("Tour", "前の利用者に残った行を片づける"),
        10,
        lambda: stage.question() is not None,
    )

    def put_away_and_scan() -> None:
        hands.f(9)
        hands.scan_number(ItemCase.RENEWABLE.number)

    yield Scene(
        "refused-own-loan",
        translate("Tour", "この利用者が借りている資料"),
        put_away_and_scan,
        lambda: stage.answers(Refusal.ON_LOAN_TO_PATRON) and len(stage.rows()) == 1,
    )
    yield stage.key(
        "question-renew",
        translate("Tour", "F10 で延長を勧める"),
        10,
        lambda: (question := stage.question()) is not None and question.offered is not None,
    )
    yield stage.key(
        "renewed-from-question",
        translate("Tour", "もう一度 F10 で延長する"),
        10,
        lambda: (
            [(row.sign, row.state) for row in stage.rows()] == [(Sign.DONE, translate("Counter", "延長"))]
        ),
    )
    yield stage.key(
        "finished",
        translate("Tour", "F11 で終了する"),
        11,
        lambda: not stage.rows() and not stage.kept_anywhere(name_of(Case.RENEWALS)) and chart_shown(stage),
    )
    yield stage.key(
        "last-patron",
        translate("Tour", "F8 で直前の利用者に戻る"),
        8,
        lambda: stage.knows(Case.RENEWALS),
    )
    yield stage.card(
        "card-reservation",
        translate("Tour", "取置のある利用者"),
        Case.RESERVATION_READY,
        Tone.DONE,
    )
    yield stage.items(
        "lend-reserved",
        translate("Tour", "取り置いた資料を渡す"),
        [ItemCase.READY_FOR_PATRON],
        Sign.NOTICE,
    )


def cards_that_stop(stage: Stage) -> Iterator[Scene]:
    """Cards that do not lend, or not now."""
    hands = stage.hands

    def stopped(slug: str, words: str, case: Case, refusal: Refusal) -> Scene:
        def act() -> None:
            stage.scan_card(case)
            hands.scan_number(ItemCase.BOOK_C.number)

        return Scene(slug, words, act, lambda: stage.answers(refusal) and name_of(case) in stage.left())

    yield Scene(
        "card-lost",
        translate("Tour", "紛失届のあるカード"),
        lambda: hands.scan_number(patron_number(REPLACED_CARD_SERIAL)),
        lambda: stage.strip().tone is Tone.REFUSED and not stage.key_lives(11),
        4,
    )
    yield Scene(
        "card-not-known",
        translate("Tour", "登録のない利用者番号"),
        lambda: hands.scan_number(patron_number(NOT_KNOWN)),
        lambda: stage.strip().tone is Tone.REFUSED and stage.strip().title == patron_number(NOT_KNOWN),
    )
    yield stage.items(
        "card-first", translate("Tour", "カードより先に資料を読み取る"), [ItemCase.BOOK_C], Sign.REFUSED
    )
    yield stopped(
        "refused-limit",
        translate("Tour", "上限の利用者は借りられない"),
        Case.AT_PRINT_LIMIT,
        Refusal.OVER_LIMIT,
    )
    yield stopped(
        "refused-overdue",
        translate("Tour", "30日を超える延滞のある利用者"),
        Case.OVERDUE_31,
        Refusal.OVERDUE_BLOCK,
    )
    yield stage.card("card-idle", translate("Tour", "3年使われていないカード"), Case.IDLE_CARD, Tone.NOTICE)

    def lend_it_at_last() -> None:
        stage.scan_card(Case.COMMUTER)
        hands.scan_number(ItemCase.BOOK_C.number)

    yield Scene(
        "settled-by-loan",
        translate("Tour", "断られた資料を次の利用者に貸すと、残った行も片づく"),
        lend_it_at_last,
        lambda: (
            stage.answers(Sign.DONE) and all(row.answered or row.sign is Sign.DONE for row in stage.rows())
        ),
    )


def other_codes(stage: Stage) -> Iterator[Scene]:
    """What is no item's number, and numbers and days that are put in by hand."""
    window, frame, hands = stage.window, stage.window.frame, stage.hands
    yield stage.card("card-note", translate("Tour", "メモのある利用者"), Case.WITH_NOTE, Tone.NOTICE)

    def pick() -> None:
        hands.f(9)
        page = window.page
        if isinstance(page, ScanPage):
            hands.click(page.list.next_line())
        card = frame.card()
        if isinstance(card, NumberPad):
            for figure in DUE:
                hands.click(card.key(figure))

    yield Scene(
        "number-pad",
        translate("Tour", "F9 で返却期限を指定し、マウスで月日を入れる"),
        pick,
        lambda: (
            isinstance(card := frame.card(), NumberPad)
            and (view := card.view()) is not None
            and view.typed == DUE
        ),
    )

    def enter_on_pad() -> None:
        card = frame.card()
        if isinstance(card, NumberPad):
            hands.click(card.key("enter"))

    yield Scene(
        "due-chosen",
        translate("Tour", "返却期限が決まり、帯が出る"),
        enter_on_pad,
        lambda: "12/3" in stage.banner() and frame.card() is None,
    )
    yield Scene(
        "due-lent",
        translate("Tour", "指定した期限で貸す"),
        lambda: hands.scan_number(ItemCase.BOOK_D.number),
        lambda: stage.answers(Sign.DONE) and stage.new()[0].row.right.startswith("12/3"),
    )

    def reset_and_type() -> None:
        hands.f(9)
        hands.type(ItemCase.BOOK_E.number)

    yield Scene(
        "typing",
        translate("Tour", "期限を戻し、資料番号を手で入力する"),
        reset_and_type,
        lambda: stage.says(ItemCase.BOOK_E.number) and not stage.banner(),
    )
    yield Scene(
        "typed",
        translate("Tour", "Enter で貸す"),
        hands.enter,
        lambda: stage.answers(Sign.DONE) and not stage.new()[0].row.right.startswith("12/3"),
    )
    misread = ItemCase.BOOK_D.number
    misread = misread[:-1] + str((int(misread[-1]) + 1) % 10)
    for slug, words, texts in (
        ("code-book", translate("Tour", "本の ISBN と価格のバーコード"), (ISBN, PRICE_ROW)),
        ("code-misread", translate("Tour", "読み誤った番号"), (f"A{misread}A",)),
        (
            "code-foreign-command",
            translate("Tour", "よその図書館の操作コードは効かない"),
            (stage.town.foreign_code,),
        ),
    ):
        yield stage.codes(slug, words, texts)


def screen(stage: Stage) -> Iterator[Scene]:
    """What the screen itself can do: hide, obey a code, look otherwise."""
    window, frame, hands = stage.window, stage.window.frame, stage.hands

    def veiled() -> bool:
        page = window.page
        return (
            isinstance(page, ScanPage)
            and bool(stage.banner())
            and {row.title for row in page.list.rows()} == {hidden_word()}
            and not stage.kept_anywhere(name_of(Case.WITH_NOTE))
        )

    def hide_and_lend() -> None:
        hands.press(Qt.Key.Key_Escape)
        hands.scan_number(ItemCase.CD.number)

    yield Scene(
        "hidden",
        translate("Tour", "Esc で名前と書名を隠し、そのまま貸す"),
        hide_and_lend,
        lambda: stage.answers(Sign.DONE) and veiled(),
        6,
    )

    def show_and_choose() -> None:
        hands.press(Qt.Key.Key_Escape)
        hands.press(Qt.Key.Key_F12, shift=True)

    yield Scene(
        "preferences",
        translate("Tour", "もう一度 Esc で表示に戻し、Shift+F12 で文字・配色・音を選ぶ"),
        show_and_choose,
        lambda: (
            isinstance(frame.card(), PreferencesCard)
            and name_of(Case.WITH_NOTE) in stage.left()
            and not stage.banner()
        ),
    )

    def close_and_finish() -> None:
        card = frame.card()
        if isinstance(card, PreferencesCard):
            hands.click(card.close_button())
        hands.scan(stage.town.codes[Command.FINISH])

    yield Scene(
        "finished-by-code",
        translate("Tour", "設定を閉じ、操作コードの読み取りで終了する"),
        close_and_finish,
        lambda: not stage.rows() and not stage.kept_anywhere(name_of(Case.WITH_NOTE)) and chart_shown(stage),
    )

    def rush() -> None:
        stage.scan_card(Case.GROUP)
        hands.scan_numbers(stage.town.books)

    def lent_all() -> bool:
        numbers = tuple(entry.item_number for entry in stage.new())
        return stage.answers(*[Sign.DONE] * len(stage.town.books)) and numbers == stage.town.books

    yield Scene("rush", translate("Tour", "10冊を一気に読み取る"), rush, lent_all)


def chart_shown(stage: Stage) -> bool:
    """Whether today's counter is in sight, with figures."""
    charts = stage.window.findChildren(HourChart)
    return any(chart.isVisible() and (view := chart.view()) is not None and view.series for chart in charts)
