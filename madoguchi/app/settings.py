"""The terminal's settings: one frozen value, one ``load()``. Secrets are not among them."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from platformdirs import user_config_path, user_data_path

from madoguchi.app.catalogue.addresses import NoSuchAddress, parse_host, parse_proxy
from madoguchi.app.printing.layout import COLUMNS
from madoguchi.app.printing.receipt_printer import NoSuchPrinter, parse_printer
from madoguchi.app.printing.slips import KINDS, SlipKind
from madoguchi.app.printing.templates import BadTemplate, load_templates
from madoguchi.barcode.sources.scanner import Scanner
from madoguchi.barcode.sources.tables import BadScanner, scanners_of

IDLE_SECONDS: Final = range(30, 3601)
"""How long a counter may stand unlocked with nobody there. Nobody can switch the lock off."""

_SERVER_FORM: Final = "postgresql+pyodbc://host/database"


class SettingsError(Exception):
    """The settings file cannot be used; the message says which line of it and why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one terminal needs to know about itself.

    Attributes:
        library_file: the embedded library; used as long as no server is set.
        server: the central lending server, ``postgresql+pyodbc://host/database``; nobody's login and no
            password stands here, for each member of staff signs in with their own.
        branch: code of the branch the terminal stands in; a central server knows that by itself.
        terminal: name of the terminal, as the staff call it; a central server knows that, too.
        language: ``ja`` or ``en``.
        text_scale: size of text, 1.0 to 2.0; 0 chooses by the screen.
        high_contrast: light text on black.
        idle_seconds: after how long without key, mouse or scan the clerk is taken to have left, 30 to 3600;
            on a central server the terminal's own setting there goes before it.
        closing_time: when the library closes, ``HH:MM``: work that waits for somebody who left ends then.
        scans_while_locked: what becomes of a scan while somebody's work waits behind the lock: ``refuse``, or
            ``hold`` it in memory until they are back.
        lock_desktop: whoever leaves their desk asks for the desktop's lock, too (Linux, by logind).
        limit_seconds: how long an act on the server may take before it is given up.
        fetch_proxy: the proxy that bibliographic data is fetched through, ``http://proxy.example:8080``, or
            ``http://user@proxy.example:8080``; its password is in the keyring. Empty: nothing is fetched.
        fetch_hosts: the hosts it may be fetched from, by their whole names; by https alone, at port 443
            unless one is named. Source: the review board's answer ア(ｲ), named sites through the named proxy.
        fetch_seconds: how long fetching may take, all in all, 1 to 30.
        fetch_ca_file: a file (PEM) of authorities that are believed besides the machine's own, for a proxy
            that opens what is encrypted.
        receipt_printer: where the receipt printer is, ``192.168.10.50:9100``, ``/dev/usb/lp0``, or
            where there is no such file ``usb:04b8:0e15``; or ``system:`` and the name of any printer that the
            system knows. A central server's own setting goes before it. Empty: there is none.
        card_printer: the printer for patrons' cards, as the system calls it. Empty: its default printer.
        slip_paper: what slips are printed on: rolls of ``58`` or ``80`` mm; ``a6`` or ``a4``.
        slips_at_once: the kinds of slips that are printed without being asked for.
        slip_templates: for a kind of slip, the file of the library's own template.
        scanner: the scanners of this terminal, a table ``[[scanner]]`` each.
            Empty: whatever types as scanners do.
    """

    library_file: Path
    server: str = ""
    branch: str = "sogo"
    terminal: str = "1番窓口"
    language: str = "ja"
    text_scale: float = 0.0
    high_contrast: bool = False
    limit_seconds: float = 3.0
    idle_seconds: int = 180
    closing_time: str = "20:00"
    scans_while_locked: str = "refuse"
    lock_desktop: bool = False
    fetch_proxy: str = ""
    fetch_hosts: tuple[str, ...] = ("ndlsearch.ndl.go.jp",)
    fetch_seconds: float = 6.0
    fetch_ca_file: str = ""
    receipt_printer: str = ""
    card_printer: str = ""
    slip_paper: str = "80"
    slips_at_once: tuple[str, ...] = (SlipKind.SHELF.value, SlipKind.TRANSIT.value)
    slip_templates: tuple[tuple[str, str], ...] = ()
    scanner: tuple[Scanner, ...] = ()

    def __post_init__(self) -> None:
        if self.server:
            _check_server(self.server)
        if self.language not in ("ja", "en"):
            raise SettingsError(f"language: 'ja' or 'en', not {self.language!r}")
        if self.text_scale and not 1.0 <= self.text_scale <= 2.0:
            raise SettingsError(f"text_scale: from 1.0 to 2.0, or 0, not {self.text_scale}")
        if not 0.5 <= self.limit_seconds <= 60:
            raise SettingsError(f"limit_seconds: from 0.5 to 60, not {self.limit_seconds}")
        if self.idle_seconds not in IDLE_SECONDS:
            least, most = IDLE_SECONDS.start, IDLE_SECONDS.stop - 1
            raise SettingsError(f"idle_seconds: from {least} to {most}, not {self.idle_seconds}")
        if not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", self.closing_time):
            raise SettingsError(f"closing_time: like '20:00', not {self.closing_time!r}")
        if self.scans_while_locked not in ("refuse", "hold"):
            raise SettingsError(f"scans_while_locked: 'refuse' or 'hold', not {self.scans_while_locked!r}")
        _check_fetching(self.fetch_proxy, self.fetch_hosts)
        if not 1 <= self.fetch_seconds <= 30:
            raise SettingsError(f"fetch_seconds: from 1 to 30, not {self.fetch_seconds}")
        if self.receipt_printer:
            _check_printer(self.receipt_printer)
        _check_slips(self)


def _check_server(server: str) -> None:
    # heavy, and a terminal on the embedded library needs none of it
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    from madoguchi.app.server.odbc_connect import connection_string

    try:
        urlsplit(server)  # sees a bracket that is never closed, which the other lets by
        url = make_url(server)
    except (ArgumentError, ValueError) as error:
        # what could not be read may hold a password: it is not repeated
        raise SettingsError(f"server: not an address like {_SERVER_FORM}") from error
    if url.drivername != "postgresql+pyodbc":
        raise SettingsError(f"server: an address like {_SERVER_FORM}")
    if url.password is not None or "sslpassword" in url.query:
        raise SettingsError("server: without a password; each member of staff signs in with their own")
    if url.username is not None:
        raise SettingsError("server: without a user; each member of staff signs in with their own login")
    if {"sslcert", "sslkey", "sslrootcert"} & url.query.keys():
        raise SettingsError("server: without certificates; `madoguchi enrol` keeps the terminal's own")
    try:
        connection_string(url)
    except ArgumentError as error:
        raise SettingsError(f"server: {error}") from error


def _check_printer(printer: str) -> None:
    try:
        parse_printer(printer)
    except NoSuchPrinter as error:
        raise SettingsError(f"receipt_printer: {error}") from error


def _check_slips(settings: Settings) -> None:
    if settings.slip_paper not in COLUMNS:
        raise SettingsError(f"slip_paper: one of {', '.join(COLUMNS)}, not {settings.slip_paper!r}")
    for kind in settings.slips_at_once:
        if kind not in KINDS:
            raise SettingsError(f"slips_at_once: of {', '.join(SlipKind)}, not {kind!r}")
    try:
        load_templates(settings.slip_templates)
    except BadTemplate as error:
        raise SettingsError(f"slip_templates: {error}") from error


def _check_fetching(proxy: str, hosts: tuple[str, ...]) -> None:
    try:
        if proxy:
            parse_proxy(proxy)
    except NoSuchAddress as error:
        raise SettingsError(f"fetch_proxy: {error}") from error
    try:
        for host in hosts:
            parse_host(host)
    except NoSuchAddress as error:
        raise SettingsError(f"fetch_hosts: {error}") from error


def identity_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where this terminal's key and certificate lie: ``identity``, beside the embedded library."""
    return _data_folder(os.environ if environment is None else environment) / "identity"


def kept_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where the work of whoever is away lies, encrypted: ``kept``, beside the embedded library."""
    return _data_folder(os.environ if environment is None else environment) / "kept"


def safekeeping_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where it stands that this terminal is cut off, and reports wait: beside the embedded library."""
    return _data_folder(os.environ if environment is None else environment) / "safekeeping"


def staff_cards_file(environment: Mapping[str, str] | None = None) -> Path:
    """Where this terminal keeps which login a staff card belongs to, beside the embedded library."""
    return _data_folder(os.environ if environment is None else environment) / "staff_cards.json"


def usb_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where files from a USB stick go, and come from that are to go to one: beside the embedded library."""
    return _data_folder(os.environ if environment is None else environment) / "usb"


def _data_folder(environment: Mapping[str, str]) -> Path:
    home = environment.get("MADOGUCHI_HOME")
    return Path(home) if home else user_data_path("madoguchi", appauthor=False)


def settings_file(environment: Mapping[str, str] | None = None) -> Path:
    """Where this terminal's settings are, if it has any."""
    home = (os.environ if environment is None else environment).get("MADOGUCHI_HOME")
    folder = Path(home) if home else user_config_path("madoguchi", appauthor=False)
    return folder / "settings.toml"


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Reads ``settings.toml``; what it does not name keeps its default.

    The folder is the platform's own for settings, or ``MADOGUCHI_HOME`` if that is set (then the
    embedded library lies there, too).

    Raises:
        SettingsError: the file cannot be read, is not TOML, or names no setting or no such value.
    """
    environment = os.environ if environment is None else environment
    data_folder = _data_folder(environment)
    file = settings_file(environment)
    try:
        # some editors begin a file with a byte order mark, which TOML does not know
        values = tomllib.loads(file.read_text(encoding="utf-8-sig")) if file.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{file}: {error}") from error
    known = {field.name for field in fields(Settings)}
    for name in values:
        if name not in known:
            raise SettingsError(f"{file}: there is no setting {name!r}")
    expected = {
        "text_scale": (int, float),
        "limit_seconds": (int, float),
        "high_contrast": (bool,),
        "lock_desktop": (bool,),
        "idle_seconds": (int,),
        "fetch_seconds": (int, float),
        "fetch_hosts": (list,),
        "slips_at_once": (list,),
        "slip_templates": (dict,),
        "scanner": (list,),
    }
    for name, value in values.items():
        kinds = expected.get(name, (str,))
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise SettingsError(f"{file}: {name}: not a value of the right kind: {value!r}")
    for name in ("fetch_hosts", "slips_at_once"):
        if name in values:
            listed = values[name]
            if not all(isinstance(each, str) for each in listed):
                raise SettingsError(f"{file}: {name}: not a list of names: {listed!r}")
            values[name] = tuple(listed)
    if "slip_templates" in values:
        templates = values["slip_templates"]
        if not all(isinstance(path, str) for path in templates.values()):
            raise SettingsError(f"{file}: slip_templates: not a file for each kind: {templates!r}")
        values["slip_templates"] = tuple(templates.items())
    library_file = Path(values.pop("library_file", data_folder / "training.sqlite"))
    try:
        values["scanner"] = scanners_of(values.get("scanner", ()))
        return Settings(library_file=library_file, **values)
    except BadScanner as error:
        raise SettingsError(f"{file}: scanner: {error}") from error
    except SettingsError as error:
        raise SettingsError(f"{file}: {error}") from error
