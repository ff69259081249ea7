"""The library's settings, each changed from what is seen to something else; and the changes on record."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QCoreApplication

from madoguchi.app.lending.materials import LoanGroup
from madoguchi.app.office.checks import FieldProblem, setting_value
from madoguchi.app.office.values import Setting, SettingChange, Settings
from madoguchi.app.reservations.telling import SlipName
from madoguchi.widgets import wording
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
from madoguchi.widgets.office import numbering_words, words
from madoguchi.widgets.office.page import NUMBERING, AroundOffice, OfficePage, OpenForm, PageKey

translate = QCoreApplication.translate


class SettingsPage(OfficePage):
    """Settings of lending, of accounts and of the audit; who changed what to what is on record."""

    def __init__(self, look: Look, around: AroundOffice) -> None:
        super().__init__(look, around)
        self._found = Settings((), {})
        self._changes: tuple[SettingChange, ...] | None = None

    def load(self) -> None:
        """Asks for the settings, or for their changes."""
        self.read(lambda office: office.list_settings(), self._take)
        if self._changes is not None:
            self.read(lambda office: office.setting_changes(), self._take_changes)

    def forget(self) -> None:
        """Lets go of who changed what."""
        self._changes = None

    def _take(self, found: Settings) -> None:
        self._found = found
        self.listed()

    def _take_changes(self, changes: tuple[SettingChange, ...]) -> None:
        # whoever has turned back meanwhile sees the settings
        if self._changes is not None:
            self._changes = changes
            self.listed()

    def table_view(self) -> TableView:
        """The settings, or their changes."""
        if self._changes is not None:
            return self._history(self._changes)
        return TableView(
            translate("Office", "設定"),
            translate("Office", "変えると、前の値・新しい値・変えた人が記録に残ります。"),
            (
                Column("group", translate("Office", "区分"), 3),
                Column("name", translate("Office", "設定"), 7),
                Column("value", translate("Office", "値"), 2, number=True),
                Column("range", translate("Office", "範囲"), 2, number=True),
            ),
            tuple(
                Record(
                    setting.key,
                    (
                        self._group(setting.place, setting.row_key),
                        _name(setting.name),
                        _written(setting.value),
                        _range(setting),
                    ),
                )
                for setting in self._found.settings
            ),
            self.nothing(""),
        )

    def _history(self, changes: tuple[SettingChange, ...]) -> TableView:
        records = [
            Record(
                f"{number} {name}",
                (
                    words.moment(change.at, self._around.now()),
                    change.who,
                    self._group(change.place, change.row_key),
                    _name(name),
                    *(
                        numbering_words.shortly(value) if name == "numbering" else _written(value)
                        for value in (old, new)
                    ),
                ),
                Mark.NONE,
            )
            for number, change in enumerate(changes)
            for name, (old, new) in change.changed.items()
        ]
        return TableView(
            translate("Office", "設定の変更の記録"),
            translate("Office", "新しいものから、200回まで"),
            (
                Column("at", translate("Office", "日時"), 4, number=True),
                Column("who", translate("Office", "変えた人"), 3),
                Column("group", translate("Office", "区分"), 3),
                Column("name", translate("Office", "設定"), 6),
                Column("old", translate("Office", "前の値"), 2, number=True),
                Column("new", translate("Office", "新しい値"), 2, number=True),
            ),
            tuple(records),
            self.nothing(translate("Office", "変更はありません。")),
        )

    def keys(self) -> Mapping[int, PageKey]:
        """Changing, and the record of changes."""
        history = self._changes is not None
        word = translate("Office", "設定に戻る") if history else translate("Office", "変更の記録")
        found = {9: PageKey(word, self._turn)}
        if not history:
            found[11] = PageKey(
                translate("Office", "番号体系"),
                partial(self._around.go_to, NUMBERING),
                self._found.numbering is not None,
            )
        if self._around.manages_terminals:
            chosen = not history and self._setting(self.table.selected() or "") is not None
            found[10] = PageKey(translate("Office", "変更"), self.open_selected, chosen)
        return found

    def _turn(self) -> None:
        self._changes = () if self._changes is None else None
        self.show_table()
        self.load()

    def _setting(self, key: str) -> Setting | None:
        return next((setting for setting in self._found.settings if setting.key == key), None)

    # -- the form ------------------------------------------------------------------------------------------

    def open_form_named(self, name: str, target: str) -> None:
        """The setting that was being changed."""
        setting = self._setting(target)
        if name == "set" and setting is not None:
            self._open(setting)

    def open_selected(self) -> None:
        """The selected setting's form."""
        setting = self._setting(self.table.selected() or "")
        if setting is not None and self._changes is None and self._around.manages_terminals:
            self._open(setting)

    def _open(self, setting: Setting) -> None:
        heading = f"{self._group(setting.place, setting.row_key)}：{_name(setting.name)}"
        if setting.yes_or_no or setting.choices:
            line = FormLine(
                "value",
                translate("Office", "値"),
                LineKind.ONE_OF,
                setting.value,
                choices=tuple((value, _written(value)) for value in setting.choices or ("true", "false")),
            )
        else:
            line = FormLine(
                "value",
                translate("Office", "値"),
                LineKind.NUMBER,
                setting.value,
                required=not setting.may_be_none,
                hint=_range(setting),
            )
        note = translate("Office", "いまの値は {value} です。すべての端末で、すぐに有効になります。").format(
            value=_written(setting.value)
        )
        view = FormView(heading, (line,), translate("Office", "変更する"), note)
        self.open_form(OpenForm("set", view, partial(self._set, setting), setting.key))

    def _set(self, setting: Setting, typed: dict[str, str]) -> None:
        value = setting_value(setting, typed["value"])
        if isinstance(value, FieldProblem):
            said = words.field_problem(value)
            if value is FieldProblem.OUT_OF_RANGE:
                said = _range(setting)
            self.show_errors({"value": said})
            return
        text = str(value)
        self.change(
            lambda office: office.set_setting(setting, text),
            lambda _: self._done(setting, text),
        )

    def _done(self, setting: Setting, value: str) -> None:
        self.done(
            translate("Office", "設定を変えました"),
            _name(setting.name),
            side=translate("Office", "{old} → {new}").format(
                old=_written(setting.value), new=_written(value)
            ),
        )

    def _group(self, place: str, row_key: str) -> str:
        if place == "policy":
            return translate("Office", "貸出の規則")
        if place == "rule":
            return translate("Office", "職員と記録")
        category, _, group = row_key.partition("/")
        return translate("Office", "{category}・{group}").format(
            category=self._found.categories.get(category, category), group=wording.group(LoanGroup(group))
        )


def _name(name: str) -> str:
    return {
        "overdue_block_days": translate("Office", "貸出を止める延滞の日数"),
        "card_idle_years": translate("Office", "使われないカードが止まる年数"),
        "max_renewals": translate("Office", "延長の回数"),
        "due_on_open_day": translate("Office", "返却期限を開館日にする"),
        "undo_minutes": translate("Office", "返却を取り消せる分数（過ぎると貸出の記録を消します）"),
        "shelf_open_days": translate("Office", "取置の開館日数"),
        "backdate_days": translate("Office", "さかのぼれる返却日の日数"),
        "max_reservations": translate("Office", "予約できる点数"),
        "slip_name": translate("Office", "取置票の利用者の書き方"),
        "transit_days": translate("Office", "配送の遅れとみなす日数"),
        "missing_after": translate("Office", "不明とするまでに探す回数"),
        "application_days": translate("Office", "仮登録申請を残す日数"),
        "printed_cards_from": translate("Office", "印刷するカードの番号の始まり（0 は最後の1割から）"),
        "printed_items_from": translate("Office", "印刷する資料ラベルの番号の始まり（0 は最後の1割から）"),
        "web_password_hours": translate("Office", "仮パスワードの有効時間"),
        "numbering": translate("Office", "番号体系"),
        "password_days": translate("Office", "パスワードの有効日数"),
        "password_warning_days": translate("Office", "期限を知らせ始める日数"),
        "password_history": translate("Office", "再び使えないパスワードの個数"),
        "failures_to_lock": translate("Office", "ロックするまでの失敗回数"),
        "lock_minutes": translate("Office", "ロックの分数"),
        "views_an_hour": translate("Office", "1時間に開ける利用者の人数"),
        "list_rows_an_hour": translate("Office", "1時間に一覧で見られる利用者の人数"),
        "view_days": translate("Office", "閲覧の記録を残す日数"),
        "max_loans": translate("Office", "貸出点数"),
        "loan_days": translate("Office", "貸出日数"),
    }.get(name, name)


def _written(value: str) -> str:
    return {
        "true": translate("Office", "はい"),
        "false": translate("Office", "いいえ"),
        "": translate("Office", "なし"),
        SlipName.NUMBER_END.value: translate("Office", "番号の下4けた"),
        SlipName.KANA_INITIAL.value: translate("Office", "カナの頭文字"),
        SlipName.FULL.value: translate("Office", "氏名"),
    }.get(value, value)


def _range(setting: Setting) -> str:
    if setting.yes_or_no or setting.choices:
        return ""
    numbers = translate("Office", "{least}〜{most}").format(least=setting.least, most=setting.most)
    return (
        translate("Office", "{range}・空欄はなし").format(range=numbers) if setting.may_be_none else numbers
    )
