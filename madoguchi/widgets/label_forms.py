"""The two forms of labels, and what is said of their lines. Pure wording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from madoguchi.app.catalogue.labels import MOST_AT_ONCE
from madoguchi.barcode.label_sheets import LayoutField, LayoutProblem
from madoguchi.barcode.symbology import CodeRule, Meaning
from madoguchi.widgets.label_words import (
    BARE,
    CARDS,
    CUSTOM,
    MOST_CARDS,
    TO_FILE,
    WITH_TITLE,
    LabelKind,
    Line,
    kind_word,
)
from madoguchi.widgets.look.record_views import FormLine, FormView, LineKind

translate = QCoreApplication.translate


def rule_words(rule: CodeRule) -> str:
    """A rule, as the clerk tells it from another."""
    example = rule.prefix + "…"
    if rule.means is Meaning.PATRON:
        return translate("Labels", "利用者カード {example}（{n}けた）").format(example=example, n=rule.length)
    return translate("Labels", "資料 {example}（{n}けた）").format(example=example, n=rule.length)


def numbers_form(rules: Sequence[CodeRule], values: Mapping[str, str]) -> FormView:
    """The form of new numbers."""
    lines = (
        FormLine(
            Line.RULE.value,
            translate("Labels", "何の番号"),
            LineKind.ONE_OF,
            values.get(Line.RULE.value, "0"),
            required=True,
            choices=tuple((str(place), rule_words(rule)) for place, rule in enumerate(rules)),
        ),
        FormLine(
            Line.COUNT.value,
            translate("Labels", "枚数"),
            LineKind.NUMBER,
            values.get(Line.COUNT.value, ""),
            required=True,
            hint=translate("Labels", "資料は {n} まで、カードは {cards} まで").format(
                n=MOST_AT_ONCE, cards=MOST_CARDS
            ),
        ),
    )
    return FormView(
        heading=translate("Labels", "新しい番号"),
        note=translate("Labels", "続きの番号が割り当てられ、ほかの端末には二度と割り当てられません。"),
        lines=lines,
        submit=translate("Labels", "割り当てる"),
    )


def print_form(
    kinds: Iterable[LabelKind], printers: Sequence[str], values: Mapping[str, str], note: str
) -> FormView:
    """The form of printing; the lines of a sheet of one's own stand there while that is chosen."""
    kind = values[Line.KIND.value]
    lines = [
        FormLine(
            Line.KIND.value,
            translate("Labels", "種類"),
            LineKind.ONE_OF,
            kind,
            required=True,
            choices=tuple((each.value, kind_word(each)) for each in kinds),
        )
    ]
    if kind == LabelKind.CARD:
        lines.append(
            FormLine(
                Line.SHEET.value,
                translate("Labels", "用紙"),
                LineKind.ONE_OF,
                CARDS,
                required=True,
                choices=((CARDS, translate("Labels", "A4・10面（85.6×54 mm、切り取り）")),),
            )
        )
    else:
        lines.append(
            FormLine(
                Line.SHEET.value,
                translate("Labels", "用紙"),
                LineKind.ONE_OF,
                values[Line.SHEET.value],
                required=True,
                choices=_sheets(),
            )
        )
    if lines[-1].value == CUSTOM:
        lines += _measures(values)
    lines.append(
        FormLine(
            Line.START.value,
            translate("Labels", "始める位置"),
            LineKind.NUMBER,
            values.get(Line.START.value, "1"),
            required=True,
            hint=translate("Labels", "左上が 1 で、右へ数えます"),
        )
    )
    if kind == LabelKind.ITEM:
        lines.append(
            FormLine(
                Line.TITLE.value,
                translate("Labels", "書名"),
                LineKind.ONE_OF,
                values.get(Line.TITLE.value, BARE),
                choices=(
                    (BARE, translate("Labels", "入れない")),
                    (WITH_TITLE, translate("Labels", "入れる")),
                ),
            )
        )
    named = [(name, name) for name in printers]
    lines.append(
        FormLine(
            Line.PRINTER.value,
            translate("Labels", "印刷先"),
            LineKind.ONE_OF,
            values[Line.PRINTER.value],
            required=True,
            choices=(*named, (TO_FILE, translate("Labels", "PDF ファイル"))),
        )
    )
    return FormView(
        heading=translate("Labels", "ラベルの印刷"),
        note=note,
        lines=tuple(lines),
        submit=translate("Labels", "印刷する"),
    )


def _sheets() -> tuple[tuple[str, str], ...]:
    return (
        ("24", translate("Labels", "24面（66.0×33.9 mm）")),
        ("44", translate("Labels", "44面（48.3×25.4 mm）")),
        ("65", translate("Labels", "65面（38.1×21.2 mm）")),
        (CUSTOM, translate("Labels", "ほかの用紙")),
    )


def _measures(values: Mapping[str, str]) -> list[FormLine]:
    words = {
        LayoutField.COLUMNS: translate("Labels", "横の枚数"),
        LayoutField.ROWS: translate("Labels", "縦の枚数"),
        LayoutField.WIDTH: translate("Labels", "ラベルの幅（mm）"),
        LayoutField.HEIGHT: translate("Labels", "ラベルの高さ（mm）"),
        LayoutField.LEFT: translate("Labels", "左の余白（mm）"),
        LayoutField.TOP: translate("Labels", "上の余白（mm）"),
        LayoutField.PITCH_X: translate("Labels", "横の間隔（mm）"),
        LayoutField.PITCH_Y: translate("Labels", "縦の間隔（mm）"),
    }
    return [
        FormLine(
            field.value,
            word,
            LineKind.NUMBER,
            values.get(field.value, ""),
            required=True,
            half=field in (LayoutField.ROWS, LayoutField.HEIGHT, LayoutField.TOP, LayoutField.PITCH_Y),
        )
        for field, word in words.items()
    ]


def layout_errors(problems: Mapping[LayoutField, LayoutProblem]) -> dict[str, str]:
    """A sentence of what is right for each measure that is wrong."""
    words = {
        LayoutProblem.NOT_A_NUMBER: translate("Labels", "数字で入力してください（小数は2けたまで）"),
        LayoutProblem.NONE_OR_TOO_MANY: translate("Labels", "1枚の用紙に1面から200面までにしてください"),
        LayoutProblem.TOO_SMALL: translate("Labels", "幅は20 mm、高さは10 mm より大きくしてください"),
        LayoutProblem.OFF_THE_PAPER: translate("Labels", "A4（210×297 mm）に収まるようにしてください"),
        LayoutProblem.OVERLAPPING: translate("Labels", "ラベルの大きさ以上にしてください（重なります）"),
    }
    return {field.value: words[problem] for field, problem in problems.items()}


def count_error(most: int) -> str:
    """How many there may be."""
    return translate("Labels", "1 から {n} までの数を入力してください").format(n=most)
