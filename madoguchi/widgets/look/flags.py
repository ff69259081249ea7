"""Pieces that the patron panel and the sort panel have in common: flags, notes, dividers."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt

from madoguchi.widgets.look.canvas import Canvas, Ink, paragraph_height, text_width
from madoguchi.widgets.look.icons import ATTENTION_SIGNS, NOTICE_SIGNS, ROUTE_SIGNS, SIGN_ICONS
from madoguchi.widgets.look.theme import Theme
from madoguchi.widgets.look.views import FlagView, Sign

FLAG_BAR = 6
LABEL = Ink("body", bold=True)
DETAIL = Ink("label", colour="ink2")


def sign_colour(sign: Sign) -> str:
    """The colour token a sign is painted in on its own tint or on the surface."""
    if sign in ATTENTION_SIGNS:
        return "refused" if sign is Sign.REFUSED else "ink"
    if sign in NOTICE_SIGNS:
        return "notice"
    if sign in ROUTE_SIGNS:
        return "accent"
    return "done" if sign is Sign.DONE else "ink2"


def sign_tint(sign: Sign) -> str:
    """The ground a flag or row with this sign stands on."""
    if sign is Sign.REFUSED:
        return "refusedTint"
    if sign in NOTICE_SIGNS:
        return "noticeTint"
    return "accentTint" if sign in ROUTE_SIGNS else "surfaceAlt"


def sign_mark(sign: Sign) -> str:
    """The colour of the bar at the left of a flag or row with this sign."""
    if sign in ATTENTION_SIGNS:
        return "refused" if sign is Sign.REFUSED else "system"
    if sign in NOTICE_SIGNS:
        return "noticeMark"
    return "accent" if sign in ROUTE_SIGNS else "lineStrong"


def _icon_px(theme: Theme) -> int:
    return theme.px(22)


def _words_left(theme: Theme) -> int:
    """Where a flag's words begin, from its left edge."""
    return FLAG_BAR + theme.grown(9) + _icon_px(theme) + theme.grown(9)


def _on_one_line(theme: Theme, flag: FlagView, width: int) -> bool:
    room = width - _words_left(theme) - theme.space(2)
    words = text_width(theme, flag.label, LABEL) + text_width(theme, flag.detail, DETAIL)
    return not flag.detail or words + theme.space(2) <= room


def flag_height(theme: Theme, flag: FlagView, width: int) -> int:
    """Height of a flag of this width: two lines where label and detail do not fit beside each other."""
    more = 0 if _on_one_line(theme, flag, width) else theme.line("label")
    return theme.line("heading") + theme.grown(19) + more


def draw_flag(canvas: Canvas, rect: QRect, flag: FlagView) -> None:
    """A flag over the whole rectangle: bar, sign, words, detail at the right or below."""
    theme = canvas.theme
    canvas.fill(rect, sign_tint(flag.sign))
    canvas.fill(QRect(rect.left(), rect.top(), FLAG_BAR, rect.height()), sign_mark(flag.sign))
    icon = _icon_px(theme)
    middle = rect.center().y()
    canvas.icon(
        rect.left() + FLAG_BAR + theme.grown(9) + icon // 2,
        middle,
        icon,
        SIGN_ICONS[flag.sign],
        sign_colour(flag.sign),
    )
    left = rect.left() + _words_left(theme)
    room = rect.right() + 1 - theme.space(2) - left
    if not _on_one_line(theme, flag, rect.width()):
        upper, lower = theme.line("body"), theme.line("label")
        top = rect.top() + (rect.height() - upper - lower) // 2
        canvas.text(QRect(left, top, room, upper), flag.label, LABEL)
        canvas.text(QRect(left, top + upper, room, lower), flag.detail, DETAIL)
        return
    label = min(room, round(text_width(theme, flag.label, LABEL)) + 1) if flag.detail else room
    canvas.text(QRect(left, rect.top(), label, rect.height()), flag.label, LABEL)
    if flag.detail:
        box = QRect(left + label, rect.top(), room - label, rect.height())
        canvas.text(box, flag.detail, DETAIL, Qt.AlignmentFlag.AlignRight)


def draw_flag_inline(canvas: Canvas, right: int, top: int, height: int, flag: FlagView) -> int:
    """A flag in the narrow band: sign and words ending at ``right``; return where it begins."""
    theme = canvas.theme
    width = round(text_width(theme, flag.label, LABEL)) + 1
    icon = theme.px(20)
    canvas.text(QRect(right - width, top, width, height), flag.label, LABEL)
    left = right - width - theme.grown(10) - icon
    canvas.icon(left + icon // 2, top + height // 2, icon, SIGN_ICONS[flag.sign], sign_colour(flag.sign))
    return left


def inline_flag_width(theme: Theme, flag: FlagView) -> int:
    """Width of a flag in the narrow band."""
    return round(text_width(theme, flag.label, LABEL)) + 1 + theme.grown(10) + theme.px(20)


def draw_note(canvas: Canvas, rect: QRect, heading: str, note: str) -> None:
    """A quiet box with a note; it takes the height it needs, at most that of ``rect``."""
    theme = canvas.theme
    pad = theme.space(3)
    inner = rect.adjusted(pad, theme.space(2), -pad, -theme.space(2))
    ink = Ink("label")
    head = theme.line("label") if heading else 0
    wanted = head + paragraph_height(theme, note, ink, inner.width()) + 2 * theme.space(2)
    box = QRect(rect.left(), rect.top(), rect.width(), min(rect.height(), wanted))
    pitch = round(theme.type_px("label") * theme.tokens.paragraph_line)
    if box.height() < head + pitch + 2 * theme.space(2):
        return
    canvas.box(box, border="line", fill="surfaceAlt", radius=theme.radius("control"))
    if heading:
        line = QRect(inner.left(), inner.top(), inner.width(), head)
        canvas.text(line, heading, Ink("label", bold=True, colour="ink2"))
    text = QRect(
        inner.left(),
        inner.top() + head,
        inner.width(),
        box.bottom() - theme.space(2) - inner.top() - head + 1,
    )
    canvas.paragraph(text, note, ink)
