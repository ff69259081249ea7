"""Style sheets for Qt's own scroll areas, tables and text fields, made of the theme's tokens."""

from __future__ import annotations

from madoguchi.widgets.look.controls import families
from madoguchi.widgets.look.theme import Theme


def scroll_style(theme: Theme) -> str:
    """Scroll bars: a plain handle on a track, broad enough for a finger's drag, no arrows."""
    broad = theme.grown(20)
    return (
        f"QScrollBar:vertical {{ background: {theme.hex('surfaceAlt')}; width: {broad}px; margin: 0;"
        f" border: none; border-left: 1px solid {theme.hex('line')}; }}"
        f"QScrollBar::handle:vertical {{ background: {theme.hex('lineStrong')};"
        f" min-height: {theme.tokens.size_px['targetMin']}px; margin: 3px 3px 3px 4px;"
        f" border-radius: {theme.radius('control')}px; }}"
        "QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical { height: 0; }"
        "QScrollBar::add-page:vertical, QScrollBar::sub-page:vertical { background: none; }"
    )


def table_style(theme: Theme) -> str:
    """A table's grounds, its scroll bar and its tool tips; the delegate paints the cells."""
    return (
        f"QTableView {{ background: {theme.hex('ground')}; border: none; outline: 0; }}"
        f"QHeaderView {{ background: {theme.hex('surfaceAlt')}; border: none; }}"
        f"QToolTip {{ background: {theme.hex('surface')}; color: {theme.hex('ink')};"
        f" border: 1px solid {theme.hex('lineStrong')}; padding: {theme.space(1)}px;"
        f" font-family: {families(theme)}; font-size: {theme.type_px('label')}px; }}"
    ) + scroll_style(theme)


def long_text_style(theme: Theme, *, error: bool = False) -> str:
    """A text field of several lines, as ``control_style`` dresses one of one line."""
    border = f"3px solid {theme.hex('refused')}" if error else f"1px solid {theme.hex('lineStrong')}"
    pad = theme.space(2) - (3 if error else 1)
    return (
        f"QPlainTextEdit {{ background: {theme.hex('surface')}; color: {theme.hex('ink')};"
        f" selection-background-color: {theme.hex('accent')}; selection-color: {theme.hex('onAccent')};"
        f" border: {border}; border-radius: {theme.radius('control')}px; padding: {pad}px;"
        f" font-family: {families(theme)}; font-size: {theme.type_px('body')}px; }}"
        f"QPlainTextEdit:disabled {{ background: {theme.hex('surfaceAlt')}; color: {theme.hex('ink2')}; }}"
    ) + scroll_style(theme)
