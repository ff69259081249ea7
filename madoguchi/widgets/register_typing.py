"""What a registration fills in, shows and asks while somebody is typed; nothing of it holds up a key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import NotDone
from madoguchi.app.patrons.birth_dates import parse_birth_date
from madoguchi.app.patrons.composed import kana_from_composition
from madoguchi.app.patrons.finding import Likeness, alike
from madoguchi.app.patrons.form import PatronField, age_on, proof_is_needed, suggested_category
from madoguchi.app.patrons.likeness import Alike
from madoguchi.app.patrons.person import Proof
from madoguchi.app.patrons.postal import PostalArea, PostalProblem, normalise_postal_code
from madoguchi.widgets import register_form as words
from madoguchi.widgets.addressing import Addressing
from madoguchi.widgets.look.alike_panel import AlikePanel
from madoguchi.widgets.look.composition import Composition
from madoguchi.widgets.look.form_field import FormField
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.worker import DatabaseWorker

ALIKE = "alike"
PAUSE_MS = 250
"""Of typing, before it is asked who is alike."""
SHORTEST_KANA = 2
MOST_TOWNS = 12
"""Of one postal code, that can be chosen from."""


_NAME = PatronField.NAME.value
_KANA = PatronField.KANA.value
_BIRTH = PatronField.BIRTH_DATE.value
_POSTAL = PatronField.POSTAL_CODE.value
_ADDRESS = PatronField.ADDRESS.value
_TELEPHONE = PatronField.TELEPHONE.value
_CATEGORY = PatronField.CATEGORY.value
_PROOF = PatronField.PROOF.value
_COMPARED = (_NAME, _KANA, _BIRTH, _TELEPHONE, _ADDRESS)


class WhileTyping(QObject):
    """Fills in what follows from what is typed, as long as the clerk has not typed otherwise.

    Signals:
        lines_changed(hints, choices): hints and choices of some lines, by key, are other ones now.
        likely_changed(): somebody else is likely the one being typed, or nobody.
    """

    lines_changed = Signal(object, object)
    likely_changed = Signal()

    def __init__(
        self,
        form: FormPanel,
        beside: AlikePanel,
        worker: DatabaseWorker,
        desk: Desk,
        today: Callable[[], dt.date],
    ) -> None:
        super().__init__()
        self._form = form
        self._beside = beside
        self._worker = worker
        self._desk = desk
        self._today = today
        self._visit: UUID | None = None
        self._composition: Composition | None = None
        self._preedits: list[str] = []
        self._kana_by_hand = False
        self._readings = {"": ""}
        self._name = ""
        self._committing = False
        self._chosen_by_hand: set[str] = set()
        self._code = ""
        self._address_put = ""
        self._towns: dict[str, str] = {}
        self._postal_hint = words.postal_hint()
        self._addressing = Addressing()
        self._addressing.came.connect(self._areas_came)
        self._compared = Likeness()
        self._found: tuple[Alike, ...] = ()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._look_for_alike)
        self._show_alike(())

    def begin(self, visit: UUID) -> None:
        """A form is there, with what was known of somebody."""
        self._visit = visit
        values = self._form.values()
        self._name = values[_NAME]
        self._readings[self._name] = values[_KANA]
        self._code = normalise_postal_code(values[_POSTAL]) or ""
        if self._code and not values[_ADDRESS]:
            # which town it is has not been chosen yet
            self._addressing.look_up(self._code)
        field = self._form.field(_NAME)
        if isinstance(field, FormField):
            self._composition = Composition(field.edit())
            self._composition.went_on.connect(self._composed)
            self._composition.dropped.connect(self._preedits.clear)
        birth = self._birth()
        suggested = self._suggested(values, birth)
        # what was chosen otherwise before the form was set aside was chosen by hand
        self._chosen_by_hand = {key for key in suggested if values[key] not in ("", suggested[key])}
        self._refresh()
        self._pause.start()

    def end(self) -> None:
        """The form goes, or is not to be seen: nothing of it is known any more."""
        self.pause()
        self._visit = None
        if self._composition is not None:
            self._composition.deleteLater()
        self._composition = None
        self._preedits.clear()
        self._kana_by_hand = False
        self._readings = {"": ""}
        self._name = ""
        self._committing = False
        self._chosen_by_hand = set()
        self._code = self._address_put = ""
        self._towns = {}
        self._postal_hint = words.postal_hint()
        self._addressing.stop()
        self._compared = Likeness()
        self._show_alike(())

    def pause(self) -> None:
        """What is typed is on its way: nobody is looked for any more."""
        self._pause.stop()
        self._worker.stop_looking(ALIKE)

    def edited(self, key: str) -> None:
        """The clerk has changed a line."""
        if self._visit is None:
            return
        if key == _KANA:
            # emptied, it is filled in again
            self._kana_by_hand = bool(self._form.values()[_KANA])
        elif key == _NAME:
            self._name_typed(self._form.values())
        elif key in (_CATEGORY, _PROOF):
            self._chosen_by_hand.add(key)
        elif key == words.TOWN:
            self._put_address(self._form.values()[words.TOWN])
        elif key == _POSTAL:
            self._postal_typed(self._form.values()[_POSTAL])
        self._refresh()
        if key in (*_COMPARED, words.TOWN, _POSTAL):
            self._pause.start()

    def likely(self) -> int | None:
        """The patron who is likely the one being typed."""
        return self._found[0].compared.patron_id if self._found else None

    def name_of(self, patron_id: int) -> str:
        """What one of those who are alike is called; empty: it is not known."""
        return next((each.compared.name for each in self._found if each.compared.patron_id == patron_id), "")

    # -- name and reading ------------------------------------------------------------------------------

    def _composed(self, preedit: str, commit: str) -> None:
        if commit:
            self._committed(commit)
            self._preedits.clear()
        if preedit:
            self._preedits.append(preedit)

    def _committed(self, commit: str) -> None:
        """What was composed goes into the name now; its reading goes behind that of what stands there."""
        field = self._form.field(_NAME)
        if self._kana_by_hand or not isinstance(field, FormField):
            return
        edit = field.edit()
        replaced = edit.selectedText()
        if replaced != edit.text() and (replaced or edit.cursorPosition() < len(edit.text())):
            # in the middle of a name nobody knows where its reading belongs
            return
        before = "" if replaced else self._form.values()[_KANA]
        reading = kana_from_composition(self._preedits, commit)
        if not commit.strip() and before.strip():
            reading = " "
        self._committing = True
        self._put_kana(before.removesuffix(" ") + " " if reading == " " else before + reading)

    def _put_kana(self, kana: str) -> None:
        self._form.set_values({_KANA: kana})
        self._pause.start()

    def _name_typed(self, values: dict[str, str]) -> None:
        """The name is another one: composed, a space behind it, or something of it deleted."""
        name, kana, before = values[_NAME], values[_KANA], self._name
        composed, self._committing, self._name = self._committing, False, name
        if self._kana_by_hand:
            return
        if not composed and len(name) < len(before) and before.startswith(name):
            # of a word that is half deleted nobody knows the reading: it is composed anew
            known = max((each for each in self._readings if name.startswith(each)), key=len)
            self._put_kana(self._readings[known])
            return
        if name.endswith((" ", "\u3000")) and kana and not kana.endswith(" "):
            self._put_kana(kana := kana + " ")
        self._readings[name] = kana

    # -- date, address, category -----------------------------------------------------------------------

    def _birth(self) -> dt.date | None:
        found = parse_birth_date(self._form.values()[_BIRTH], self._today())
        return found if isinstance(found, dt.date) else None

    def _suggested(self, values: dict[str, str], birth: dt.date | None) -> dict[str, str]:
        """What follows from where somebody lives and how old they are."""
        category = suggested_category(values[_ADDRESS], birth, self._today())
        suggested = {_CATEGORY: category.value if category is not None else ""}
        needed = proof_is_needed(birth, self._today()) if birth is not None else True
        suggested[_PROOF] = "" if needed else Proof.NOT_NEEDED.value
        return suggested

    def _refresh(self) -> None:
        """Shows what is understood, and puts what is suggested."""
        values, birth = self._form.values(), self._birth()
        today = self._today()
        self._form.set_values(
            {
                key: text
                for key, text in self._suggested(values, birth).items()
                if key not in self._chosen_by_hand and values[key] != text
            }
        )
        hint = words.birth_hint() if birth is None else words.understood(birth, age_on(birth, today))
        self.lines_changed.emit(
            {_BIRTH: hint, _POSTAL: self._postal_hint}, {words.TOWN: tuple(self._towns.items())}
        )

    def _postal_typed(self, text: str) -> None:
        code = normalise_postal_code(text) or ""
        if code == self._code:
            return
        self._code = code
        self._towns = {}
        self._postal_hint = words.postal_hint()
        if code:
            self._addressing.look_up(code)
        else:
            self._addressing.stop()

    def _areas_came(self, code: str, answer: tuple[PostalArea, ...] | PostalProblem) -> None:
        if self._visit is None or code != self._code:
            return
        if isinstance(answer, PostalProblem):
            self._postal_hint = words.no_address(answer)
        elif len(answer) == 1:
            self._put_address(answer[0].address)
        elif len(answer) <= MOST_TOWNS:
            self._towns = {area.address: area.town or area.city for area in answer}
        elif len({(area.prefecture, area.city) for area in answer}) == 1:
            # more than can be chosen from at a glance
            self._put_address(answer[0].prefecture + answer[0].city)
        self._refresh()
        self._pause.start()

    def _put_address(self, address: str) -> None:
        """What the clerk has typed of an address is never overwritten; numbers go behind the town."""
        typed = self._form.values()[_ADDRESS]
        if typed in ("", self._address_put):
            self._address_put = address
            self._form.set_values({_ADDRESS: address})
        elif typed[0].isdigit():
            # faster than the list: the numbers of block and house
            self._form.set_values({_ADDRESS: address + typed})

    # -- who may be the same ---------------------------------------------------------------------------

    def _look_for_alike(self) -> None:
        visit = self._visit
        if visit is None:
            return
        values, birth = self._form.values(), self._birth()
        typed = Likeness(
            name=values[_NAME].strip(),
            kana=values[_KANA].strip(),
            birth_date=birth,
            telephone=values[_TELEPHONE].strip(),
            address=values[_ADDRESS].strip(),
        )
        if typed == self._compared:
            return
        self._compared = typed
        if len(typed.kana) < SHORTEST_KANA or (birth is None and not typed.telephone):
            self._worker.stop_looking(ALIKE)
            self._show_alike(())
            return
        self._worker.look_up(
            ALIKE,
            partial(alike, visit=visit, typed=typed, desk=self._desk),
            partial(self._alike_came, visit),
        )

    def _alike_came(self, visit: UUID, answer: tuple[Alike, ...] | NotDone) -> None:
        if visit == self._visit:
            self._show_alike(answer if isinstance(answer, tuple) else ())

    def _show_alike(self, found: Sequence[Alike]) -> None:
        before = self.likely()
        self._found = tuple(found)
        self._beside.set_view(words.alike_view(self._found), words.alike_hint())
        if self.likely() != before:
            self.likely_changed.emit()
