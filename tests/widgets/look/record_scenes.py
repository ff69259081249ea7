"""The frame with a record table or a form in it, as the office's pages place them; all people are made up.

``python -m tests.widgets.look.record_scenes DIRECTORY`` paints them all into PNG files.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.record_views import (
    Column,
    FormLine,
    FormView,
    LineKind,
    Mark,
    Record,
    TableView,
)
from madoguchi.widgets.look.theme import Look, Theme
from madoguchi.widgets.look.tokens import Contrast

from .panel_scenes import SIZE, PanelScene
from .stage import staged_frame, staged_rail, theme

COLUMNS = (
    Column("number", "職員番号", 2),
    Column("name", "氏名", 3),
    Column("role", "役割", 3),
    Column("branch", "館", 3),
    Column("last", "前回", 2, number=True),
    Column("state", "状態", 2),
)
_PEOPLE = (
    ("s0101", "試作 一郎", "窓口", "総合市民図書館", "11/21 17:12", "使用中", Mark.GOOD),
    ("s0102", "見本 花子", "窓口責任者", "総合市民図書館", "11/21 16:40", "使用中", Mark.GOOD),
    ("s0103", "訓練 太郎", "窓口", "南市民図書館", "11/20 12:01", "期限まで 5日", Mark.NOTICE),
    ("s0104", "架空 みどり", "システム担当", "総合市民図書館", "11/21 9:02", "使用中", Mark.GOOD),
    ("s0105", "例示 次郎", "窓口", "東部図書館", "10/2 18:30", "失敗 10回", Mark.WRONG),
    ("s0106", "仮名 さくら", "セキュリティ責任者", "総合市民図書館", "11/19 8:55", "使用中", Mark.GOOD),
    ("s0107", "想定 健", "窓口", "南市民図書館", "3/31 17:15", "終了", Mark.OFF),
    ("s0108", "模擬 陽子", "窓口", "北図書館", "―", "仮パスワード", Mark.NOTICE),
    ("s0109", "練習 三郎", "窓口責任者", "北図書館", "11/21 10:20", "使用中", Mark.GOOD),
    ("s0110", "雛形 恵", "窓口", "東部図書館", "11/18 13:47", "使用中", Mark.GOOD),
    ("s0111", "試験 あゆみ", "窓口", "移動図書館ほしのこ号", "11/21 15:05", "使用中", Mark.GOOD),
    ("s0112", "見立 四郎", "窓口", "南市民図書館", "9/30 17:00", "終了", Mark.OFF),
)
ACCOUNTS = TableView(
    "職員番号",
    "Enter で開きます。名前や番号の初めを打つと、そこへ移ります。",
    COLUMNS,
    tuple(Record(p[0], p[:6], p[6], quiet=p[6] is Mark.OFF) for p in _PEOPLE),
    "職員番号はまだありません。",
)
NOBODY = replace(ACCOUNTS, records=())
FORM = FormView(
    "新しい職員番号",
    (
        FormLine("number", "職員番号", LineKind.NUMBER, "s0113", required=True, hint="英数字 3～20文字"),
        FormLine("name", "氏名", LineKind.TEXT, "", required=True, error="氏名を入れてください。"),
        FormLine(
            "role", "役割", LineKind.ONE_OF, "counter", required=True,
            choices=(("counter", "窓口"), ("lead", "窓口責任者"), ("system", "システム担当"),
                     ("security", "セキュリティ責任者")),
        ),
        FormLine(
            "branches", "入れる館", LineKind.SOME_OF, "sogo,minami",
            choices=(("sogo", "総合市民図書館"), ("minami", "南市民図書館"), ("kita", "北図書館")),
        ),
        FormLine(
            "until", "使える日", LineKind.NUMBER, "2027/13/31",
            error="年/月/日の順に、あとの日を入れてください（例 2027/3/31）。",
        ),
        FormLine("why", "理由", LineKind.LONG, "応援のため。\n3月末まで。", hint="記録に残ります"),
    ),
    "登録する",
    "仮のパスワードは、登録したあとに一度だけ表示します。",
)  # fmt: skip
REFUSED_FORM = replace(FORM, message="2か所を直してください。")
SHOWN = FormView(
    "s0113 の仮のパスワード",
    (),
    "閉じる",
    "一度だけ表示します。本人に伝えてください。最初のサインインで、本人が変えます。",
    "kaze-7294-mado",
)


def _office(look_theme: Theme, size: tuple[int, int], part: QWidget) -> PanelScene:
    frame = staged_frame(look_theme, staged_rail(), size)
    frame.set_left(None)
    frame.set_centre(part)
    return PanelScene(frame, part)


def accounts(look_theme: Theme, size: tuple[int, int] = SIZE, view: TableView = ACCOUNTS) -> PanelScene:
    table = RecordTable(Look(look_theme))
    scene = _office(look_theme, size, table)
    table.set_view(view)
    return scene


def form(look_theme: Theme, size: tuple[int, int] = SIZE, view: FormView = FORM) -> PanelScene:
    panel = FormPanel(Look(look_theme))
    scene = _office(look_theme, size, panel)
    panel.set_view(view)
    return scene


def main(directory: Path) -> None:
    application = QApplication.instance() or QApplication([])
    directory.mkdir(parents=True, exist_ok=True)
    for contrast in Contrast:
        for percent in (100, 150, 200):
            worn = theme(contrast, percent / 100)
            scenes = {
                "accounts": accounts(worn),
                "nobody": accounts(worn, view=NOBODY),
                "form": form(worn),
                "form_refused": form(worn, view=REFUSED_FORM),
                "form_busy": form(worn, view=replace(FORM, busy=True)),
                "shown": form(worn, view=SHOWN),
            }
            for name, scene in scenes.items():
                scene.frame.show()
                scene.frame.activateWindow()
                application.processEvents()
                if isinstance(scene.part, FormPanel):
                    scene.part.start()
                else:
                    scene.part.setFocus()
                application.processEvents()
                file = directory / f"{name}_{contrast.value}_{percent}.png"
                if not scene.frame.grab().save(str(file)):
                    raise OSError(f"cannot write {file}")
                scene.frame.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
