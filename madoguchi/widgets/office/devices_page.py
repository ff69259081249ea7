"""USB devices for system staff and the security manager: those here, the register, rules, exceptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication

from madoguchi.app.devices.fields import (
    LONGEST_PERSON,
    DeviceProblem,
    disposal,
    new_device,
    one_line,
)
from madoguchi.app.devices.values import DeviceKind, DeviceState, RegisteredDevice, UsbReport
from madoguchi.app.office.checks import FieldProblem, past_day_of, tidy
from madoguchi.device_control.channel import DeviceSeen
from madoguchi.widgets import device_words as seen_words
from madoguchi.widgets import usb_standing
from madoguchi.widgets.device_desk import DeviceDesk
from madoguchi.widgets.look.record_views import FormView, TableView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Tone
from madoguchi.widgets.office import device_log_words as log_words
from madoguchi.widgets.office import device_report as report_words
from madoguchi.widgets.office import device_words as words
from madoguchi.widgets.office import words as office_words
from madoguchi.widgets.office.device_lists import DeviceLists, RecordSearch
from madoguchi.widgets.office.device_words import Which
from madoguchi.widgets.office.page import AroundOffice, OfficePage, OpenForm, PageKey
from madoguchi.widgets.office.paper import print_or_write

T = TypeVar("T")

translate = QCoreApplication.translate


class DevicesPage(OfficePage):
    """Seven tables, one at a time; F7 goes to another."""

    def __init__(self, look: Look, around: AroundOffice, desk: DeviceDesk) -> None:
        super().__init__(look, around)
        self._desk = desk
        self._which = Which.HERE
        self._lists = DeviceLists(self.read_devices, around.now, self.listed)
        self._open = False
        desk.changed.connect(self._devices_changed)

    # -- what is listed ------------------------------------------------------------------------------------

    def load(self) -> None:
        """Asks for what this table lists."""
        self._lists.load(self._which)

    def forget(self) -> None:
        """Lets go of what the server said."""
        self._lists.clear()

    def shown(self) -> None:
        """What was blocked has been seen."""
        self._open = True
        self._desk.look(True)
        super().shown()
        self.show_table()

    def gone(self) -> None:
        """Another page is in sight."""
        self._open = False
        self._desk.look(False)

    def end(self) -> None:
        """Nothing of anybody stays."""
        self._open = False
        super().end()

    def _devices_changed(self) -> None:
        if self._open and self._which is Which.HERE and not self._ended:
            self.show_table()

    def table_view(self) -> TableView:
        """The table that is chosen."""
        now, found = self._around.now(), self._lists
        empty = self.nothing(translate("Devices", "ありません。"))
        match self._which:
            case Which.REGISTER:
                return words.register_table(found.register, now, empty)
            case Which.EXCEPTIONS:
                return log_words.exceptions_table(found.exceptions, now, empty, found.month)
            case Which.RULES:
                return log_words.rules_table(found.rules, now, empty)
            case Which.RECORDS:
                return log_words.records_table(
                    found.records, now, empty, found.search, more=found.more_records
                )
            case Which.AGENTS:
                return log_words.agents_table(found.agents, now, empty)
            case Which.REPORT:
                return report_words.table(found.report, now, empty)
        standing = self._desk.standing()
        note = usb_standing.note(standing)
        return usb_standing.table(
            self._desk.devices,
            standing,
            note=translate("Devices", "{note}F7 で台帳などに移ります。").format(note=note),
        )

    # -- keys ----------------------------------------------------------------------------------------------

    def keys(self) -> Mapping[int, PageKey]:
        """Another table, and what can be done on this one."""
        keys = {7: PageKey(translate("Devices", "表を選ぶ"), self._choose_table)}
        manages = self._around.manages_terminals
        match self._which:
            case Which.HERE:
                enabled = manages and self._device() is not None
                keys[10] = PageKey(translate("Devices", "登録"), self._open_enrol, enabled)
            case Which.REGISTER:
                device = self._registered()
                lent = device is not None and device.state is DeviceState.LENT
                there = manages and device is not None and device.state is not DeviceState.DISPOSED
                keys[9] = PageKey(translate("Devices", "廃棄"), self._open_dispose, there and not lent)
                word = translate("Devices", "返却を記録") if lent else translate("Devices", "貸し出す")
                keys[10] = PageKey(word, self._open_lend, there)
            case Which.REPORT:
                made = self._lists.report is not None
                keys[9] = PageKey(translate("Devices", "印刷"), self._print, made)
                keys[10] = PageKey(translate("Devices", "月を選ぶ"), self._choose_month)
                keys[11] = PageKey(translate("Devices", "書き出し"), self._open_export, made)
            case Which.EXCEPTIONS:
                keys[9] = PageKey(translate("Devices", "月を選ぶ"), self._choose_month_of_exceptions)
            case Which.RECORDS:
                keys[9] = PageKey(translate("Devices", "検索"), self._open_search)
                older = self._lists.load_older_records
                keys[11] = PageKey(translate("Devices", "古い記録"), older, self._lists.more_records)
        there = self.table.selected() is not None
        keys.setdefault(10, PageKey(translate("Devices", "詳しく"), self.open_selected, there))
        return keys

    def _choose_table(self) -> None:
        self.open_form(OpenForm("which", words.which_form(self._which), self._go_to_table, kept=False))

    def _go_to_table(self, typed: dict[str, str]) -> None:
        self.close_form()
        known = {each.value for each in Which}
        if typed[words.WHICH] in known:
            self.show_which(Which(typed[words.WHICH]))

    def show_which(self, which: Which) -> None:
        """Shows one of the tables."""
        self._which = which
        self._came = False
        self.show_table()
        self.load()

    # -- one of them, whole --------------------------------------------------------------------------------

    def open_selected(self) -> None:
        """All that is known of the selected record."""
        now = self._around.now()
        heading, note = "", ""
        match self._which:
            case Which.HERE:
                seen = self._device()
                if seen is not None:
                    heading, note = seen_words.called(seen), seen_words.details(seen)
            case Which.REGISTER:
                device = self._registered()
                if device is not None:
                    heading, note = device.label, words.device_note(device, now)
            case Which.EXCEPTIONS:
                asked = self._of(self._lists.exceptions, lambda each: str(each.number))
                if asked is not None:
                    heading = translate("Devices", "例外 第{n}号").format(n=asked.number)
                    note = log_words.exception_note(asked, now)
            case Which.RECORDS:
                record = self._of(self._lists.records, lambda each: each.place)
                if record is not None:
                    heading, note = log_words.happened(record.what), log_words.record_note(record, now)
            case Which.RULES | Which.AGENTS | Which.REPORT:
                selected = self.table.selected()
                cells = next((r.cells for r in self.table.view().records if r.key == selected), None)
                if cells is not None:
                    heading, note = cells[0], "\n".join(filter(None, cells[1:]))
        if note:
            view = FormView(heading, (), translate("Devices", "閉じる"), note)
            self.open_form(OpenForm("whole", view, lambda _: self.close_form(), kept=False))

    def _of(self, found: Sequence[T], key: Callable[[T], str]) -> T | None:
        selected = self.table.selected()
        return next((each for each in found if key(each) == selected), None)

    def _device(self) -> DeviceSeen | None:
        return self._desk.device(self.table.selected() or "")

    def _registered(self) -> RegisteredDevice | None:
        return self._of(self._lists.register, lambda each: str(each.number))

    # -- the register --------------------------------------------------------------------------------------

    def _open_enrol(self) -> None:
        device = self._device()
        if device is not None:
            self.open_form(
                OpenForm("enrol", words.enrol_form(device), partial(self._enrol, device), kept=False)
            )

    def _enrol(self, device: DeviceSeen, typed: dict[str, str]) -> None:
        made = new_device(
            kind=DeviceKind(typed[words.KIND]),
            vendor_id_untrusted=f"{device.vendor_id:04x}",
            product_id_untrusted=f"{device.product_id:04x}",
            serial_untrusted=device.serial_untrusted,
            interfaces_untrusted=map(str, device.interfaces),
            label_untrusted=typed[words.LABEL],
            owner_untrusted=typed[words.OWNER],
        )
        if isinstance(made, dict):
            found = words.problems(made)
            fields = {words.KIND, words.LABEL, words.OWNER}
            # what is wrong with the device itself stands in no field
            about = [sentence for key, sentence in found.items() if key not in fields]
            self.show_errors(
                {key: found[key] for key in fields & found.keys()}, "\n".join(dict.fromkeys(about))
            )
            return
        self.change_devices(
            lambda devices: devices.enrol_device(made),
            lambda _: self.done(translate("Devices", "台帳に登録しました"), made.label),
        )

    def _open_lend(self) -> None:
        device = self._registered()
        if device is None:
            return
        if device.state is DeviceState.LENT:
            form = OpenForm("return", words.return_form(device), partial(self._return, device), kept=False)
        else:
            form = OpenForm("lend", words.lend_form(device), partial(self._lend, device), kept=False)
        self.open_form(form)

    def _lend(self, device: RegisteredDevice, typed: dict[str, str]) -> None:
        to = one_line(typed[words.TO], LONGEST_PERSON)
        if isinstance(to, DeviceProblem):
            self.show_errors(words.problems({words.TO: to}))
            return
        self.change_devices(
            lambda devices: devices.lend_device(device.number, to),
            lambda _: self.done(translate("Devices", "貸出を記録しました"), device.label),
        )

    def _return(self, device: RegisteredDevice, _typed: dict[str, str]) -> None:
        self.change_devices(
            lambda devices: devices.return_device(device.number),
            lambda _: self.done(translate("Devices", "返却を記録しました"), device.label),
        )

    def _open_dispose(self) -> None:
        device = self._registered()
        if device is not None:
            form = words.dispose_form(device, self._around.now().date())
            self.open_form(OpenForm("dispose", form, partial(self._dispose, device), kept=False))

    def _dispose(self, device: RegisteredDevice, typed: dict[str, str]) -> None:
        made = disposal(
            on_untrusted=typed[words.ON],
            what_untrusted=typed[words.WHAT],
            person_untrusted=typed[words.PERSON],
            today=self._around.now().date(),
        )
        if isinstance(made, dict):
            self.show_errors(words.problems(made))
            return
        self.change_devices(
            lambda devices: devices.dispose_device(device.number, made),
            lambda _: self.done(translate("Devices", "廃棄を記録しました"), device.label),
        )

    # -- what lies behind the newest -----------------------------------------------------------------------

    def _open_search(self) -> None:
        form = log_words.search_form(self._lists.search)
        self.open_form(OpenForm("search", form, self._search, kept=False))

    def _search(self, typed: dict[str, str]) -> None:
        last = past_day_of(typed[words.LAST], self._around.now().date())
        if last is None and tidy(typed[words.LAST]):
            self.show_errors({words.LAST: office_words.field_problem(FieldProblem.NOT_A_DAY)})
            return
        self.close_form()
        self._lists.load_records(RecordSearch(last, typed[words.TERMINAL].strip()))

    def _choose_month_of_exceptions(self) -> None:
        form = report_words.exceptions_form(self._around.now().date())
        self.open_form(OpenForm("exceptions", form, self._show_exceptions, kept=False))

    def _show_exceptions(self, typed: dict[str, str]) -> None:
        if not tidy(typed[words.MONTH]):
            self.close_form()
            self._lists.load_exceptions(None)
        elif (month := self._month_typed(typed)) is not None:
            self.close_form()
            self._lists.load_exceptions(month)

    def _month_typed(self, typed: dict[str, str]) -> dt.date | None:
        """The month; of none it is said what is right."""
        month = report_words.month_of(typed[words.MONTH])
        if month is None:
            self.show_errors({words.MONTH: translate("Devices", "2027-03 のように入れてください。")})
        return month

    # -- the month -----------------------------------------------------------------------------------------

    def _choose_month(self) -> None:
        form = report_words.month_form(self._around.now().date())
        self.open_form(OpenForm("month", form, self._month, kept=False))

    def _month(self, typed: dict[str, str]) -> None:
        month = self._month_typed(typed)
        if month is not None:
            self.close_form()
            self._lists.load_report(month)

    def _open_export(self) -> None:
        report = self._lists.report
        if report is not None:
            form = report_words.export_form(report, Path.home())
            self.open_form(OpenForm("export", form, partial(self._export, report), kept=False))

    def _export(self, report: UsbReport, typed: dict[str, str]) -> None:
        name = typed[words.FILE].strip()
        if not name.isprintable() or not Path(name).is_absolute():
            self.show_errors({words.FILE: translate("Devices", "/ から始まるファイル名を入れてください。")})
            return
        try:
            report_words.write_csv(Path(name), report_words.csv_text(report, self._around.now()))
        except FileExistsError:
            self.show_errors({words.FILE: translate("Devices", "その名前のファイルがもうあります。")})
            return
        except OSError as error:
            self.show_errors({words.FILE: error.strerror or ""})
            return
        self.close_form()
        self.say(translate("Devices", "書き出しました"), side=name)

    def _print(self) -> None:
        report = self._lists.report
        if report is None:
            return
        file = Path.home() / f"madoguchi-usb-{report.first:%Y-%m}.pdf"
        try:
            where = print_or_write(report_words.document(report, self._around.now()), file)
        except OSError as error:
            self.say(translate("Devices", "印刷できません"), error.strerror or "", tone=Tone.REFUSED)
            return
        if isinstance(where, Path):
            self.say(
                translate("Devices", "プリンターがないので PDF にしました"), side=str(where), tone=Tone.NOTICE
            )
        else:
            self.say(translate("Devices", "印刷しました"), side=where)
