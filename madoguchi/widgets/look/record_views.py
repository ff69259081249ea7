"""What record tables and forms show: frozen values, as those in ``views.py``. All texts are plain."""

from __future__ import annotations

import enum
from dataclasses import dataclass

# Tables -------------------------------------------------------------------------------------------


class Mark(enum.Enum):
    """The sign at the left of a record; a screen reader is told it as a word."""

    NONE = "none"
    GOOD = "good"
    NOTICE = "notice"
    WRONG = "wrong"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. ``weight`` is its share of the width; a ``number`` column is right-aligned.

    A ``spare`` column is left out where the first one has too little room; it is heard all the same.
    """

    key: str
    title: str
    weight: int
    number: bool = False
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One row: a cell for each column. ``key`` is unique within the table and goes back to the page.

    A ``quiet`` record (ended, disabled) is written in the quiet ink; let its mark or a cell say so, too.
    """

    key: str
    cells: tuple[str, ...]
    mark: Mark = Mark.NONE
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class TableView:
    """A table under its heading and note. ``empty`` is the sentence where there are no records.

    ``count`` says how many there are where that is not the number of the records.
    """

    heading: str
    note: str
    columns: tuple[Column, ...]
    records: tuple[Record, ...]
    empty: str
    count: str = ""


# Forms --------------------------------------------------------------------------------------------


class LineKind(enum.Enum):
    """How a line of a form is filled in. A date is typed as a text."""

    TEXT = "text"
    NUMBER = "number"
    """A text in the face with even figures: a number, a code, an e-mail address; of Latin letters alone."""
    BIRTH_DATE = "birthDate"
    """In the face with even figures, too; its era may be written in kanji."""
    LONG = "long"
    """Several lines, at most 2,000 characters."""
    ONE_OF = "oneOf"
    SOME_OF = "someOf"


@dataclass(frozen=True, slots=True)
class FormLine:
    """One line of a form. ``error`` says what is right, not what is wrong; it takes the place of ``hint``.

    ``choices`` are pairs of key and word, for ONE_OF and SOME_OF; without any the line is not to be seen.
    The value of ONE_OF is a key or empty, that of SOME_OF the keys joined by commas. A ``half`` line stands
    beside the half one before it where both have room. One that is ``passed`` is rarely wanted: Enter goes on
    behind it, Tab stops there.
    """

    key: str
    label: str
    kind: LineKind
    value: str = ""
    required: bool = False
    hint: str = ""
    error: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    half: bool = False
    passed: bool = False


@dataclass(frozen=True, slots=True)
class FormView:
    """A form: ``submit`` is the word of its F10, ``cancel`` of its Esc, ``note`` stands under the heading.

    ``shown`` is a short text set large, for a password that is shown once. ``message`` is an error of the
    whole form; several lines are a sentence each. While ``busy`` nothing can be changed or sent again, and
    the message, if there is one, says why it takes so long.
    """

    heading: str
    lines: tuple[FormLine, ...]
    submit: str
    note: str = ""
    shown: str = ""
    message: str = ""
    busy: bool = False
    cancel: str = ""
