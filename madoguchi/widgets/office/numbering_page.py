"""What the library's own numbers look like: rules, and a box to try how a text is read under them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication

from madoguchi.app.office.numbering import RuleGone, rule_of, with_rule, without_rule
from madoguchi.app.office.values import Setting, Settings
from madoguchi.barcode.code_plan import PlanError, plan_text, read_plan
from madoguchi.barcode.symbology import CheckDigit, CodePlan, CodeRule, Meaning, Symbology
from madoguchi.widgets.look.record_views import (
    Column,
    FormLine,
    FormView,
    LineKind,
    Record,
    TableView,
)
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.office import numbering_words as words
from madoguchi.widgets.office.page import AroundOffice, OfficePage, OpenForm, PageKey

translate = QCoreApplication.translate

TRY = "try"
"""The line in which a text is tried, in every form of this page."""

# no library numbers its cards like that; a plan that does so all the same keeps it
_OF_BOOKS = (CheckDigit.ISBN_10.value, CheckDigit.ISSN.value)
_NEW = CodeRule(Meaning.ITEM, Symbology.NW7, "", 10, CheckDigit.MODULUS_10_2_1_SPLIT)


class NumberingPage(OfficePage):
    """How a number is known: system staff change them, the security manager looks and tries."""

    def __init__(self, look: Look, around: AroundOffice) -> None:
        super().__init__(look, around)
        self._setting: Setting | None = None
        self._plan = CodePlan(())
        self._unreadable = False
        self.form.edited.connect(lambda _key: self._try())

    def load(self) -> None:
        """Asks for the settings, of which this is one."""
        self.read(lambda office: office.list_settings(), self._take)

    def forget(self) -> None:
        """What was tried goes with the form; the rules are nobody's."""
        self._setting = None
        self._plan = CodePlan(())

    def _take(self, found: Settings) -> None:
        self._setting = found.numbering
        self._plan, self._unreadable = self._around.plan, False
        if found.numbering is not None and found.numbering.value:
            try:
                rules = read_plan(found.numbering.value).rules
                self._plan = CodePlan(rules, self._around.plan.command_prefix)
            except PlanError:
                self._unreadable = True
        self.listed()

    @property
    def _decided(self) -> bool:
        return self._setting is not None and bool(self._setting.value) and not self._unreadable

    def table_view(self) -> TableView:
        """The rules."""
        if self._unreadable:
            note = translate("Office", "サーバーの番号体系が読めません。下は、この端末が使っている番号です。")
        elif self._decided:
            note = translate("Office", "変えると、どの端末も次のサインインからこのとおりに読みます。")
        else:
            note = translate(
                "Office",
                "まだ決めていません。下は、この端末が使っている番号です。変えると、図書館全体の番号体系になります。",
            )
        return TableView(
            translate("Office", "番号体系"),
            note,
            (
                Column("means", translate("Office", "何の番号"), 4),
                Column("symbology", translate("Office", "バーコード"), 2),
                Column("prefix", translate("Office", "先頭"), 1, number=True),
                Column("length", translate("Office", "けた数"), 1, number=True),
                Column("check", translate("Office", "チェックデジット"), 7),
                Column("letters", translate("Office", "前後の文字"), 3, spare=True),
            ),
            tuple(
                Record(
                    str(place),
                    (
                        words.meaning(rule.means),
                        words.symbology(rule.symbology),
                        rule.prefix or "—",
                        str(rule.length),
                        words.check(rule.check),
                        words.letters(rule) or "—",
                    ),
                )
                for place, rule in enumerate(self._plan.rules)
            ),
            self.nothing(translate("Office", "規則がありません。")),
        )

    def keys(self) -> Mapping[int, PageKey]:
        """Trying; and for system staff adding, changing, removing."""
        found = {7: PageKey(translate("Office", "試し読み"), self._open_try, bool(self._plan.rules))}
        if self._around.manages_terminals:
            there = self._setting is not None
            chosen = there and self._place() is not None
            found[9] = PageKey(translate("Office", "規則を追加"), partial(self._open_rule, None), there)
            found[10] = PageKey(translate("Office", "変更"), self.open_selected, chosen)
            found[11] = PageKey(translate("Office", "削除"), self._open_remove, chosen)
        return found

    def _place(self, key: str | None = None) -> int | None:
        text = key if key is not None else self.table.selected() or ""
        return int(text) if text.isdigit() and int(text) < len(self._plan.rules) else None

    # -- trying --------------------------------------------------------------------------------------------

    def take_text(self, text_untrusted: str) -> bool:
        """A scan: into the box, which opens for it; whether it was wanted."""
        if not self._plan.rules:
            return False
        if not self.has_form():
            self._open_try()
        if TRY not in self.form.values():
            return False
        self.form.set_values({TRY: text_untrusted})
        self._try()
        # in a long form it is brought into sight
        self.form.field(TRY).start()
        return True

    def _open_try(self) -> None:
        view = FormView(
            translate("Office", "試し読み"),
            (_try_line(),),
            translate("Office", "消してもう一度"),
            translate("Office", "バーコードを読み取るか、番号を入れると、どう読むかがすぐ下に出ます。"),
            cancel=translate("Office", "とじる"),
        )
        self.open_form(OpenForm(TRY, view, self._again, kept=False))

    def _again(self, _typed: dict[str, str]) -> None:
        self.form.set_values({TRY: ""})
        self._try()
        self.form.start()

    def _try(self) -> None:
        """Says below the box how what stands in it is read under the rules as they would be."""
        if self._form is None:
            return
        values = self.form.values()
        if TRY not in values:
            return
        text = values[TRY]
        try:
            plan = self._draft(values)
            said = words.reading(text, plan) if text else ""
        except RuleGone:
            said = words.rule_gone()
        except PlanError as error:
            said = translate("Office", "この規則では、まだ読めません：{why}").format(why=words.problem(error))
        lines = tuple(
            replace(line, hint=said or _try_line().hint) if line.key == TRY else line
            for line in self._form.view.lines
        )
        self._form = replace(self._form, view=replace(self._form.view, lines=lines))
        self.form.set_view(self._form.view)

    def _draft(self, values: Mapping[str, str]) -> CodePlan:
        if self._form is None or self._form.name == TRY:
            return self._plan
        changed = _rule_in(self._form.target) if self._form.name == "rule" else None
        return with_rule(self._plan, rule_of(values), changed)

    # -- rules ---------------------------------------------------------------------------------------------

    def open_form_named(self, name: str, target: str) -> None:
        """The rule that was being written."""
        if name == "add":
            self._open_rule(None)
        elif name == "rule" and (rule := _rule_in(target)) in self._plan.rules:
            self._open_rule(rule)

    def open_selected(self) -> None:
        """The selected rule's form."""
        place = self._place()
        if place is not None and self._around.manages_terminals and self._setting is not None:
            self._open_rule(self._plan.rules[place])

    def _open_rule(self, rule: CodeRule | None) -> None:
        heading = translate("Office", "規則を追加") if rule is None else translate("Office", "規則の変更")
        submit = translate("Office", "追加する") if rule is None else translate("Office", "変更する")
        view = FormView(
            heading,
            _rule_lines(rule or _NEW),
            submit,
            translate(
                "Office", "いま使っているカードや資料の番号が、この規則で読めることを確かめてください。"
            ),
        )
        # the rule, not its place: a colleague may have taken away the one before it meanwhile
        name, target = ("add", "") if rule is None else ("rule", plan_text(CodePlan((rule,))))
        self.open_form(OpenForm(name, view, partial(self._set_rule, rule), target))

    def _set_rule(self, changed: CodeRule | None, typed: dict[str, str]) -> None:
        try:
            rule = rule_of(typed)
            plan = with_rule(self._plan, rule, changed)
        except RuleGone:
            self.show_errors({}, words.rule_gone())
            return
        except PlanError as error:
            field, said = words.FIELDS.get(error.problem), words.problem(error)
            self.show_errors({field: said} if field else {}, "" if field else said)
            return
        self._save(plan, words.rule(rule), words.short(rule))

    def _open_remove(self) -> None:
        place = self._place()
        if place is None:
            return
        rule = self._plan.rules[place]
        view = FormView(
            translate("Office", "規則の削除"),
            (),
            translate("Office", "削除する"),
            translate(
                "Office", "{rule}：この形の番号は、次のサインインからどの端末でも読めなくなります。"
            ).format(rule=words.rule(rule)),
        )
        self.open_form(OpenForm("remove", view, partial(self._remove, rule), kept=False))

    def _remove(self, rule: CodeRule, _typed: dict[str, str]) -> None:
        try:
            plan = without_rule(self._plan, rule)
        except RuleGone:
            self.show_errors({}, words.rule_gone())
            return
        except PlanError as error:
            self.show_errors({}, words.problem(error))
            return
        self._save(plan, words.rule(rule))

    def _save(self, plan: CodePlan, what: str, side: str = "") -> None:
        setting, text = self._setting, plan_text(plan)
        if setting is None:
            return
        self.change(
            lambda office: office.set_setting(setting, text),
            lambda _: self.done(translate("Office", "番号体系を変えました"), what, side=side),
        )


def _rule_in(text: str) -> CodeRule | None:
    """The rule of a plan of one; None: it is none."""
    try:
        (rule,) = read_plan(text).rules
    except (PlanError, ValueError):
        return None
    return rule


def _try_line() -> FormLine:
    return FormLine(
        TRY,
        translate("Office", "試し読み"),
        LineKind.NUMBER,
        hint=translate("Office", "読み取るか、入れてみてください。保存されません。"),
    )


def _rule_lines(rule: CodeRule) -> tuple[FormLine, ...]:
    choices = words.choices()
    return (
        FormLine(
            "means",
            translate("Office", "何の番号"),
            LineKind.ONE_OF,
            rule.means.value,
            choices=choices["means"],
        ),
        FormLine(
            "symbology",
            translate("Office", "バーコード"),
            LineKind.ONE_OF,
            rule.symbology.value,
            choices=choices["symbology"],
        ),
        FormLine("prefix", translate("Office", "先頭の文字"), LineKind.NUMBER, rule.prefix, half=True),
        FormLine(
            "length",
            translate("Office", "全体のけた数"),
            LineKind.NUMBER,
            str(rule.length),
            required=True,
            half=True,
            hint=words.length_hint(),
        ),
        FormLine(
            "check",
            translate("Office", "チェックデジット"),
            LineKind.ONE_OF,
            rule.check.value,
            choices=tuple(
                (key, word)
                for key, word in choices["check"]
                if key not in _OF_BOOKS or key == rule.check.value
            ),
        ),
        FormLine(
            "letters",
            translate("Office", "スタート・ストップ文字（NW-7）"),
            LineKind.ONE_OF,
            rule.letters.value,
            choices=choices["letters"],
        ),
        FormLine("start", translate("Office", "スタート文字"), LineKind.NUMBER, rule.start, half=True),
        FormLine("stop", translate("Office", "ストップ文字"), LineKind.NUMBER, rule.stop, half=True),
        _try_line(),
    )
