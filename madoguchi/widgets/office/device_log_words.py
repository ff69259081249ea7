"""What the office says of exceptions, rules, agents and their records. Pure wording.

Texts that a device or an agent said are shown in characters that can be seen.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from madoguchi.app.devices.values import (
    RECORDS_AT_ONCE,
    AgentSeen,
    ExceptionState,
    HowEnded,
    KeptPolicy,
    KeptRecord,
    RecordTrouble,
    UsbException,
    Verdict,
)
from madoguchi.barcode.safe_text import show
from madoguchi.device_control.policy import PolicySlip, parse_rules
from madoguchi.widgets import device_words
from madoguchi.widgets.look.record_views import Column, FormLine, FormView, LineKind, Mark, Record, TableView
from madoguchi.widgets.office import words
from madoguchi.widgets.office.device_lists import RecordSearch
from madoguchi.widgets.office.device_words import LAST, SILENT_HOURS, TERMINAL, lines

translate = QCoreApplication.translate


# -- exceptions --------------------------------------------------------------------------------------------


def exception_state(asked: UsbException) -> tuple[str, Mark]:
    """How far an exception has come."""
    if asked.state is ExceptionState.ENDED and asked.how_ended is not None:
        return how_ended(asked.how_ended), Mark.GOOD
    return {
        ExceptionState.WAITING: (translate("Devices", "承認待ち"), Mark.NOTICE),
        ExceptionState.LAPSED: (translate("Devices", "承認なし（10分）"), Mark.OFF),
        ExceptionState.REFUSED: (translate("Devices", "承認しない"), Mark.OFF),
        ExceptionState.TAKEN_BACK: (translate("Devices", "取下げ"), Mark.OFF),
        ExceptionState.APPROVED: (translate("Devices", "承認"), Mark.NOTICE),
        ExceptionState.OPEN: (translate("Devices", "使用中"), Mark.NOTICE),
        ExceptionState.ENDED: (translate("Devices", "終了"), Mark.GOOD),
        ExceptionState.NOT_REPORTED: (translate("Devices", "終了の記録がない"), Mark.WRONG),
    }[asked.state]


def how_ended(how: HowEnded) -> str:
    """How it ended."""
    return {
        HowEnded.TIME: translate("Devices", "終了（時間）"),
        HowEnded.RELEASED: translate("Devices", "終了（終えた）"),
        HowEnded.WINDOW_GONE: translate("Devices", "終了（窓口の終了）"),
        HowEnded.DEVICE_GONE: translate("Devices", "終了（抜かれた）"),
        HowEnded.AGENT_ENDED: translate("Devices", "終了（USB 管理の停止）"),
        HowEnded.OTHER: translate("Devices", "終了"),
    }[how]


def verdicts(found: Sequence[Verdict]) -> str:
    """What the virus check said."""
    said = {
        Verdict.CLEAN: translate("Devices", "異常なし"),
        Verdict.FOUND: translate("Devices", "検出"),
        Verdict.FAILED: translate("Devices", "検査できず"),
    }
    return translate("Devices", "、").join(said[verdict] for verdict in found) or "—"


def exceptions_table(
    found: Sequence[UsbException], now: dt.datetime, empty: str, month: dt.date | None = None
) -> TableView:
    """What was asked for, in a month or until now, the newest first."""
    if month is None:
        note = translate(
            "Devices",
            "新しいものから200件。それより前は、F9 で月を選びます。"
            "Enter で詳しく見ます。F7 で別の表に移ります。",
        )
    else:
        note = translate(
            "Devices",
            "{month} に申請したもの全部。F9 で別の月を選びます。"
            "Enter で詳しく見ます。F7 で別の表に移ります。",
        ).format(month=f"{month:%Y-%m}")
    return TableView(
        translate("Devices", "USB の例外（データの移行）"),
        note,
        (
            Column("number", translate("Devices", "番号"), 1, number=True),
            Column("asked_at", translate("Devices", "申請"), 4, number=True),
            Column("terminal", translate("Devices", "端末"), 4),
            Column("label", translate("Devices", "管理ラベル"), 4),
            Column("who", translate("Devices", "申請／承認"), 4),
            Column("state", translate("Devices", "結果"), 5),
            Column("check", translate("Devices", "検査"), 3, spare=True),
        ),
        tuple(_exception(each, now) for each in found),
        empty,
    )


def _exception(asked: UsbException, now: dt.datetime) -> Record:
    word, mark = exception_state(asked)
    if Verdict.FOUND in asked.verdicts:
        mark = Mark.WRONG
    return Record(
        str(asked.number),
        (
            str(asked.number),
            words.minute(asked.asked_at, now),
            asked.terminal,
            asked.device_label,
            f"{asked.login}／{asked.decided_by or '—'}",
            word,
            verdicts(asked.verdicts),
        ),
        mark,
    )


def exception_note(asked: UsbException, now: dt.datetime) -> str:
    """An exception, whole."""
    return lines(
        (
            (translate("Devices", "端末"), asked.terminal),
            (
                translate("Devices", "機器"),
                f"{asked.device_label}  {asked.usb_id}  {show(asked.serial)}  {asked.device_owner}",
            ),
            (translate("Devices", "わけ"), asked.reason),
            (translate("Devices", "使う時間（分）"), str(asked.minutes)),
            (
                translate("Devices", "申請"),
                f"{words.moment(asked.asked_at, now)}  {asked.name}（{asked.login}）",
            ),
            (
                translate("Devices", "承認"),
                f"{words.moment(asked.decided_at, now)}  {asked.decided_by}".strip(),
            ),
            (translate("Devices", "開始"), words.moment(asked.begun_at, now)),
            (translate("Devices", "終了"), words.moment(asked.ended_at, now)),
            (translate("Devices", "結果"), exception_state(asked)[0]),
            (translate("Devices", "検査"), verdicts(asked.verdicts)),
            (
                translate("Devices", "コピー"),
                translate("Devices", "{n}件 {size}").format(
                    n=asked.files, size=device_words.size(asked.bytes)
                )
                if asked.files
                else "",
            ),
        )
    )


# -- rules, records, agents --------------------------------------------------------------------------------


def rules_table(policies: Sequence[KeptPolicy], now: dt.datetime, empty: str) -> TableView:
    """The rules in force, a record each, by group; older versions by their heads alone."""
    records: list[Record] = []
    groups: set[str] = set()
    for policy in policies:
        newest = policy.group not in groups
        groups.add(policy.group)
        head = translate("Devices", "版 {n}  {at}  {who}").format(
            n=policy.version, at=words.minute(policy.put_at, now), who=policy.put_by
        )
        key = f"{policy.group} {policy.version}"
        records.append(
            Record(key, (policy.group, head, "", ""), Mark.GOOD if newest else Mark.OFF, quiet=not newest)
        )
        if newest:
            records += _rules(policy)
    return TableView(
        translate("Devices", "USB の規則"),
        translate(
            "Devices",
            "最初に合う規則で決まります。どれにも合わない機器は遮断します。F7 で別の表に移ります。",
        ),
        (
            Column("group", translate("Devices", "端末の組"), 2),
            Column("rule", translate("Devices", "規則"), 5),
            Column("what", translate("Devices", "条件"), 7),
            Column("why", translate("Devices", "わけ"), 5),
        ),
        tuple(records),
        empty,
    )


def _rules(policy: KeptPolicy) -> list[Record]:
    try:
        rules = parse_rules(rules_text(policy.text)).rules
    except PolicySlip as slip:
        # the server takes none that it cannot read; one of a later version of this program perhaps
        said = translate("Devices", "読めません（{n}行目）").format(n=slip.line)
        return [Record(f"{policy.group} {policy.version} ?", (policy.group, said, "", ""), Mark.WRONG)]
    found = []
    for number, rule in enumerate(rules):
        does = translate("Devices", "許可") if rule.allows else translate("Devices", "遮断")
        condition = str(rule).split(' as "', 1)[0].partition(" ")[2]
        cells = policy.group, f"{does} {rule.label}", condition, rule.reason
        found.append(
            Record(
                f"{policy.group} {policy.version} {number}", cells, Mark.GOOD if rule.allows else Mark.WRONG
            )
        )
    return found


def rules_text(signed: str) -> str:
    """The rules of a signed policy, without its head and its signature."""
    _head, _blank, rules = signed.partition("\n\n")
    return rules.rpartition("signature:")[0]


def records_table(
    records: Sequence[KeptRecord], now: dt.datetime, empty: str, search: RecordSearch, *, more: bool
) -> TableView:
    """What the agents sent, what came last first; ``more``: there may be older ones."""
    note = translate("Devices", "時刻は端末の時計です。F9 で検索します。F7 で別の表に移ります。")
    if more:
        note = translate("Devices", "古いものは F11 で続きに出します。{rest}").format(rest=note)
    if search.terminal:
        note = translate("Devices", "端末は {terminal}。{rest}").format(terminal=search.terminal, rest=note)
    if search.last is not None:
        note = translate("Devices", "{day} までに届いたもの。{rest}").format(
            day=words.day(search.last), rest=note
        )
    return TableView(
        translate("Devices", "端末の USB の記録"),
        note,
        (
            Column("at", translate("Devices", "日時"), 4, number=True),
            Column("terminal", translate("Devices", "端末"), 4),
            Column("what", translate("Devices", "何が起きたか"), 4),
            Column("said", translate("Devices", "内容"), 9),
        ),
        tuple(
            Record(
                each.place,
                (
                    words.moment(each.at, now),
                    each.terminal,
                    happened(each.what),
                    _said(each.said_untrusted),
                ),
                _record_mark(each.what),
            )
            for each in records
        ),
        empty,
        translate("Devices", "{n}件まで表示").format(n=len(records)) if more else "",
    )


def search_form(search: RecordSearch) -> FormView:
    """Which records are to be seen."""
    fields = (
        FormLine(
            LAST,
            translate("Devices", "この日まで"),
            LineKind.NUMBER,
            words.day(search.last),
            hint=translate("Devices", "サーバーに届いた日。2027-03-31 か 3/31 のように。空欄でいままで。"),
        ),
        FormLine(
            TERMINAL,
            translate("Devices", "端末"),
            LineKind.TEXT,
            search.terminal,
            hint=translate("Devices", "端末の名前をそのまま。空欄ですべて。"),
        ),
    )
    note = translate("Devices", "新しいものから{n}件ずつ出します。").format(n=RECORDS_AT_ONCE)
    return FormView(translate("Devices", "端末の記録の検索"), fields, translate("Devices", "検索する"), note)


def _record_mark(what: str) -> Mark:
    if what in ("blocked", "policy_refused", "enforcement_failed"):
        return Mark.WRONG
    return Mark.NOTICE if what.startswith("lease") else Mark.NONE


def happened(what: str) -> str:
    """A record's word."""
    known = {
        "started": translate("Devices", "USB 管理が始まった"),
        "stopped": translate("Devices", "USB 管理が終わった"),
        "floor": translate("Devices", "保護の状態"),
        "policy": translate("Devices", "規則が届いた"),
        "policy_refused": translate("Devices", "規則を受け付けない"),
        "allowed": translate("Devices", "使用可"),
        "blocked": translate("Devices", "遮断"),
        "gone": translate("Devices", "抜かれた"),
        "lease_asked": translate("Devices", "例外の申請"),
        "lease": translate("Devices", "例外の開始"),
        "lease_ended": translate("Devices", "例外の終了"),
        "enforcement_failed": translate("Devices", "遮断できない"),
    }
    return known.get(what, show(what))


def _said(said_untrusted: Mapping[str, object]) -> str:
    parts = [
        f"{show(str(name))}: {show(_value(value))}"
        for name, value in said_untrusted.items()
        if name not in ("seq", "at", "what") and value not in ("", None, [])
    ]
    return "  ".join(parts)[:300]


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def record_note(record: KeptRecord, now: dt.datetime) -> str:
    """A record, whole."""
    said = [
        (translate("Devices", "日時"), words.moment(record.at, now)),
        (translate("Devices", "端末"), record.terminal),
        (translate("Devices", "番号"), str(record.seq)),
        (translate("Devices", "何が起きたか"), happened(record.what)),
        *((show(str(name)), show(_value(value))) for name, value in record.said_untrusted.items()),
    ]
    return lines(said)


def agents_table(agents: Sequence[AgentSeen], now: dt.datetime, empty: str) -> TableView:
    """How each terminal's agent stands; the silent ones first."""
    ordered = sorted(agents, key=lambda each: (_agent(each)[1] is Mark.GOOD, each.terminal))
    return TableView(
        translate("Devices", "端末の USB 管理"),
        translate("Devices", "{n}時間、記録が届かない端末は「沈黙」です。F7 で別の表に移ります。").format(
            n=SILENT_HOURS
        ),
        (
            Column("terminal", translate("Devices", "端末"), 4),
            Column("state", translate("Devices", "状態"), 5),
            Column("heard_at", translate("Devices", "最後の記録"), 4, number=True),
            Column("version", translate("Devices", "規則の版"), 3, number=True),
            Column("group", translate("Devices", "端末の組"), 3, spare=True),
        ),
        tuple(_agent_record(each, now) for each in ordered),
        empty,
    )


def _agent(agent: AgentSeen) -> tuple[str, Mark]:
    if not agent.has_key:
        return translate("Devices", "USB 管理なし"), Mark.OFF
    if agent.trouble is not None:
        return {
            RecordTrouble.MAC: translate("Devices", "記録の印が合わない"),
            RecordTrouble.ORDER: translate("Devices", "記録が抜けている"),
            RecordTrouble.CHANGED: translate("Devices", "記録が変えられている"),
        }[agent.trouble], Mark.WRONG
    if agent.is_silent:
        return translate("Devices", "沈黙"), Mark.WRONG
    if agent.is_protected is False:
        return translate("Devices", "保護なし"), Mark.WRONG
    if agent.policy_version < agent.newest_version:
        return translate("Devices", "規則が古い"), Mark.NOTICE
    return translate("Devices", "保護中"), Mark.GOOD


def _agent_record(agent: AgentSeen, now: dt.datetime) -> Record:
    word, mark = _agent(agent)
    version = f"{agent.policy_version}／{agent.newest_version}"
    heard = words.minute(agent.heard_at, now) or "—"
    return Record(agent.terminal, (agent.terminal, word, heard, version, agent.group), mark)
