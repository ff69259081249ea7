"""Incidents that were reported: read, printed, and by the security manager closed with what was done."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from madoguchi.app.clock import LibraryClock
from madoguchi.app.office.values import Incident
from madoguchi.widgets.look.record_views import (
    Column,
    FormLine,
    FormView,
    LineKind,
    Mark,
    Record,
    TableView,
)
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Tone
from madoguchi.widgets.office import incident_words, words
from madoguchi.widgets.office.incident_paper import print_or_write
from madoguchi.widgets.office.page import AroundOffice, OfficePage, OpenForm, PageKey

translate = QCoreApplication.translate


class IncidentsPage(OfficePage):
    """The open ones first."""

    def __init__(self, look: Look, around: AroundOffice, clock: LibraryClock) -> None:
        super().__init__(look, around)
        self._clock = clock
        self._incidents: tuple[Incident, ...] = ()

    def load(self) -> None:
        """Asks for the incidents."""
        self.read(lambda office: office.list_incidents(), self._take)

    def forget(self) -> None:
        """Lets go of what was written."""
        self._incidents = ()

    def _take(self, incidents: tuple[Incident, ...]) -> None:
        self._incidents = incidents
        self.listed()

    def table_view(self) -> TableView:
        """One record an incident."""
        return TableView(
            translate("Office", "事故の報告"),
            translate("Office", "未対処 {n}件").format(n=sum(i.closed_at is None for i in self._incidents)),
            (
                Column("number", translate("Office", "番号"), 1, number=True),
                Column("noticed_at", translate("Office", "気付いた日時"), 3, number=True),
                Column("terminal", translate("Office", "端末"), 4),
                Column("kind", translate("Office", "種類"), 2),
                Column("content", translate("Office", "何が起きたか"), 7),
                Column("state", translate("Office", "状態"), 2),
            ),
            tuple(map(self._record, self._incidents)),
            self.nothing(translate("Office", "報告はありません。")),
        )

    def _record(self, incident: Incident) -> Record:
        closed = incident.closed_at is not None
        return Record(
            str(incident.number),
            (
                str(incident.number),
                words.minute(incident.noticed_at, self._clock.local()),
                incident.terminal,
                incident_words.kind(incident.kind),
                " ".join(incident.content.split()),
                translate("Office", "対処済み") if closed else translate("Office", "未対処"),
            ),
            Mark.GOOD if closed else Mark.WRONG,
            quiet=closed,
        )

    def keys(self) -> Mapping[int, PageKey]:
        """Printing and reading."""
        there = self._selected() is not None
        word = translate("Office", "対処") if self._around.reads_audit else translate("Office", "読む")
        return {
            9: PageKey(translate("Office", "印刷"), self._print, there),
            10: PageKey(word, self.open_selected, there),
        }

    def _selected(self) -> Incident | None:
        return self._incident(self.table.selected() or "")

    def _incident(self, number: str) -> Incident | None:
        return next((incident for incident in self._incidents if str(incident.number) == number), None)

    # -- reading and closing -------------------------------------------------------------------------------

    def open_form_named(self, name: str, target: str) -> None:
        """The incident whose measures were being written."""
        incident = self._incident(target)
        if name == "incident" and incident is not None:
            self._open(incident)

    def open_selected(self) -> None:
        """The selected incident, whole."""
        incident = self._selected()
        if incident is not None:
            self._open(incident)

    def _open(self, incident: Incident) -> None:
        heading = translate("Office", "事故 第{n}号").format(n=incident.number)
        note = "\n".join(f"{name}: {text}" for name, text in incident_words.whole(incident, self._clock))
        if not self._around.reads_audit:
            view = FormView(heading, (), translate("Office", "閉じる"), note)
            self.open_form(OpenForm("incident", view, lambda _: self.close_form(), str(incident.number)))
            return
        line = FormLine(
            "measures", translate("Office", "対処"), LineKind.LONG, incident.measures, required=True
        )
        view = FormView(heading, (line,), translate("Office", "対処済みにする"), note)
        self.open_form(
            OpenForm("incident", view, partial(self._close, incident.number), str(incident.number))
        )

    def _close(self, number: int, typed: dict[str, str]) -> None:
        measures = typed["measures"].strip()
        if not measures:
            self.show_errors({"measures": translate("Office", "何をしたかを書いてください。")})
            return
        self.change(lambda office: office.close_incident(number, measures), lambda _: self._closed(number))

    def _closed(self, number: int) -> None:
        self.done(translate("Office", "対処済みにしました"), translate("Office", "第{n}号").format(n=number))

    def _print(self) -> None:
        incident = self._selected()
        if incident is None:
            return
        try:
            where = print_or_write(incident, self._clock, Path.home())
        except OSError as error:
            self.say(translate("Office", "印刷できません"), error.strerror or "", tone=Tone.REFUSED)
            return
        number = translate("Office", "第{n}号").format(n=incident.number)
        if isinstance(where, Path):
            self.say(
                translate("Office", "プリンターがないので PDF にしました"),
                number,
                side=str(where),
                tone=Tone.NOTICE,
            )
        else:
            self.say(translate("Office", "印刷しました"), number, side=where)
