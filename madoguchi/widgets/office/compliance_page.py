"""What the library's security standard asks, clause by clause, and how this server stands to it now."""

from __future__ import annotations

from collections.abc import Mapping

from madoguchi.app.office.values import ComplianceFigures
from madoguchi.widgets.look.record_views import Column, FormView, Record, TableView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.office import compliance_words, words
from madoguchi.widgets.office.compliance_words import translate
from madoguchi.widgets.office.page import AroundOffice, OfficePage, OpenForm, PageKey


class CompliancePage(OfficePage):
    """A record for each clause that a terminal or its server can enforce."""

    def __init__(self, look: Look, around: AroundOffice) -> None:
        super().__init__(look, around)
        self._figures: ComplianceFigures | None = None

    def load(self) -> None:
        """Asks for the figures."""
        self.read(lambda office: office.compliance(), self._take)

    def _take(self, figures: ComplianceFigures) -> None:
        self._figures = figures
        self.listed()

    def table_view(self) -> TableView:
        """The clauses."""
        rows = compliance_words.rows(self._figures)
        note = translate("Office", "確かめています")
        if self._figures is not None:
            note = translate("Office", "{at} のサーバーの様子・条文の番号はセキュリティ基準の詳細編").format(
                at=words.minute(self._around.now(), self._around.now())
            )
        return TableView(
            translate("Office", "セキュリティ基準への対応"),
            note,
            (
                Column("clause", translate("Office", "条文"), 3),
                Column("asks", translate("Office", "求められること"), 7),
                Column("state", translate("Office", "いまの様子"), 7),
            ),
            tuple(Record(row.clause, (row.clause, row.asks, row.state), row.mark) for row in rows),
            "",
        )

    def keys(self) -> Mapping[int, PageKey]:
        """Reading one whole."""
        return {10: PageKey(translate("Office", "読む"), self.open_selected)}

    def open_selected(self) -> None:
        """The selected clause, whole."""
        chosen = self.table.selected()
        row = next((row for row in compliance_words.rows(self._figures) if row.clause == chosen), None)
        if row is not None:
            view = FormView(row.clause, (), translate("Office", "閉じる"), f"{row.asks}\n{row.state}")
            self.open_form(OpenForm("clause", view, lambda _: self.close_form(), kept=False))
