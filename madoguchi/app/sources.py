"""Marks sources for translation where no Qt may be imported."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(_context: str, source: str) -> str:  # noqa: N802
    """Mark a source for lupdate, which knows it by this name."""
    return source
