"""The scanners of this terminal: how each stands, what it read last, as it came, and how that was understood.

What was read is somebody's number at times: it is held only while the page is in sight, the last of each
scanner alone, and goes when the page does. It stands in no log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from madoguchi.barcode.scan import Scan, Source
from madoguchi.barcode.sources.evdev_access import Exposure
from madoguchi.barcode.sources.scanner import Scanner, Use
from madoguchi.barcode.sources.source import Received, SourceStatus
from madoguchi.barcode.symbology import CodePlan, ParsedCode, parse
from madoguchi.widgets.look.record_views import Column, FormView, Record, TableView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Tone
from madoguchi.widgets.office import scanner_words as words
from madoguchi.widgets.office.page import DEVICES, AroundOffice, OfficePage, OpenForm, PageKey
from madoguchi.widgets.office.scanner_learning import ScannerLearning
from madoguchi.widgets.office.scanner_words import translate
from madoguchi.widgets.scan_sources import ScanSources

UNNAMED = "?"
"""The key of what came as keys, from nobody knows which scanner: no number of a place, as the others."""


@dataclass(frozen=True, slots=True)
class _Last:
    """What was read last; ``repr`` tells nobody's number."""

    received: Received = field(repr=False)
    code: ParsedCode = field(repr=False)


class ScannersPage(OfficePage):
    """A record for each scanner, and one for whatever types without a name."""

    def __init__(self, look: Look, around: AroundOffice, sources: ScanSources, plan: CodePlan) -> None:
        super().__init__(look, around)
        self._sources = sources
        self._plan = plan
        self._rows: dict[str, Scanner | None] = {
            str(place): scanner for place, scanner in enumerate(sources.scanners)
        }
        if sources.unnamed:
            self._rows[UNNAMED] = None
        self._last: dict[str, _Last] = {}
        self._open = False
        self._learning = ScannerLearning(self, sources)
        self._exposed = Exposure()
        sources.received.connect(self._received)
        sources.changed.connect(self._changed)

    def load(self) -> None:
        """Nothing is asked of the server."""
        self._exposed = self._sources.exposure()
        self.listed()

    def shown(self) -> None:
        """From now on what is read is seen."""
        self._open = True
        super().shown()
        self.show_table()

    def gone(self) -> None:
        """Nobody's number stays behind."""
        self._open = False
        self.close_form()
        self.forget()
        self.show_table()

    def end(self) -> None:
        """Nothing of anybody stays."""
        self._open = False
        self._learning.end()
        super().end()

    def close_form(self) -> None:
        """The table again; what was to be learned is not."""
        self._learning.end()
        super().close_form()

    def forget(self) -> None:
        """Lets go of what was read."""
        self._last.clear()

    def take(self, scan: Scan) -> None:
        """A scan while the page is in sight: what came as keys is known by this alone."""
        key = self._key(scan.scanner)
        if scan.source in (Source.WEDGE, Source.TYPED):
            raw = scan.raw_untrusted.encode("latin-1", "backslashreplace")
            self._note(key, Received(scan.text_untrusted, scan.at, scan.took_ms, raw_untrusted=raw))
        scanner = self._rows[key]
        if scanner is not None and scanner.use is Use.RETURNS:
            # nothing is returned here, whatever it was read for
            self.say(*words.not_returned(scanner.name), tone=Tone.NOTICE)
        else:
            self.say(translate("Office", "読み取りました"), self._name(key))

    def _key(self, name: str) -> str:
        named = (key for key, scanner in self._rows.items() if scanner is not None and scanner.name == name)
        return next(named, UNNAMED)

    def _name(self, key: str) -> str:
        scanner = self._rows.get(key)
        return scanner.name if scanner is not None else words.unnamed()

    def _received(self, name: str, received: Received) -> None:
        self._note(self._key(name), received)

    def _note(self, key: str, received: Received) -> None:
        if self._open:
            self._last[key] = _Last(received, parse(received.text_untrusted, self._plan))
            self.show_table()

    def _changed(self, _name: str) -> None:
        if self._open:
            self.show_table()

    # -- the table -----------------------------------------------------------------------------------------

    def table_view(self) -> TableView:
        """One record a scanner."""
        return TableView(
            translate("Office", "この端末のスキャナ"),
            words.note(self._exposed),
            (
                Column("name", translate("Office", "スキャナ"), 4),
                Column("how", translate("Office", "読み方"), 4, spare=True),
                Column("state", translate("Office", "状態"), 3),
                # in large text there is no room for it beside what it meant; F10 shows it whole
                Column("raw", translate("Office", "最後に届いた文字"), 5, spare=True),
                Column("took", translate("Office", "時間"), 2, number=True, spare=True),
                Column("meaning", translate("Office", "読み取り結果"), 7),
            ),
            tuple(map(self._record, self._rows)),
            "",
        )

    def _record(self, key: str) -> Record:
        scanner, last = self._rows[key], self._last.get(key)
        state, mark = words.state(self._state(scanner), types=self._types(scanner))
        return Record(
            key,
            (
                self._name(key),
                words.how(scanner),
                state,
                words.as_received(last.received) if last is not None else "—",
                words.took(last.received.took_ms) if last is not None else "—",
                words.meaning(last.code) if last is not None else "—",
            ),
            mark,
        )

    def _state(self, scanner: Scanner | None) -> SourceStatus | None:
        return self._sources.state(scanner.name) if scanner is not None else None

    def _types(self, scanner: Scanner | None) -> bool:
        if scanner is None:
            return True
        read = self._sources.source(scanner.name) is not None
        return not read and self._sources.state(scanner.name) is None

    def keys(self) -> Mapping[int, PageKey]:
        """Reading one whole, and letting go of what was read."""
        return {
            7: PageKey(translate("Office", "USB 機器"), partial(self._around.go_to, DEVICES)),
            9: PageKey(translate("Office", "消す"), self._clear, bool(self._last)),
            10: PageKey(translate("Office", "詳しく"), self.open_selected, self.table.selected() is not None),
            11: PageKey(translate("Office", "覚える"), self._learn, self._sources.learning is not None),
        }

    def _clear(self) -> None:
        self.forget()
        self.show_table()

    def open_selected(self) -> None:
        """All that is known of the selected scanner."""
        key = self.table.selected()
        if key not in self._rows:
            return
        scanner, last = self._rows[key], self._last.get(key)
        lines = [
            words.device_line(scanner),
            words.state_line(self._state(scanner), types=self._types(scanner)),
        ]
        if last is not None:
            lines += words.scan_lines(last.received, last.code)
        view = FormView(self._name(key), (), translate("Office", "閉じる"), "\n".join(lines))
        self.open_form(OpenForm("scanner", view, lambda _: self.close_form(), kept=False))

    def _learn(self) -> None:
        self._learning.begin(len(self._rows))
