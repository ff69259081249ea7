"""The form in which a scanner that types is learned: by one scan, and by a key of the keyboard it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from madoguchi.app.settings import SettingsError
from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.scanner import Scanner, Use
from madoguchi.barcode.sources.source import Device
from madoguchi.barcode.sources.tables import is_name
from madoguchi.barcode.wedge_device import Doubt, Heard, doubt_of, to_keep
from madoguchi.widgets.look.views import Tone
from madoguchi.widgets.office import scanner_words as words
from madoguchi.widgets.office.page import OpenForm
from madoguchi.widgets.scan_sources import LearnsKeys, ScanSources

if TYPE_CHECKING:
    from madoguchi.widgets.office.page import OfficePage

FORM = "learn"


class ScannerLearning:
    """Asks for a scan, and keeps whoever typed it; what hands type on is never kept as a scanner."""

    def __init__(self, page: OfficePage, sources: ScanSources) -> None:
        self._page = page
        self._sources = sources
        self._keys: LearnsKeys | None = None
        self._typist: Device | None = None

    def begin(self, number: int) -> None:
        """Opens the form that waits for a scan: whoever types it is the scanner, the so-manieth."""
        learning = self._sources.learning
        keys = learning.keys() if learning is not None else None
        if keys is None:
            self._page.say(*words.cannot_learn(), tone=Tone.REFUSED)
            return
        self.end()
        self._keys = keys
        keys.heard.connect(self._heard)
        keys.learn(True)
        self._page.open_form(OpenForm(FORM, words.learning_form(number), self._keep, kept=False))

    def end(self) -> None:
        """What was to be learned is not."""
        keys, self._keys, self._typist = self._keys, None, None
        if keys is not None:
            keys.heard.disconnect(self._heard)
            keys.learn(False)

    def _heard(self, heard: Heard) -> None:
        self._typist = heard.device
        self._page.note_in_form(FORM, words.typist(heard.device, heard.scanner))

    def _keep(self, typed: dict[str, str]) -> None:
        learning, keys, typist = self._sources.learning, self._keys, self._typist
        name = typed[words.NAME].strip()
        if not is_name(name):
            self._page.show_errors({words.NAME: words.bad_name()})
        elif any(scanner.name == name for scanner in self._sources.scanners):
            self._page.show_errors({words.NAME: words.name_taken()})
        elif learning is None or keys is None or typist is None:
            self._page.show_errors({}, words.nothing_heard())
        else:
            kept = to_keep(typist, keys.present())
            doubt = doubt_of(kept, keys.present(), keys.hands())
            if doubt is not None:
                self._ask_again(keys, doubt)
                return
            scanner = Scanner(
                name,
                Source.WEDGE.value,
                Use(typed[words.USE]),
                kept.port,
                kept.vendor_id,
                kept.product_id,
                kept.serial_untrusted,
                device_name=kept.name_untrusted,
            )
            try:
                learning.keep(scanner)
            except (SettingsError, OSError) as error:
                self._page.show_errors({}, words.not_kept(error))
                return
            self._page.done(words.learned(), name, side=words.from_next_start())

    def _ask_again(self, keys: LearnsKeys, doubt: Doubt) -> None:
        if doubt is Doubt.SHARED:
            # another one may be scanned with; who typed before counts no more
            self._typist = None
            self._page.note_in_form(FORM, words.scan_one())
            keys.learn(True)
        self._page.show_errors({}, words.doubtful(doubt))
