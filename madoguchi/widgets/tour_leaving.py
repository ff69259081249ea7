"""The end of the tour's story: away and back, a colleague takes over, an incident, the end of the day."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, Qt

from madoguchi.app.training.situations import STAFF, TRAINING_PASSWORD, ItemCase, patrons
from madoguchi.widgets.office import incident_words
from madoguchi.widgets.tour_stage import Scene, Stage

translate = QCoreApplication.translate

CLERK = STAFF[0].login
COLLEAGUE = STAFF[4].login


def end_of_the_day(stage: Stage) -> Iterator[Scene]:
    """Every scene of it, in order."""
    # names, numbers and titles met on the way; the login stays in its field
    met: set[str] = {seed.name for seed in patrons()} | {case.number for case in ItemCase}
    left: list[str] = []
    window, hands = stage.window, stage.hands

    def leave() -> None:
        left[:] = [row.title for row in stage.rows()]
        met.update(left)
        hands.f(12)

    def locked() -> bool:
        return window.sign_in.lock.isVisible() and not stage.kept_anywhere(*met)

    def as_it_was() -> bool:
        return page_is(stage, 1) and [row.title for row in stage.rows()] == left and bool(left)

    yield Scene("away", translate("Tour", "F12 で離席すると、だれのことも残らない"), leave, locked, 10)
    yield Scene(
        "back",
        translate("Tour", "パスワードを入れると、作業の続きから"),
        lambda: enter(stage, CLERK, TRAINING_PASSWORD),
        as_it_was,
    )
    yield Scene("hand-over", translate("Tour", "交代のため、もう一度離席"), leave, locked, 11)
    yield Scene(
        "colleague",
        translate("Tour", "交代した職員には、前の人の作業は見えない"),
        lambda: enter(stage, COLLEAGUE, TRAINING_PASSWORD),
        lambda: page_is(stage, 1) and stage.rows() == [] and not stage.kept_anywhere(*left),
    )
    yield Scene(
        "signed-out",
        translate("Tour", "何もしていない人が離席すると、ふつうのサインイン画面"),
        lambda: hands.f(12),
        lambda: window.sign_in.panel.isVisible() and window.page is None,
    )
    yield Scene(
        "kept-work",
        translate("Tour", "戻った職員に、離席前の作業があると聞く"),
        lambda: enter(stage, CLERK, TRAINING_PASSWORD),
        lambda: window.sign_in.offer.isVisible() and not stage.kept_anywhere(*left),
        12,
    )
    yield stage.key("taken-up", translate("Tour", "F10 で続きから"), 10, as_it_was)
    yield from _incident(stage)


def _incident(stage: Stage) -> Iterator[Scene]:
    window, hands = stage.window, stage.hands
    form = window.incident.form

    def send() -> None:
        form.set_values(
            {
                "kind": "device",
                "content": translate("Tour", "カウンターに、だれのものか分からない USB メモリーがあった"),
                "cut": incident_words.CUT,
            }
        )
        hands.f(10)

    yield Scene(
        "incident",
        translate("Tour", "Shift+F11 で、事故の報告と端末の切り離し"),
        lambda: hands.press(Qt.Key.Key_F11, shift=True),
        form.isVisible,
        13,
    )
    yield Scene(
        "cut-off",
        translate("Tour", "切り離した端末"),
        send,
        lambda: window.page is None and stage.says(translate("Counter", "この端末は切り離されています。"
            "システム担当がサインインすると、元に戻せます。")),
    )  # fmt: skip
    yield Scene(
        "reconnect",
        translate("Tour", "元に戻すかどうかを聞く"),
        lambda: enter(stage, CLERK, TRAINING_PASSWORD),
        window.sign_in.offer.isVisible,
    )
    yield stage.key(
        "reconnected",
        translate("Tour", "F10 で元に戻すと、離席前の作業の続きから"),
        10,
        lambda: page_is(stage, 1) or window.sign_in.offer.isVisible(),
    )


def enter(stage: Stage, login: str, password: str) -> None:
    """Fills in login and password, and sends them by mouse."""
    front = stage.window.sign_in.front()
    front.user_field().set_text(login)
    front.password_field().set_text(password)
    stage.hands.click(front.button())


def page_is(stage: Stage, key: int) -> bool:
    """Whether this page is in sight."""
    page = stage.window.page
    rail = stage.window.frame.rail
    return page is not None and translate("Look", "表示中") in rail.key(key).accessibleDescription()
