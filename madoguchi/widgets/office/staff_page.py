"""Accounts of the staff: added, given another last day or card, reset, ended; unlocked by the manager."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from madoguchi.app.office.checks import FieldProblem, card_of, last_day_of, new_account
from madoguchi.app.office.values import Account, AccountState, OfficeRefusal, Terminals
from madoguchi.app.staff.accounts import temporary_password
from madoguchi.app.staff.permissions import Role
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
from madoguchi.widgets.office import words
from madoguchi.widgets.office.page import AroundOffice, OfficePage, OpenForm, PageKey

if TYPE_CHECKING:
    from madoguchi.app.server.office import CentralOffice

translate = QCoreApplication.translate

UNUSED_DAYS = 90


class StaffPage(OfficePage):
    """Every account, or those alone that nobody has used for ninety days (5.1(1)④)."""

    def __init__(self, look: Look, around: AroundOffice) -> None:
        super().__init__(look, around)
        self._accounts: tuple[Account, ...] = ()
        self._branches: tuple[tuple[str, str], ...] = ()
        self._unused_only = False

    def load(self) -> None:
        """Asks for the accounts, and once for the branches."""
        if not self._branches:
            self.read(lambda office: office.list_terminals(), self._take_branches)
        days = UNUSED_DAYS if self._unused_only else None
        self.read(lambda office: office.list_staff(days), self._take)

    def forget(self) -> None:
        """Lets go of the names."""
        self._accounts = ()

    def _take_branches(self, terminals: Terminals) -> None:
        self._branches = terminals.branches

    def _take(self, accounts: tuple[Account, ...]) -> None:
        self._accounts = accounts
        self.listed()

    # -- the table -----------------------------------------------------------------------------------------

    def table_view(self) -> TableView:
        """One record an account."""
        heading = translate("Office", "職員")
        if self._unused_only:
            heading = translate("Office", "{n}日以上使われていない職員番号").format(n=UNUSED_DAYS)
        return TableView(
            heading,
            translate("Office", "氏名は、手続きに要る間だけ出します。"),
            (
                Column("login", translate("Office", "職員番号"), 3),
                Column("name", translate("Office", "氏名"), 3),
                Column("role", translate("Office", "役割"), 3),
                Column("branches", translate("Office", "館"), 3),
                Column("last_day", translate("Office", "最終日"), 2, number=True),
                Column("last_in", translate("Office", "前回のサインイン"), 3, number=True),
                Column("state", translate("Office", "状態"), 2),
            ),
            tuple(map(self._record, self._accounts)),
            self.nothing(translate("Office", "該当する職員はいません。")),
        )

    def _record(self, account: Account) -> Record:
        state, mark = _state(account.state)
        return Record(
            account.login,
            (
                account.login,
                account.name,
                words.role(account.role),
                translate("Office", "、").join(
                    dict(self._branches).get(code, code) for code in account.branches
                ),
                words.day(account.last_day),
                words.minute(account.last_in, self._around.now()) or translate("Office", "なし"),
                state,
            ),
            mark,
            quiet=account.state in (AccountState.ENDED, AccountState.DISABLED),
        )

    def keys(self) -> Mapping[int, PageKey]:
        """What can be done with the selected account."""
        account = self._selected()
        unused = translate("Office", "全員") if self._unused_only else translate("Office", "未使用のみ")
        found = {7: PageKey(unused, self._turn_unused)}
        if self._around.manages_terminals:
            found[9] = PageKey(translate("Office", "追加"), self._open_add)
            found[10] = PageKey(translate("Office", "変更"), self.open_selected, account is not None)
            found[11] = PageKey(
                translate("Office", "停止"),
                self._open_disable,
                account is not None and account.state is not AccountState.DISABLED,
            )
        if self._around.reads_audit:
            locked = account is not None and account.state is AccountState.LOCKED
            found[10] = PageKey(translate("Office", "ロック解除"), self._open_unlock, locked)
        return found

    def _selected(self) -> Account | None:
        return self._account(self.table.selected() or "")

    def _account(self, login: str) -> Account | None:
        return next((account for account in self._accounts if account.login == login), None)

    def _turn_unused(self) -> None:
        self._unused_only = not self._unused_only
        self._accounts = ()
        self.show_table()
        self.load()

    # -- forms ---------------------------------------------------------------------------------------------

    def open_form_named(self, name: str, target: str) -> None:
        """Adding, or the account that was being changed."""
        if name == "add" and self._around.manages_terminals:
            self._open_add()
        account = self._account(target)
        if name == "change" and account is not None:
            self._open_change(account)

    def open_selected(self) -> None:
        """The selected account's form."""
        account = self._selected()
        if account is not None and self._around.manages_terminals:
            self._open_change(account)

    def _open_add(self) -> None:
        lines = (
            FormLine(
                "login",
                translate("Office", "職員番号"),
                LineKind.NUMBER,
                required=True,
                hint=words.field_problem(FieldProblem.LOGIN),
            ),
            FormLine("name", translate("Office", "氏名"), LineKind.TEXT, required=True),
            FormLine(
                "role",
                translate("Office", "役割"),
                LineKind.ONE_OF,
                Role.COUNTER_STAFF.value,
                choices=tuple((role.value, words.role(role)) for role in Role),
            ),
            FormLine(
                "branches",
                translate("Office", "働く館（委託職員）"),
                LineKind.SOME_OF,
                choices=self._branches,
            ),
            FormLine(
                "last_day",
                translate("Office", "最終日"),
                LineKind.NUMBER,
                hint=translate("Office", "委託職員には必須。ほかは空欄で期限なし。"),
            ),
        )
        note = translate(
            "Office", "仮のパスワードを作り、一度だけ画面に出します。最初のサインインで本人が変えます。"
        )
        view = FormView(translate("Office", "職員の追加"), lines, translate("Office", "追加する"), note)
        self.open_form(OpenForm("add", view, self._add))

    def _add(self, typed: dict[str, str]) -> None:
        account = new_account(
            typed, today=self._around.now().date(), branches=[code for code, _ in self._branches]
        )
        if isinstance(account, dict):
            self.show_errors(words.field_problems(account))
            return
        password = temporary_password()
        self.change(
            lambda office: office.add_staff(account, password),
            lambda _: self._made(account.login, password, translate("Office", "職員を追加しました")),
        )

    def _made(self, login: str, password: str, done: str) -> None:
        """Shows the temporary password, once."""
        self.say(done, login)
        note = translate(
            "Office",
            "{login} の仮のパスワードです。本人に渡してください。閉じると二度と見られません。",
        ).format(login=login)
        view = FormView(done, (), translate("Office", "渡しました"), note, shown=password)
        self.open_form(OpenForm("shown", view, lambda _: self.close_form(), kept=False))
        self.load()

    def _open_change(self, account: Account) -> None:
        lines = (
            FormLine(
                "last_day",
                translate("Office", "最終日"),
                LineKind.NUMBER,
                words.day(account.last_day),
                required=account.role is Role.CONTRACT_STAFF,
                hint=translate("Office", "空欄で期限なし。過ぎた日にすると、すぐに使えなくなります。"),
            ),
            FormLine(
                "card",
                translate("Office", "職員カード"),
                LineKind.NUMBER,
                account.card_number or "",
                hint=translate("Office", "読み取ると入ります。サインインで職員番号の代わりになるだけです。"),
            ),
            FormLine(
                "new",
                translate("Office", "パスワード"),
                LineKind.ONE_OF,
                "leave",
                choices=(
                    ("leave", translate("Office", "そのまま")),
                    ("reset", translate("Office", "仮のパスワードにする")),
                ),
                hint=translate("Office", "仮のものにすると、開いているサインインは終わり、停止も解けます。"),
            ),
        )
        heading = translate("Office", "{name}（{login}）").format(name=account.name, login=account.login)
        view = FormView(heading, lines, translate("Office", "変更する"))
        self.open_form(OpenForm("change", view, partial(self._change, account), account.login))

    def _change(self, account: Account, typed: dict[str, str]) -> None:
        contract = account.role is Role.CONTRACT_STAFF
        last_day = last_day_of(typed["last_day"], contract=contract, today=self._around.now().date())
        card = card_of(typed["card"])
        problems = {
            key: value
            for key, value in (("last_day", last_day), ("card", card))
            if isinstance(value, FieldProblem)
        }
        if problems or isinstance(last_day, FieldProblem) or isinstance(card, FieldProblem):
            self.show_errors(words.field_problems(problems))
            return
        password = temporary_password() if typed["new"] == "reset" else ""

        def act(office: CentralOffice) -> OfficeRefusal | None:
            # the card first: it alone can be refused for what somebody else has
            if card != account.card_number and (why := office.set_card(account.login, card)):
                return why
            if last_day != account.last_day and (why := office.set_last_day(account.login, last_day)):
                return why
            return office.reset_staff(account.login, password) if password else None

        done = translate("Office", "職員を変更しました")
        self.change(
            act,
            lambda _: (
                self._made(account.login, password, done) if password else self.done(done, account.login)
            ),
        )

    def _open_disable(self) -> None:
        account = self._selected()
        if account is None:
            return
        view = FormView(
            translate("Office", "{name}（{login}）の停止").format(name=account.name, login=account.login),
            (),
            translate("Office", "停止する"),
            translate(
                "Office", "開いているサインインも、すぐに終わります。仮のパスワードにすると、また使えます。"
            ),
        )
        self.open_form(OpenForm("disable", view, partial(self._disable, account.login), account.login))

    def _disable(self, login: str, _typed: dict[str, str]) -> None:
        self.change(
            lambda office: office.disable_staff(login),
            lambda _: self.done(translate("Office", "停止しました"), login),
        )

    def _open_unlock(self) -> None:
        account = self._selected()
        if account is None:
            return
        view = FormView(
            translate("Office", "{name}（{login}）のロック解除").format(
                name=account.name, login=account.login
            ),
            (),
            translate("Office", "解除する"),
            translate("Office", "サインインの失敗が続いて止まっています。本人であることを確かめてから。"),
        )
        self.open_form(OpenForm("unlock", view, partial(self._unlock, account.login), account.login))

    def _unlock(self, login: str, _typed: dict[str, str]) -> None:
        self.change(
            lambda office: office.unlock_staff(login),
            lambda _: self.done(translate("Office", "ロックを解除しました"), login),
        )

    def take_card(self, number: str) -> bool:
        """A staff card was read: where an account is being changed it is the card's field that it fills."""
        if self._form is not None and self._form.name == "change":
            self.form.set_values({"card": number})
            self.say(translate("Office", "職員カードを読み取りました"), number, tone=Tone.RECORDED)
            return True
        return False


def _state(state: AccountState) -> tuple[str, Mark]:
    return {
        AccountState.ACTIVE: (translate("Office", "使用中"), Mark.GOOD),
        AccountState.TEMPORARY: (translate("Office", "仮パスワード"), Mark.NOTICE),
        AccountState.LOCKED: (translate("Office", "ロック中"), Mark.WRONG),
        AccountState.ENDED: (translate("Office", "期限切れ"), Mark.OFF),
        AccountState.DISABLED: (translate("Office", "停止"), Mark.OFF),
    }[state]
