"""The frame with the search in it, and its title at the left or above; titles and branches are made up.

``python -m tests.widgets.look.search_scenes DIRECTORY`` paints them all into PNG files.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.record_views import Column, Mark, Record, TableView
from madoguchi.widgets.look.search_panel import SearchPanel
from madoguchi.widgets.look.theme import Theme
from madoguchi.widgets.look.title_panel import TitlePanel
from madoguchi.widgets.look.title_views import CopyLine, SearchView, TitleView
from madoguchi.widgets.look.tokens import Contrast
from madoguchi.widgets.look.views import Sign

from .panel_scenes import SIZE
from .stage import staged_frame, staged_rail, theme

COLUMNS = (
    Column("title", "書名", 9),
    Column("volume", "巻", 2),
    Column("creators", "著者", 4),
    Column("publisher", "出版社", 3, spare=True),
    Column("year", "年", 2, number=True, spare=True),
    Column("here", "この館", 2, number=True),
    Column("shelf", "在架", 2, number=True),
    Column("waiting", "予約", 2, number=True),
)
_TITLES = (
    (("見本の海", "1", "試作 一郎", "架空社", "1998", "2", "3/4", "1"), Mark.GOOD),
    (
        (
            "見本の海とその生きものたち 大きな図版で見る四季",
            "2",
            "例示 花子",
            "模擬書房",
            "2011",
            "0",
            "12/15",
            "",
        ),
        Mark.NONE,
    ),
    (("見本の山", "", "想定 健 ; 仮名 さくら ; 雛形 恵", "架空社", "", "0", "0/2", "128"), Mark.OFF),
)
FOUND = TableView(
    "検索結果",
    "先頭の50件です。文字を足すとしぼれます。",
    COLUMNS,
    tuple(Record(f"t{at}", *_TITLES[at % len(_TITLES)]) for at in range(50)),
    "見つかりません。かなで入れるか、文字を減らしてみてください。",
    "50件以上",
)
NOTHING = replace(FOUND, records=(), count="")
TITLE = TitleView(
    "見本の海とその生きものたち 大きな図版で見る四季のすがた 2",
    "ミホン ノ ウミ ト ソノ イキモノタチ",
    (
        "試作 一郎 著 ; 例示 花子 絵",
        "模擬書房 2011 新版",
        "見本叢書 12",
        "128p ; 30cm",
        "分類 481.72  ISBN 9784003101018",
    ),
    "予約 128人（総合市民図書館 120人、移動図書館ほしのこ号 8人）",
    "この館 2・在架 12・所蔵 15・予約 128",
    (
        CopyLine(Sign.DONE, "総合市民図書館", "在架 ×2"),
        CopyLine(Sign.PENDING, "総合市民図書館", "貸出中 12/25(金)まで ×12"),
        CopyLine(Sign.TO_OPEN_SHELF, "移動図書館ほしのこ号", "在架（禁帯出）"),
        CopyLine(Sign.TO_RESERVATION_SHELF, "南市民図書館", "取置中"),
        CopyLine(Sign.TO_TRANSIT, "北図書館", "へ配送中"),
    ),
)
SHORT = replace(
    TITLE, title="見本の海", facts=TITLE.facts[:2], copies=(CopyLine(Sign.DONE, "北図書館", "在架"),)
)
HINT = "選んだ資料の所蔵館と状態がここに出ます。"


@dataclass
class SearchScene:
    """A frame with the search in it, and the title."""

    frame: CounterFrame
    panel: SearchPanel
    title: TitlePanel


def search(
    look_theme: Theme,
    size: tuple[int, int] = SIZE,
    view: SearchView | None = None,
    title: TitleView | None = TITLE,
    hint: str = HINT,
) -> SearchScene:
    frame = staged_frame(look_theme, staged_rail(), size)
    scene = SearchScene(frame, SearchPanel(frame.look), TitlePanel(frame.look))
    scene.panel.set_view(view or SearchView(FOUND))
    scene.title.set_view(title, hint)
    frame.set_left(scene.title)
    frame.set_centre(scene.panel)
    return scene


def main(directory: Path) -> None:
    application = QApplication.instance() or QApplication([])
    directory.mkdir(parents=True, exist_ok=True)
    for contrast in Contrast:
        for percent in (100, 150, 200):
            worn = theme(contrast, percent / 100)
            scenes = {
                "search": search(worn),
                "search_by_field": search(worn, view=SearchView(FOUND, by_field=True)),
                "search_nothing": search(worn, view=SearchView(NOTHING), title=None),
            }
            for name, scene in scenes.items():
                scene.frame.show()
                scene.frame.activateWindow()
                application.processEvents()
                scene.panel.start()
                application.processEvents()
                file = directory / f"{name}_{contrast.value}_{percent}.png"
                if not scene.frame.grab().save(str(file)):
                    raise OSError(f"cannot write {file}")
                scene.frame.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
