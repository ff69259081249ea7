"""The audit, for the security manager: searched, verified, taken along; and who looked at whose record."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from madoguchi.app.office.audit_file import AuditFile
from madoguchi.app.office.checks import FieldProblem, past_day_of, tidy
from madoguchi.app.office.values import AuditProblem, AuditRecord, ExportedFile, OfficeRefusal, Viewed
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
from madoguchi.widgets.office import audit_words, words
from madoguchi.widgets.office.page import AroundOffice, OfficePage, OpenForm, PageKey

if TYPE_CHECKING:
    from madoguchi.app.server.office import CentralOffice

translate = QCoreApplication.translate

MOST_FOUND = 1000


class AuditPage(OfficePage):
    """What was found last. That it was searched is on record, too."""

    def __init__(self, look: Look, around: AroundOffice) -> None:
        super().__init__(look, around)
        self._records: tuple[AuditRecord, ...] = ()
        self._views: tuple[Viewed, ...] | None = None
        self._problems: tuple[AuditProblem, ...] | None = None
        self._asked: dict[str, str] = {}
        self._export: AuditFile | None = None
        self._verifying = False

    def load(self) -> None:
        """Asks for what was searched last; the first time for today's records."""
        if not self._asked:
            today = words.day(self._around.now().date())
            self._asked = {"what": "acts", "first": today, "last": today, "who": "", "act": "", "card": ""}
        self._ask(self._asked)

    def forget(self) -> None:
        """Lets go of what was found; an export that is not finished is not there."""
        self._records, self._views, self._problems, self._asked = (), None, None, {}
        self._give_up_export()

    # -- the table -----------------------------------------------------------------------------------------

    def table_view(self) -> TableView:
        """Records, looks at patrons, or where the chains do not hold."""
        if self._problems is not None:
            return self._problems_view(self._problems)
        if self._views is not None:
            return self._looks_view(self._views)
        return TableView(
            translate("Office", "監査記録"),
            self._note(len(self._records)),
            (
                Column("at", translate("Office", "日時"), 4, number=True),
                Column("who", translate("Office", "だれが"), 3),
                Column("act", translate("Office", "何を"), 3),
                Column("subject", translate("Office", "内容"), 8),
                Column("chain", translate("Office", "端末・番号"), 2, number=True),
            ),
            tuple(
                Record(
                    f"{record.chain} {record.seq}",
                    (
                        words.moment(record.at, self._around.now()),
                        record.who,
                        audit_words.act(record.act),
                        _subject(record.subject),
                        f"{record.chain}-{record.seq}",
                    ),
                )
                for record in self._records
            ),
            self.nothing(translate("Office", "該当する記録はありません。F9 で条件を変えられます。")),
        )

    def _looks_view(self, views: tuple[Viewed, ...]) -> TableView:
        return TableView(
            translate("Office", "利用者の記録を見た人"),
            self._note(len(views)),
            (
                Column("at", translate("Office", "日時"), 4, number=True),
                Column("who", translate("Office", "だれが"), 3),
                Column("patron", translate("Office", "利用者（内部番号）"), 3, number=True),
                Column("how", translate("Office", "どこから"), 3),
                Column("chain", translate("Office", "端末・番号"), 2, number=True),
            ),
            tuple(
                Record(
                    f"{view.chain} {view.seq}",
                    (
                        words.moment(view.at, self._around.now()),
                        view.who,
                        str(view.patron_id),
                        audit_words.how_viewed(view.how),
                        f"{view.chain}-{view.seq}",
                    ),
                )
                for view in views
            ),
            self.nothing(translate("Office", "該当する記録はありません。F9 で条件を変えられます。")),
        )

    def _problems_view(self, problems: tuple[AuditProblem, ...]) -> TableView:
        return TableView(
            translate("Office", "監査記録の検証"),
            translate("Office", "書き換え・削除・挿入・並べ替えを、すべての記録で確かめました。"),
            (
                Column("chain", translate("Office", "端末・番号"), 3, number=True),
                Column("kind", translate("Office", "記録"), 3),
                Column("problem", translate("Office", "問題"), 9),
            ),
            tuple(
                Record(
                    f"{number}",
                    (
                        f"{found.chain}-{found.seq}",
                        audit_words.chain_kind(found.kind),
                        audit_words.broken(found.problem),
                    ),
                    Mark.WRONG,
                )
                for number, found in enumerate(problems)
            ),
            translate("Office", "問題はありません。記録は書かれたときのままです。"),
        )

    def _note(self, count: int) -> str:
        asked = self._asked
        span = translate("Office", "{first} から {last}").format(
            first=asked.get("first") or translate("Office", "最初"),
            last=asked.get("last") or translate("Office", "いま"),
        )
        if count >= MOST_FOUND:
            return translate("Office", "{span}・新しいものだけ（ほかにもあります）").format(span=span)
        return span

    def keys(self) -> Mapping[int, PageKey]:
        """Searching, taking along, verifying."""
        if not self._around.reads_audit:
            return {}
        return {
            9: PageKey(translate("Office", "検索"), self._open_search),
            10: PageKey(translate("Office", "書き出し"), self._open_export, self._export is None),
            11: PageKey(translate("Office", "検証"), self._verify),
        }

    # -- searching -----------------------------------------------------------------------------------------

    def open_form_named(self, name: str, target: str) -> None:
        """The search that was being written; an export is begun anew."""
        del target
        if name == "search":
            self._open_search()

    def _open_search(self) -> None:
        asked = self._asked
        day_hint = translate("Office", "2027-03-31 か 3/31 のように。空欄で限りなし。")
        lines = (
            FormLine(
                "what",
                translate("Office", "何を"),
                LineKind.ONE_OF,
                asked.get("what", "acts"),
                choices=(
                    ("acts", translate("Office", "したこと")),
                    ("views", translate("Office", "利用者の記録を見たこと")),
                ),
            ),
            FormLine(
                "first",
                translate("Office", "この日から"),
                LineKind.NUMBER,
                asked.get("first", ""),
                hint=day_hint,
            ),
            FormLine(
                "last",
                translate("Office", "この日まで"),
                LineKind.NUMBER,
                asked.get("last", ""),
                hint=day_hint,
            ),
            FormLine("who", translate("Office", "職員番号"), LineKind.NUMBER, asked.get("who", "")),
            FormLine(
                "act",
                translate("Office", "したこと"),
                LineKind.ONE_OF,
                asked.get("act", ""),
                choices=(
                    ("", translate("Office", "すべて")),
                    *((act, audit_words.act(act)) for act in audit_words.ACTS),
                ),
            ),
            FormLine(
                "card",
                translate("Office", "利用者カードの番号"),
                LineKind.NUMBER,
                asked.get("card", ""),
                hint=translate("Office", "見たことを、この利用者について調べるとき。"),
            ),
        )
        note = translate("Office", "検索したことも記録に残ります。新しいものから1,000件までです。")
        view = FormView(translate("Office", "監査記録の検索"), lines, translate("Office", "検索する"), note)
        self.open_form(OpenForm("search", view, self._search))

    def _search(self, typed: dict[str, str]) -> None:
        problems = {
            key: words.field_problem(FieldProblem.NOT_A_DAY)
            for key in ("first", "last")
            if tidy(typed[key]) and self._past_day(typed[key]) is None
        }
        if problems:
            self.show_errors(problems)
            return
        self._asked = {key: tidy(value) for key, value in typed.items()}
        for key in ("first", "last"):
            self._asked[key] = words.day(self._past_day(typed[key]))
        self.close_form()
        self._ask(self._asked)

    def _past_day(self, typed: str) -> dt.date | None:
        return past_day_of(typed, self._around.now().date())

    def _ask(self, asked: dict[str, str]) -> None:
        first, last = self._bounds(asked)
        who = asked["who"] or None
        if asked["what"] == "views":
            card = asked["card"] or None
            self.read(lambda office: office.search_views(first, last, who, card), self._take_views)
        else:
            act = asked["act"] or None
            self.read(lambda office: office.search_audit(first, last, who, act), self._take_records)

    def _bounds(self, asked: Mapping[str, str]) -> tuple[dt.datetime | None, dt.datetime | None]:
        zone = self._around.now().tzinfo
        first, last = (dt.date.fromisoformat(asked[key]) if asked[key] else None for key in ("first", "last"))
        return (
            None if first is None else dt.datetime.combine(first, dt.time(), zone),
            None if last is None else dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone),
        )

    def _take_records(self, records: tuple[AuditRecord, ...]) -> None:
        self._records, self._views, self._problems = records, None, None
        self.listed()

    def _take_views(self, views: tuple[Viewed, ...]) -> None:
        self._records, self._views, self._problems = (), views, None
        self.listed()

    def open_selected(self) -> None:
        """The whole record."""
        key = self.table.selected()
        record = next((r for r in self._records if f"{r.chain} {r.seq}" == key), None)
        if record is None or self._views is not None or self._problems is not None:
            return
        note = "\n".join(
            (
                words.moment(record.at, self._around.now()),
                record.who,
                *(f"{name}: {_value(value)}" for name, value in record.subject.items()),
            )
        )
        heading = f"{audit_words.act(record.act)}  {record.chain}-{record.seq}"
        view = FormView(heading, (), translate("Office", "閉じる"), note)
        self.open_form(OpenForm("record", view, lambda _: self.close_form(), kept=False))

    # -- verifying and taking along ------------------------------------------------------------------------

    def _verify(self) -> None:
        self._verifying = True
        self.say(translate("Office", "検証しています"), tone=Tone.PENDING)
        self.read(lambda office: office.verify_audit(), self._take_problems)

    def not_read(self) -> None:
        """An export under way is given up; a record too long to be verified in time is for the server."""
        if self._export is not None:
            self._give_up_export()
            self.changed.emit()
        if self._verifying:
            self._verifying = False
            self.say(
                translate("Office", "検証が時間内に終わりません"),
                translate("Office", "サーバーで madoguchi-server audit verify を行ってください"),
                tone=Tone.OUTAGE,
            )
        else:
            super().not_read()

    def _take_problems(self, problems: tuple[AuditProblem, ...]) -> None:
        self._verifying = False
        self._problems = problems
        self.show_table()
        if problems:
            self.say(translate("Office", "監査記録に問題があります"), f"{len(problems)}", tone=Tone.REFUSED)
        else:
            self.say(translate("Office", "監査記録に問題はありません"))

    def _open_export(self) -> None:
        today = words.day(self._around.now().date())
        name = f"madoguchi-audit-{today}.jsonl"
        lines = (
            FormLine(
                "first", translate("Office", "この日から"), LineKind.NUMBER, self._asked.get("first", today)
            ),
            FormLine(
                "last", translate("Office", "この日まで"), LineKind.NUMBER, self._asked.get("last", today)
            ),
            FormLine(
                "file",
                translate("Office", "ファイル"),
                LineKind.TEXT,
                str(Path.home() / name),
                required=True,
                hint=translate("Office", "あるファイルは書き換えません。"),
            ),
        )
        note = translate(
            "Office",
            "その期間のすべての記録を、鎖を確かめられる形で書き出します。"
            "書き出したことと、できたファイルの指紋（SHA-256）が記録に残ります。",
        )
        view = FormView(
            translate("Office", "監査記録の書き出し"), lines, translate("Office", "書き出す"), note
        )
        self.open_form(OpenForm("export", view, self._begin_export, kept=False))

    def _begin_export(self, typed: dict[str, str]) -> None:
        days = {key: self._past_day(typed[key]) for key in ("first", "last")}
        problems = {
            key: words.field_problem(FieldProblem.NOT_A_DAY)
            for key, day in days.items()
            if tidy(typed[key]) and day is None
        }
        file = typed["file"].strip()
        if not file.isprintable() or not Path(file).is_absolute():
            problems["file"] = translate("Office", "/ から始まるファイル名を入れてください。")
        if problems:
            self.show_errors(problems)
            return
        zone = self._around.now().tzinfo or dt.UTC
        self._export = AuditFile(Path(file), days["first"], days["last"], zone)
        self.close_form()
        self._step()

    def _step(self) -> None:
        export = self._export
        if export is None:
            return

        def act(office: CentralOffice) -> tuple[ExportedFile | None, str]:
            try:
                found = export.step(office)
            except FileExistsError:
                return None, translate("Office", "その名前のファイルがもうあります")
            except OSError as error:
                return None, error.strerror or str(error)
            return (None, words.refusal(found)) if isinstance(found, OfficeRefusal) else (found, "")

        self.say(
            translate("Office", "書き出しています"),
            translate("Office", "{n}件").format(n=export.records),
            tone=Tone.PENDING,
        )
        self.read(act, self._stepped)

    def _stepped(self, answer: tuple[ExportedFile | None, str]) -> None:
        found, problem = answer
        if problem:
            self._give_up_export()
            self.say(translate("Office", "書き出せません"), problem, tone=Tone.REFUSED)
            self.changed.emit()
        elif found is None:
            self._step()
        else:
            self._export = None
            self.say(
                translate("Office", "書き出しました"),
                translate("Office", "{n}件").format(n=found.records),
                side=found.sha256[:16],
            )
            self.load()

    def _give_up_export(self) -> None:
        export, self._export = self._export, None
        if export is not None:
            # by the thread that writes it, after the step that is under way
            self._around.worker.ask(lambda _server: export.give_up(), lambda _: None)


def _subject(subject: Mapping[str, object]) -> str:
    return "  ".join(f"{name}: {_value(value)}" for name, value in subject.items())


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
