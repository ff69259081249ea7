"""A registration, and beside it somebody who may be the same; all people are made up.

``python -m tests.widgets.look.alike_scenes DIRECTORY`` paints them all into PNG files.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from madoguchi.widgets.look.alike_panel import Agreement, AlikeField, AlikePanel, AlikeView
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.theme import Theme
from madoguchi.widgets.look.tokens import Contrast

from .panel_scenes import SIZE
from .record_scenes import FORM
from .stage import staged_frame, staged_rail, theme

ALIKE = AlikeView(
    heading="よく似た利用者がいます",
    note="同じ人か確かめてください",
    fields=(
        AlikeField("氏名", "見本 花子", Agreement.SAME),
        AlikeField("フリガナ", "ミホン ハナコ", Agreement.SAME),
        AlikeField("生年月日", "", Agreement.DIFFERENT),
        AlikeField("電話番号", "", Agreement.NEAR),
        AlikeField("住所", "", Agreement.UNKNOWN),
        AlikeField("カードの末尾", "0019", None),
    ),
    key="F9",
    key_word="この人を開く（登録は残ります）",
    short="見本 花子 …0019　違う: 生年月日",
    others=("見本 華子 …0027", "見本 はな …0035"),
)
HINT = "フリガナと、生年月日か電話番号を入れると、よく似た利用者がここに出ます。"


@dataclass
class AlikeScene:
    """A frame with a form in it, and who is alike."""

    frame: CounterFrame
    form: FormPanel
    alike: AlikePanel


def alike(
    look_theme: Theme, size: tuple[int, int] = SIZE, view: AlikeView | None = ALIKE, hint: str = HINT
) -> AlikeScene:
    frame = staged_frame(look_theme, staged_rail(), size)
    scene = AlikeScene(frame, FormPanel(frame.look), AlikePanel(frame.look))
    scene.form.set_view(FORM)
    scene.alike.set_view(view, hint)
    frame.set_left(scene.alike)
    frame.set_centre(scene.form)
    return scene


def main(directory: Path) -> None:
    application = QApplication.instance() or QApplication([])
    directory.mkdir(parents=True, exist_ok=True)
    for contrast in Contrast:
        for percent in (100, 150, 200):
            worn = theme(contrast, percent / 100)
            for name, view in (("alike", ALIKE), ("alike_nobody", None)):
                scene = alike(worn, view=view)
                scene.frame.show()
                scene.frame.activateWindow()
                application.processEvents()
                scene.form.start()
                application.processEvents()
                file = directory / f"{name}_{contrast.value}_{percent}.png"
                if not scene.frame.grab().save(str(file)):
                    raise OSError(f"cannot write {file}")
                scene.frame.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
