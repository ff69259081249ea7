"""An incident's form and what is said of it: content, cause, damage, extent (8.4①). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from madoguchi.app.clock import LibraryClock
from madoguchi.app.office.checks import LONGEST_TEXT
from madoguchi.app.office.values import Incident, IncidentKind, IncidentReport
from madoguchi.widgets.look.record_views import FormLine, FormView, LineKind
from madoguchi.widgets.office import words

translate = QCoreApplication.translate

STAY, CUT = "stay", "cut"
TEXTS = ("content", "cause", "damage", "extent")


def kind(which: IncidentKind) -> str:
    """What a sort of incident is called."""
    return {
        IncidentKind.DEVICE: translate("Office", "機器・USB"),
        IncidentKind.LOSS: translate("Office", "紛失・漏えい"),
        IncidentKind.INTRUDER: translate("Office", "不審な人・操作"),
        IncidentKind.FAULT: translate("Office", "障害"),
        IncidentKind.OTHER: translate("Office", "その他"),
    }[which]


def label(text: str) -> str:
    """What one of the four texts is called."""
    return {
        "content": translate("Office", "何が起きたか"),
        "cause": translate("Office", "原因（分かれば）"),
        "damage": translate("Office", "被害（分かれば）"),
        "extent": translate("Office", "範囲（どの端末、何件など）"),
    }[text]


def report_form(
    *, training: bool, message: str = "", errors: Mapping[str, str] | None = None, busy: bool = False
) -> FormView:
    """The form that everybody can fill in, from any screen."""
    note = translate(
        "Office", "利用者や職員の氏名は書かないでください。番号の付いた報告がセキュリティ責任者に届きます。"
    )
    if training:
        note = translate("Office", "練習用なので、どこにも送られません。切り離しは試せます。")
    lines = (
        FormLine(
            "kind",
            translate("Office", "種類"),
            LineKind.ONE_OF,
            IncidentKind.FAULT.value,
            choices=tuple((which.value, kind(which)) for which in IncidentKind),
        ),
        *(
            FormLine(
                text,
                label(text),
                LineKind.LONG,
                required=text == "content",
                error=(errors or {}).get(text, ""),
            )
            for text in TEXTS
        ),
        FormLine(
            "cut",
            translate("Office", "この端末"),
            LineKind.ONE_OF,
            STAY,
            choices=(
                (STAY, translate("Office", "そのまま使う")),
                (CUT, translate("Office", "切り離す")),
            ),
            hint=translate(
                "Office",
                "切り離すと、サインインが終わり、システム担当が元に戻すまで使えません。記録は残ります。",
            ),
        ),
    )
    return FormView(
        translate("Office", "事故の報告・端末の切り離し"), lines, translate("Office", "送る"), note
    )


def report_of(
    typed: Mapping[str, str], report_id: UUID, clock: LibraryClock
) -> IncidentReport | dict[str, str]:
    """The report that was written; or what is wrong, by field."""
    texts = {text: typed[text].strip()[:LONGEST_TEXT] for text in TEXTS}
    if not texts["content"] and typed["cut"] == CUT:
        # whoever has to cut a terminal off has no time to write
        texts["content"] = translate("Office", "端末を切り離しました（内容は書かれていません）")
    if not texts["content"]:
        return {"content": translate("Office", "何が起きたかを書いてください。")}
    known = {which.value for which in IncidentKind}
    which = IncidentKind(typed["kind"]) if typed["kind"] in known else IncidentKind.OTHER
    return IncidentReport(report_id, clock.local(), which, **texts)


def whole(incident: Incident, clock: LibraryClock) -> list[tuple[str, str]]:
    """All of an incident: label and text."""
    now = clock.local()
    found = [
        (translate("Office", "番号"), str(incident.number)),
        (translate("Office", "種類"), kind(incident.kind)),
        (translate("Office", "気付いた日時"), words.minute(incident.noticed_at, now)),
        (translate("Office", "報告の日時"), words.minute(incident.reported_at, now)),
        (
            translate("Office", "端末"),
            translate("Office", "{terminal}（{branch}）").format(
                terminal=incident.terminal, branch=incident.branch
            ),
        ),
        (translate("Office", "職員番号"), incident.login),
        *((label(text), getattr(incident, text)) for text in TEXTS),
    ]
    if incident.closed_at is not None:
        found += [
            (translate("Office", "対処"), incident.measures),
            (
                translate("Office", "対処の日時"),
                f"{words.minute(incident.closed_at, now)}  {incident.closed_by}",
            ),
        ]
    return [(name, text) for name, text in found if text]
