"""The terminals: where they stand, their certificates, who works there; set, let in again, revoked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QCoreApplication

from madoguchi.app.office.checks import FieldProblem
from madoguchi.app.office.terminal_fields import command_text, terminal_settings
from madoguchi.app.office.values import Terminal, Terminals, TerminalState
from madoguchi.widgets.look.form_field import LONGEST_INPUT
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
from madoguchi.widgets.office import words
from madoguchi.widgets.office.page import AroundOffice, OfficePage, OpenForm, PageKey

translate = QCoreApplication.translate

ENDS_SOON_DAYS = 30
SCANNERS = 21
"""The page of scanners: no key's number, for it is opened from here."""


class TerminalsPage(OfficePage):
    """Every terminal that was ever enrolled. Enrolling is done on the server: there is the key for it."""

    def __init__(self, look: Look, around: AroundOffice) -> None:
        super().__init__(look, around)
        self._found = Terminals((), ())

    def load(self) -> None:
        """Asks for the terminals."""
        self.read(lambda office: office.list_terminals(), self._take)

    def forget(self) -> None:
        """Lets go of who works where."""
        self._found = Terminals((), ())

    def _take(self, found: Terminals) -> None:
        self._found = found
        self.listed()

    def table_view(self) -> TableView:
        """One record a terminal."""
        return TableView(
            translate("Office", "端末"),
            translate("Office", "登録はサーバーで行います（madoguchi-server terminal enrol）"),
            (
                Column("name", translate("Office", "端末"), 4),
                Column("branch", translate("Office", "館"), 3),
                Column("state", translate("Office", "状態"), 3),
                Column("signed_in", translate("Office", "サインイン中"), 3),
                Column("valid_until", translate("Office", "証明書の期限"), 2, number=True),
                Column("settings", translate("Office", "この端末の設定"), 6),
            ),
            tuple(map(self._record, self._found.terminals)),
            self.nothing(translate("Office", "登録された端末はありません。")),
        )

    def _record(self, terminal: Terminal) -> Record:
        word, mark = _state(terminal.state)
        until = terminal.valid_until
        if mark is Mark.GOOD and until is not None and (until - self._around.now()).days < ENDS_SOON_DAYS:
            word, mark = translate("Office", "証明書の期限が近い"), Mark.NOTICE
        return Record(
            terminal.name,
            (
                terminal.name,
                dict(self._found.branches).get(terminal.branch, terminal.branch),
                word,
                terminal.signed_in,
                words.day(until.date() if until is not None else None),
                translate("Office", "、").join(_settings(terminal)),
            ),
            mark,
            quiet=terminal.state is TerminalState.REVOKED,
        )

    def keys(self) -> Mapping[int, PageKey]:
        """What can be done with the selected terminal."""
        scanners = {7: PageKey(translate("Office", "スキャナ"), partial(self._around.go_to, SCANNERS))}
        if not self._around.manages_terminals:
            return scanners
        terminal = self._selected()
        state = terminal.state if terminal is not None else TerminalState.REVOKED
        return {
            **scanners,
            9: PageKey(
                translate("Office", "元に戻す"), self._open_reconnect, state is TerminalState.DISCONNECTED
            ),
            10: PageKey(translate("Office", "変更"), self.open_selected, terminal is not None),
            11: PageKey(
                translate("Office", "登録取消"), self._open_revoke, state is not TerminalState.REVOKED
            ),
        }

    def _selected(self) -> Terminal | None:
        return self._terminal(self.table.selected() or "")

    def _terminal(self, name: str) -> Terminal | None:
        return next((terminal for terminal in self._found.terminals if terminal.name == name), None)

    # -- forms ---------------------------------------------------------------------------------------------

    def open_form_named(self, name: str, target: str) -> None:
        """The terminal that was being changed."""
        terminal = self._terminal(target)
        if name == "change" and terminal is not None:
            self._open_change(terminal)

    def open_selected(self) -> None:
        """The selected terminal's form."""
        terminal = self._selected()
        if terminal is not None and self._around.manages_terminals:
            self._open_change(terminal)

    def _open_change(self, terminal: Terminal) -> None:
        def own(name: str) -> str:
            return str(terminal.settings.get(name, "") or "")

        lines = [
            FormLine(
                "branch",
                translate("Office", "館"),
                LineKind.ONE_OF,
                terminal.branch,
                choices=self._found.branches,
            ),
            FormLine(
                "idle_seconds",
                translate("Office", "離席にするまでの秒数"),
                LineKind.NUMBER,
                own("idle_seconds"),
                hint=words.field_problem(FieldProblem.IDLE_SECONDS),
            ),
            FormLine(
                "receipt_printer",
                translate("Office", "レシートプリンター"),
                LineKind.TEXT,
                own("receipt_printer"),
            ),
            FormLine(
                "label_printer", translate("Office", "ラベルプリンター"), LineKind.TEXT, own("label_printer")
            ),
            FormLine(
                "usb_group",
                translate("Office", "USB の規則の組"),
                LineKind.NUMBER,
                own("usb_group"),
                hint=words.field_problem(FieldProblem.GROUP),
            ),
        ]
        command = command_text(terminal.settings.get("virus_check"))
        # a longer one, set at the server, would be cut off here: it stays as it is
        if len(command) <= LONGEST_INPUT:
            lines.append(
                FormLine(
                    "virus_check",
                    translate("Office", "ウイルス検査のコマンド"),
                    LineKind.NUMBER,
                    command,
                    hint=words.field_problem(FieldProblem.COMMAND),
                )
            )
        note = translate("Office", "次のサインインから有効です。前の値と新しい値が記録に残ります。")
        view = FormView(terminal.name, tuple(lines), translate("Office", "変更する"), note)
        self.open_form(OpenForm("change", view, partial(self._change, terminal.name), terminal.name))

    def _change(self, name: str, typed: dict[str, str]) -> None:
        settings = terminal_settings(typed, branches=[code for code, _ in self._found.branches])
        problems = {key: value for key, value in settings.items() if isinstance(value, FieldProblem)}
        if problems:
            self.show_errors(words.field_problems(problems))
            return
        wanted: dict[str, object] = dict(settings)
        self.change(
            lambda office: office.set_terminal(name, wanted),
            lambda _: self.done(translate("Office", "端末を変更しました"), name),
        )

    def _open_reconnect(self) -> None:
        terminal = self._selected()
        if terminal is None:
            return
        view = FormView(
            translate("Office", "{name} を元に戻す").format(name=terminal.name),
            (),
            translate("Office", "元に戻す"),
            translate(
                "Office",
                "切り離しの原因が分かり、対処が済んでから戻します。その端末では、システム担当のサインインも要ります。",
            ),
        )
        self.open_form(OpenForm("reconnect", view, partial(self._reconnect, terminal.name), terminal.name))

    def _reconnect(self, name: str, _typed: dict[str, str]) -> None:
        self.change(
            lambda office: office.reconnect_terminal(name),
            lambda _: self.done(translate("Office", "元に戻しました"), name),
        )

    def _open_revoke(self) -> None:
        terminal = self._selected()
        if terminal is None:
            return
        view = FormView(
            translate("Office", "{name} の登録取消").format(name=terminal.name),
            (),
            translate("Office", "取り消す"),
            translate(
                "Office",
                "サインイン中の人はすぐに終わり、この証明書では二度とつながりません。また使うには登録し直します。",
            ),
        )
        self.open_form(OpenForm("revoke", view, partial(self._revoke, terminal.name), terminal.name))

    def _revoke(self, name: str, _typed: dict[str, str]) -> None:
        self.change(
            lambda office: office.revoke_terminal(name),
            lambda _: self.done(translate("Office", "登録を取り消しました"), name),
        )


def _state(state: TerminalState) -> tuple[str, Mark]:
    return {
        TerminalState.ENROLLED: (translate("Office", "登録済み"), Mark.GOOD),
        TerminalState.RENEWING: (translate("Office", "新しい証明書を待機"), Mark.NOTICE),
        TerminalState.DISCONNECTED: (translate("Office", "切り離し中"), Mark.WRONG),
        TerminalState.REVOKED: (translate("Office", "登録取消"), Mark.OFF),
    }[state]


def _settings(terminal: Terminal) -> list[str]:
    labels = {
        "idle_seconds": translate("Office", "離席 {value}秒"),
        "receipt_printer": translate("Office", "レシート {value}"),
        "label_printer": translate("Office", "ラベル {value}"),
        "scanner": translate("Office", "番号体系あり"),
        "usb_group": translate("Office", "USB の組 {value}"),
        "virus_check": translate("Office", "ウイルス検査あり"),
    }
    return [
        label.format(value=terminal.settings[name])
        for name, label in labels.items()
        if terminal.settings.get(name) is not None
    ]
