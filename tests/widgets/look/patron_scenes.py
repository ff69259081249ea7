"""The page of patrons in its states; all people are made up.

``python -m tests.widgets.look.patron_scenes DIRECTORY`` paints them all into PNG files.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.patron_file import PatronFilePanel
from madoguchi.widgets.look.patron_finder import WORDS, PatronFinder
from madoguchi.widgets.look.person_views import FileView, FinderView, PersonLine, PersonView
from madoguchi.widgets.look.record_views import Column, Mark, Record, TableView
from madoguchi.widgets.look.theme import Theme
from madoguchi.widgets.look.tokens import Contrast

from .panel_scenes import SIZE
from .stage import staged_frame, staged_rail, theme

PERSON = PersonView(
    heading="連絡先",
    hint="F11 を押している間だけ見えます",
    lines=(
        PersonLine("生年月日", "昭和55年4月1日 (1980)"),
        PersonLine("電話", "0466-00-1234"),
        PersonLine("メール", "mihon.hanako@example.jp"),
        PersonLine("予約の連絡", "はがき"),
        PersonLine("住所の確認", ""),
        PersonLine("住所", "〒251-0000  神奈川県藤沢市見本町一丁目2番地3 見本ハイツ 203号室", long=True),
    ),
)
SEEN = replace(PERSON, shown=True)
FILE = FileView(
    PERSON,
    TableView(
        "記録と手続き",
        "↑↓ で選び Enter",
        (Column("what", "手続き", 4), Column("about", "内容", 8), Column("until", "期限", 3, number=True)),
        (
            Record("end_note:1", ("利用停止", "資料の弁償が済むまで", "期限なし"), Mark.WRONG),
            Record("lend", ("貸出へ", "この利用者に貸し出す", "")),
            Record("change", ("変更", "氏名・住所・電話", "")),
            Record("withdraw", ("退会", "個人の記録を消去する", "")),
        ),
        "",
    ),
)
FOUND = FinderView(
    TableView(
        "利用者",
        "先頭の50人です。",
        (Column("name", "氏名", 5), Column("kana", "かな", 5), Column("birth", "生年", 3, number=True)),
        tuple(Record(str(n), (f"見本 花子{n}", "ミホン ハナコ", str(1950 + n))) for n in range(50)),
        "見つかりません。",
        "50人以上",
    )
)
WRONG = replace(FOUND, errors=(("birth", "S55.4.1 や 1980/4/1 のように入力してください"),))


@dataclass
class PatronScene:
    """A frame with the finder or a record in it."""

    frame: CounterFrame
    finder: PatronFinder
    file: PatronFilePanel


def patrons(
    look_theme: Theme, size: tuple[int, int] = SIZE, *, record: FileView | None = None
) -> PatronScene:
    frame = staged_frame(look_theme, staged_rail(), size)
    scene = PatronScene(frame, PatronFinder(frame.look, frame), PatronFilePanel(frame.look, frame))
    scene.finder.set_view(FOUND)
    scene.finder.set_values({WORDS: "みほん"})
    scene.file.set_view(record or FILE)
    scene.finder.hide()
    scene.file.hide()
    frame.set_centre(scene.finder if record is None else scene.file)
    return scene


def main(directory: Path) -> None:
    application = QApplication.instance() or QApplication([])
    directory.mkdir(parents=True, exist_ok=True)
    for contrast in Contrast:
        for percent in (100, 150, 200):
            worn = theme(contrast, percent / 100)
            for name, view in (("found", None), ("file", FILE), ("seen", replace(FILE, person=SEEN))):
                scene = patrons(worn, record=view)
                scene.frame.show()
                application.processEvents()
                file = directory / f"patron_{name}_{contrast.value}_{percent}.png"
                if not scene.frame.grab().save(str(file)):
                    raise OSError(f"cannot write {file}")
                scene.frame.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
