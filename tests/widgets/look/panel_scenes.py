"""The frame with number pad, preferences, lock, new password or arrival in it, as a page places them.

``python -m tests.widgets.look.panel_scenes DIRECTORY`` paints them all into PNG files.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget

from madoguchi.widgets.look.arrival_card import ArrivalCard
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.lock_panel import LockPanel
from madoguchi.widgets.look.new_password_panel import NewPasswordPanel
from madoguchi.widgets.look.number_pad import NumberPad
from madoguchi.widgets.look.panel_views import (
    ArrivalView,
    LockView,
    NewPasswordView,
    NumberPadView,
    PreferencesView,
    SoundChoice,
)
from madoguchi.widgets.look.preferences_card import PreferencesCard
from madoguchi.widgets.look.question_panel import QuestionPanel
from madoguchi.widgets.look.theme import Layout, Theme
from madoguchi.widgets.look.tokens import Contrast
from madoguchi.widgets.look.views import (
    AnswerView,
    FlagView,
    ListHeader,
    QuestionView,
    Sign,
    StripView,
    Tone,
)

from .samples import LOANS, PATRON, TOP
from .stage import staged_frame, staged_page, staged_rail, theme

SIZE = (1366, 768)
PAD = NumberPadView("利用者番号", "10002345", "カードの番号を数字で入れます（11桁）")
DAY = NumberPadView("返却期限", "", "月日4桁（例 1203）")
SOUNDS = (
    SoundChoice("done", "完了", True),
    SoundChoice("notice", "注意", True),
    SoundChoice("refused", "お断り", False),
    SoundChoice("error", "障害", True),
)
PREFERENCES = PreferencesView(100, False, SOUNDS, "音はこの端末のスピーカーから出ます。")
LOCK = LockView("試作 一郎", "14:38", 2)
WRONG = "職員番号かパスワードが違います"
NEW_PASSWORD = NewPasswordView(
    "試作 一郎さんの新しいパスワード",
    "いまのパスワードは仮のものです。自分だけが知るものに変えてください。",
    "12文字以上。名前や職員番号を含むもの、推測しやすいもの、前に使ったものは使えません。",
)
REFUSED_PASSWORD = replace(
    NEW_PASSWORD,
    problems=(
        "短すぎます。12文字以上にしてください。",
        "どの端末でも同じには打てない文字があります。別の文字にしてください。",
        "名前か職員番号が入っています。入れないでください。",
        "推測しやすいものです。関係のない言葉をいくつか並べると、強くなります。",
    ),
)
DIFFERING = replace(NEW_PASSWORD, differ="2つが違います。入れ直してください。")
ELSEWHERE = QuestionView(
    "別の端末でサインインしています",
    "南 2番窓口（南市民図書館）で、11/21(土) 9:02 から",
    AnswerView("終了しない", "サインインに戻ります"),
    AnswerView("そちらを終了する", "ここでサインインします"),
    sign=Sign.NOTICE,
    hint="心当たりがなければ、セキュリティ責任者に連絡してください。",
)
ARRIVAL = ArrivalView(
    "試作 一郎さんのサインイン",
    (
        FlagView(
            Sign.INFORMATION,
            "前回 11/20(金) 9:02 から 11/20(金) 17:12",
            "2番窓口（総合市民図書館）・サインアウト",
        ),
        FlagView(Sign.NOTICE, "サインインの失敗 3回", "心当たりがなければ、セキュリティ責任者に連絡"),
        FlagView(Sign.NOTICE, "パスワードの期限まで 5日", "期限が来ると、サインインで変えます"),
        FlagView(Sign.NOTICE, "端末の時計が 12秒進んでいます", "システム担当に連絡"),
    ),
    "前回に心当たりがなければ、セキュリティ責任者に連絡。次の読み取りで閉じます。",
)


@dataclass
class PanelScene:
    """A frame and the component in it that the picture is about."""

    frame: CounterFrame
    part: QWidget


def centre_of(frame: CounterFrame) -> QRect:
    """The room between rail (or patron panel) and strip, where the cards stand."""
    look_theme = frame.look.theme
    left = frame.rail.width()
    if frame.look.layout is Layout.WIDE:
        left += look_theme.px(look_theme.tokens.size_px["patron"])
    top = frame.rail.y()
    margin = look_theme.space(3)
    area = QRect(left, top, frame.width() - left, frame.strip.y() - top)
    return area.adjusted(margin, margin, -margin, -margin)


def present(scene: PanelScene) -> None:
    """Show the frame; put a card at the lower end of the centre, as high as it wants and as there is room."""
    frame, part = scene.frame, scene.part
    frame.show()
    if isinstance(part, ArrivalCard):
        frame.set_card(part)
        return
    if not isinstance(part, NumberPad | PreferencesCard):
        return
    # The layout in force is known only now; a page puts a card into the frame when it is long in sight.
    part.set_look(frame.look)
    area = centre_of(frame)
    height = min(part.height_for(area.width()), area.height())
    if isinstance(part, PreferencesCard):
        height = part.height_within(area.width(), area.height())
    part.setGeometry(area.left(), area.bottom() + 1 - height, area.width(), height)
    part.show()
    part.raise_()


def _counter(look_theme: Theme, size: tuple[int, int]) -> CounterFrame:
    frame = staged_frame(look_theme, staged_rail(), size)
    staged_page(frame, PATRON, LOANS[:3], ListHeader("今回の貸出", 3, "点"))
    frame.strip.set_view(StripView(Tone.DONE, "貸出", "こころ", "12/5(土)", "まで", "今回 3点"))
    return frame


def number_pad(look_theme: Theme, size: tuple[int, int] = SIZE, view: NumberPadView = PAD) -> PanelScene:
    frame = _counter(look_theme, size)
    pad = NumberPad(frame.look, frame)
    pad.set_view(view)
    return PanelScene(frame, pad)


def preferences(
    look_theme: Theme, size: tuple[int, int] = SIZE, view: PreferencesView = PREFERENCES
) -> PanelScene:
    frame = _counter(look_theme, size)
    card = PreferencesCard(frame.look, frame)
    percent = round(look_theme.text_scale * 100)
    card.set_view(replace(view, text_percent=percent, high_contrast=look_theme.contrast is Contrast.HIGH))
    return PanelScene(frame, card)


def lock(look_theme: Theme, size: tuple[int, int] = SIZE, view: LockView = LOCK) -> PanelScene:
    frame = _counter(look_theme, size)
    frame.top_bar.set_view(replace(TOP, staff=""))
    panel = LockPanel(frame.look)
    panel.set_view(view)
    frame.set_cover(panel)
    panel.start("s0123")
    return PanelScene(frame, panel)


def new_password(
    look_theme: Theme, size: tuple[int, int] = SIZE, view: NewPasswordView = NEW_PASSWORD
) -> PanelScene:
    frame = _counter(look_theme, size)
    frame.top_bar.set_view(replace(TOP, staff=""))
    panel = NewPasswordPanel(frame.look)
    panel.set_view(view)
    frame.set_cover(panel)
    panel.start()
    return PanelScene(frame, panel)


def elsewhere(look_theme: Theme, size: tuple[int, int] = SIZE, view: QuestionView = ELSEWHERE) -> PanelScene:
    frame = _counter(look_theme, size)
    frame.top_bar.set_view(replace(TOP, staff=""))
    panel = QuestionPanel(frame.look)
    frame.set_cover(panel)
    panel.ask(view)
    return PanelScene(frame, panel)


def arrival(look_theme: Theme, size: tuple[int, int] = SIZE, view: ArrivalView = ARRIVAL) -> PanelScene:
    frame = _counter(look_theme, size)
    card = ArrivalCard(frame.look)
    card.set_view(view)
    return PanelScene(frame, card)


def main(directory: Path) -> None:
    application = QApplication.instance() or QApplication([])
    directory.mkdir(parents=True, exist_ok=True)
    for contrast in Contrast:
        for percent in (100, 150, 200):
            worn = theme(contrast, percent / 100)
            scenes = {
                "pad": number_pad(worn),
                "pad_day": number_pad(worn, view=DAY),
                "preferences": preferences(worn),
                "lock": lock(worn),
                "lock_message": lock(worn, view=replace(LOCK, message=WRONG)),
                "new_password": new_password(worn),
                "new_password_refused": new_password(worn, view=REFUSED_PASSWORD),
                "new_password_differ": new_password(worn, view=DIFFERING),
                "elsewhere": elsewhere(worn),
                "arrival": arrival(worn),
            }
            for name, scene in scenes.items():
                present(scene)
                scene.frame.activateWindow()
                application.processEvents()
                if isinstance(scene.part, PreferencesCard):
                    scene.part.start()
                file = directory / f"{name}_{contrast.value}_{percent}.png"
                if not scene.frame.grab().save(str(file)):
                    raise OSError(f"cannot write {file}")
                if isinstance(scene.part, PreferencesCard) and scene.part.turn_button().isVisible():
                    scene.part.turn_button().click()
                    scene.frame.grab().save(str(directory / f"{name}_2_{contrast.value}_{percent}.png"))
                scene.frame.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
