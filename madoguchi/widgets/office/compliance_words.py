"""The standard's clauses as the page shows them, each with what the server's figures say of it. Pure.

The clauses are those of ``docs/compliance.md``, which names the test for each; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from madoguchi.app.office.values import ComplianceFigures
from madoguchi.widgets.look.record_views import Mark

translate = QCoreApplication.translate

Seen = tuple[Mark, str]


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause, what it asks, and how things stand."""

    clause: str
    asks: str
    mark: Mark
    state: str


def rows(figures: ComplianceFigures | None) -> tuple[ClauseRow, ...]:
    """Every clause; without figures those that nothing is counted of say what they always say."""
    found = []
    for clause, asks, state in _clauses():
        if isinstance(state, tuple):
            mark, words = state
        elif figures is None:
            mark, words = Mark.NONE, ""
        else:
            mark, words = state(figures)
        found.append(ClauseRow(clause, asks, mark, words))
    return tuple(found)


def _built() -> Seen:
    return Mark.GOOD, translate("Office", "仕組みで守る（試験で確認）")


def _not_yet(what: str) -> Seen:
    return Mark.OFF, translate("Office", "まだ：{what}").format(what=what)


def _clauses() -> tuple[tuple[str, str, Seen | Callable[[ComplianceFigures], Seen]], ...]:
    return (
        ("2.2(2)②", translate("Office", "だれが入力したかを後で確かめられる"), _records),
        ("2.2(2)③ 7.1(10)①", translate("Office", "入力の誤りを防ぐ"), _built()),
        ("2.2(2)④ 5.4(3) 6.1", translate("Office", "離れるときはサインアウトかロック"), _idle),
        ("2.2(3)②", translate("Office", "情報の種類ごとのアクセス権"), _built()),
        (
            "2.2(5)②",
            translate("Office", "媒体の廃棄を記録する"),
            _built(),
        ),
        (
            "5.1(1)④ 7.2(2)",
            translate("Office", "権限は最小、不要な職員番号はすぐ削除、管理者は少なく"),
            _accounts,
        ),
        ("5.4(6)", translate("Office", "個人情報を部外者に見せない"), _built()),
        ("6.3 8.4①", translate("Office", "事故は、内容・原因・被害・範囲をすぐ報告する"), _incidents),
        ("6.4", translate("Office", "職員番号を共用しない"), _built()),
        (
            "6.5(3)(4) 7.2(11)②",
            translate("Office", "長く推測されないパスワードを、定期的に変える"),
            _passwords,
        ),
        ("6.5(6)", translate("Office", "仮のパスワードは最初に変える"), _temporary),
        ("6.5(7)", translate("Office", "端末にパスワードを覚えさせない"), _built()),
        (
            "6.5(8) 7.2(11)③④",
            translate("Office", "パスワードを見せない、印刷しない、元に戻せない形で持つ"),
            _built(),
        ),
        ("7.1(1)①-③ 8.1(5)", translate("Office", "アクセスの記録を残し、書き換えから守る"), _records),
        (
            "7.1(2)(3) 7.3(2)",
            translate("Office", "変更と障害を記録する"),
            _not_yet(translate("Office", "障害の記録")),
        ),
        ("7.1(6)", translate("Office", "バックアップ"), _watched),
        ("7.1(11) 7.1(15)② 答申", translate("Office", "通信を暗号化する"), _tls),
        (
            "7.1(13)③ 7.5(1)⑤",
            translate("Office", "プログラムと設定の変更に気付く"),
            _not_yet(translate("Office", "端末のファイルの確認")),
        ),
        (
            "7.1(14) 答申イ(ｲ)",
            translate("Office", "不要な機器を使えなくする"),
            _built(),
        ),
        ("7.2(10)", translate("Office", "サインインのとき、前回を示して本人に確かめてもらう"), _failures),
        ("7.2(12)", translate("Office", "どの職員番号がどの端末から使えるかを限る"), _terminals),
        ("7.5(1)①", translate("Office", "不要なポートを開けない"), _built()),
        (
            "8.3(2)",
            translate("Office", "基準をいつでも読める"),
            _not_yet(translate("Office", "基準の表示")),
        ),
        ("8.4③", translate("Office", "端末を切り離し、記録を残す"), _cut_off),
        ("答申ア(ｲ)c", translate("Office", "Web のパスワードとお気に入りを職員が読めない"), _built()),
        ("答申ア(ｲ)", translate("Office", "書誌は決めた経路と相手からだけ取る"), _built()),
        ("答申ウ", translate("Office", "パスワードの更新、退職者と委託の職員番号の削除"), _leavers),
    )


def _if(bad: bool, words: str) -> Seen:
    return (Mark.WRONG if bad else Mark.GOOD), words


def _records(figures: ComplianceFigures) -> Seen:
    return Mark.GOOD, translate("Office", "記録 {n}件・F4 の F11 で検証").format(n=figures.audit_records)


def _idle(figures: ComplianceFigures) -> Seen:
    if figures.idle_longest is None:
        return _built()
    return Mark.GOOD, translate("Office", "端末ごとの設定では長くて {n}秒").format(n=figures.idle_longest)


def _accounts(figures: ComplianceFigures) -> Seen:
    words = translate("Office", "職員 {n}人・管理する役割 {a}人・90日使われていない {u}人").format(
        n=figures.accounts, a=figures.administrators, u=figures.unused
    )
    return (Mark.NOTICE if figures.unused else Mark.GOOD), words


def _incidents(figures: ComplianceFigures) -> Seen:
    return _if(
        figures.incidents_open > 0, translate("Office", "未対処の報告 {n}件").format(n=figures.incidents_open)
    )


def _passwords(figures: ComplianceFigures) -> Seen:
    return Mark.GOOD, translate("Office", "有効 {n}日").format(n=figures.password_days)


def _temporary(figures: ComplianceFigures) -> Seen:
    words = translate("Office", "7日たっても仮のまま {n}人").format(n=figures.temporary_for_long)
    return (Mark.NOTICE if figures.temporary_for_long else Mark.GOOD), words


def _watched(figures: ComplianceFigures) -> Seen:
    if not figures.watched:
        return Mark.WRONG, translate("Office", "サーバーの監視が止まっています")
    if figures.alone_since is not None:
        return Mark.WRONG, translate("Office", "予備サーバーが止まっています")
    return Mark.GOOD, translate("Office", "監視は動いています。バックアップはサーバーで確かめます")


def _tls(figures: ComplianceFigures) -> Seen:
    return _if(
        not figures.tls,
        translate("Office", "いまの接続はすべて暗号化")
        if figures.tls
        else translate("Office", "暗号化されていない接続があります"),
    )


def _failures(figures: ComplianceFigures) -> Seen:
    words = translate("Office", "1日の失敗 {n}回・ロック中 {l}人").format(
        n=figures.failures_today, l=figures.locked
    )
    return (Mark.NOTICE if figures.locked else Mark.GOOD), words


def _terminals(figures: ComplianceFigures) -> Seen:
    words = translate("Office", "端末 {n}台・証明書が30日以内に切れる {e}台").format(
        n=figures.terminals, e=figures.terminals_ending
    )
    return (Mark.NOTICE if figures.terminals_ending else Mark.GOOD), words


def _cut_off(figures: ComplianceFigures) -> Seen:
    words = translate("Office", "切り離し中の端末 {n}台").format(n=figures.disconnected)
    return (Mark.NOTICE if figures.disconnected else Mark.GOOD), words


def _leavers(figures: ComplianceFigures) -> Seen:
    return _if(
        figures.ended_not_disabled > 0,
        translate("Office", "最終日を過ぎて止められていない {n}人").format(n=figures.ended_not_disabled),
    )
