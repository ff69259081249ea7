"""English is complete: every string of the program is translated, and the compiled file is up to date."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from PySide6.QtCore import QTranslator

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "madoguchi" / "resources" / "translations"
TS = TRANSLATIONS / "madoguchi_en.ts"
QM = TRANSLATIONS / "madoguchi_en.qm"


@dataclass(frozen=True, slots=True)
class Message:
    """One string with its translation."""

    context: str
    source: str
    translation: str
    state: str


def messages(file: Path = TS) -> list[Message]:
    return [
        Message(
            context.findtext("name", ""),
            message.findtext("source", ""),
            translation.text or "",
            translation.get("type", "finished"),
        )
        for context in ET.parse(file).getroot().iter("context")
        for message in context.iter("message")
        for translation in message.iter("translation")
    ]


def run_tool(name: str, *arguments: str | Path) -> None:
    """Runs a tool of Qt's translation chain as the Makefile does, in the project's folder."""
    tool = Path(sysconfig.get_path("scripts")) / name
    subprocess.run([tool, *arguments], cwd=ROOT, check=True, capture_output=True)


def test_every_string_of_the_program_is_in_the_file_and_no_other(tmp_path: Path) -> None:
    fresh = tmp_path / TS.name
    shutil.copyfile(TS, fresh)
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "madoguchi").rglob("*.py"))
    languages = ("-source-language", "ja", "-target-language", "en")
    options = ("-no-obsolete", "-sort-messages", "-locations", "none")
    run_tool("pyside6-lupdate", *options, *languages, *files, "-ts", fresh)
    strings = {(message.context, message.source) for message in messages(fresh)}
    assert len(strings) > 300
    shipped = {(message.context, message.source) for message in messages()}
    assert shipped - strings == set(), "strings that the program no longer has: run make translations"
    assert strings - shipped == set(), "strings that are not translated yet: run make translations"
    assert fresh.read_bytes() == TS.read_bytes(), "make translations would change the file"


def test_every_string_is_translated() -> None:
    found = messages()
    assert [m.source for m in found if m.state != "finished" or not m.translation.strip()] == []
    assert {m.context for m in found} == {
        "Counter",
        "Devices",
        "Labels",
        "Look",
        "Office",
        "Patrons",
        "Search",
        "Sheet",
        "Slips",
        "Sounds",
        "Tour",
        "Way",
    }


def test_the_compiled_file_is_fresh(tmp_path: Path) -> None:
    fresh = tmp_path / QM.name
    run_tool("pyside6-lrelease", "-nounfinished", TS, "-qm", fresh)
    shipped = QTranslator()
    assert shipped.load(str(QM))
    stale = [m.source for m in messages() if shipped.translate(m.context, m.source) != m.translation]
    assert stale == [], "run make translations"
    assert fresh.read_bytes() == QM.read_bytes(), "run make translations"


def test_placeholders_and_function_keys_are_kept() -> None:
    def marks(text: str) -> Counter[str]:
        fields = [field for _, field, _, _ in Formatter().parse(text) if field is not None]
        return Counter([*fields, *re.findall(r"F\d+", text)])

    found = messages()
    assert sum(bool(marks(m.source)) for m in found) > 50
    assert [(m.source, m.translation) for m in found if marks(m.source) != marks(m.translation)] == []


def test_translations_are_plain_ascii() -> None:
    # The bundled face draws an ellipsis as wide as an ideograph and a straight double quotation mark as a
    # closing one.
    assert [m.translation for m in messages() if not m.translation.isascii() or '"' in m.translation] == []
