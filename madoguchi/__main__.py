"""The program's entry and composition root: the only place that builds and wires things."""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import os
import sys
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from madoguchi import __version__
from madoguchi.app.settings import (
    Settings,
    SettingsError,
    identity_folder,
    kept_folder,
    load,
    safekeeping_folder,
    settings_file,
    staff_cards_file,
    usb_folder,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QApplication
    from sqlalchemy import Engine

    from madoguchi.app.command_sheet import CommandSheet
    from madoguchi.app.server.central import CentralServer
    from madoguchi.app.server.opened_later import Opened
    from madoguchi.app.training.library import Built
    from madoguchi.widgets.counter_window import CounterWindow
    from madoguchi.widgets.place import Place
    from madoguchi.widgets.scan_sources import ScanSources

_log = logging.getLogger("madoguchi")

_BUSY = ("database is locked", "database table is locked")


class OnTheServer(Exception):
    """What was asked for is not done at a terminal; the message says where."""


_TRAINING_ON_SERVER = (
    "練習用ライブラリは、この端末だけで使うものです。"
    "サーバーを練習用にするときは、サーバーで madoguchi-server init --training を使います"
)
_PREFIX_ON_SERVER = (
    "操作コードは、サーバーで madoguchi-server command-prefix --new を使って新しくします。"
    "そのあと、ここで表を印刷し直します"
)
_NOBODY = {
    "wrong_branch": "この端末の館では、このログインは使えません",
    "terminal_unknown": "この端末はサーバーに登録されていません",
    "terminal_revoked": "この端末の登録は取り消されています",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        settings = load()
    except SettingsError as error:
        print(f"madoguchi: {error}", file=sys.stderr)
        return 2
    try:
        command: int = options.command(settings, options)
    except Exception as error:
        sentence = _of_the_machine(error, settings)
        if sentence is None:
            raise
        print(f"madoguchi: {sentence}", file=sys.stderr)
        return 1
    return command


def _of_the_machine(error: Exception, settings: Settings) -> str | None:
    """A sentence on what is wrong with the machine; None where the program itself is wrong."""
    from alembic.util.exc import CommandError
    from sqlalchemy.exc import DBAPIError

    from madoguchi.app.server.outage import CannotOpen, Outage
    from madoguchi.app.terminal.identity import NoIdentity

    if isinstance(error, OnTheServer):
        return str(error)
    if isinstance(error, NoIdentity | CannotOpen):
        return error.sentence
    if isinstance(error, Outage):
        return "サーバーに接続できません"
    if isinstance(error, CommandError):
        # the library names a version of the schema that this program has never heard of
        return "このプログラムより新しいライブラリです。プログラムを新しくしてください"
    if isinstance(error, EOFError):
        return "パスワードが入力されませんでした"
    if isinstance(error, OSError):
        return f"{error.filename or settings.library_file}: 使えません ({error.strerror or error})"
    if isinstance(error, DBAPIError) and settings.server:
        from madoguchi.app.server.odbc_errors import Fault, classify

        if error.orig is None or classify(error.orig) is Fault.BUG:
            return None
        return "サーバーに接続できません"
    if isinstance(error, DBAPIError) and any(words in str(error.orig) for words in _BUSY):
        return f"{settings.library_file}: ほかのプログラムが使っています。自動でやり直しています"
    if isinstance(error, DBAPIError):
        return (
            f"{settings.library_file}: 練習用ライブラリを開けません。"
            "madoguchi training --reset で作り直せます"
        )
    return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="madoguchi", description="窓口: the counter of a city library")
    parser.add_argument("--version", action="version", version=__version__)
    parser.set_defaults(command=_counter)
    commands = parser.add_subparsers(title="commands")
    counter = commands.add_parser("counter", help="open the counter's window (the default)")
    counter.set_defaults(command=_counter)
    tour = commands.add_parser("tour", help="a scripted visit through the real window, with screenshots")
    tour.add_argument("--out", type=Path, default=Path("tour"), help="folder of the screenshots")
    tour.add_argument("--high-contrast", action="store_true", help="light text on black")
    tour.add_argument("--text", type=int, choices=range(100, 201, 25), help="size of text, per cent")
    tour.add_argument("--small", action="store_true", help="small screenshots, for documents")
    tour.add_argument("--only", nargs="+", default=(), metavar="SCENE", help="keep these alone")
    tour.set_defaults(command=_tour)
    enrol = commands.add_parser("enrol", help="make this terminal known to the central server")
    step = enrol.add_mutually_exclusive_group(required=True)
    step.add_argument("--name", help="write a request for a certificate; the administrator signs it")
    step.add_argument("--install", type=Path, metavar="FILE.crt", help="take the signed certificate into use")
    step.add_argument("--forget", action="store_true", help="this machine is no terminal any more")
    enrol.add_argument(
        "--request", type=Path, default=Path("terminal.csr"), metavar="FILE.csr", help="with --name"
    )
    enrol.add_argument("--authority", type=Path, metavar="ca.crt", help="with --install")
    enrol.set_defaults(command=_enrol)
    training = commands.add_parser("training", help="make the training library anew")
    training.add_argument("--reset", action="store_true", required=True, help="replace the present one")
    training.add_argument(
        "--records", type=Path, nargs="+", metavar="FILE.xml", help="answers of NDL Search to build it from"
    )
    training.set_defaults(command=_training)
    sheet = commands.add_parser("training-sheet", help="an A4 PDF of cards and items to scan")
    sheet.add_argument("file", type=Path, nargs="?", default=Path("training-sheet.pdf"))
    sheet.set_defaults(command=_training_sheet)
    codes = commands.add_parser("command-sheet", help="an A4 PDF of codes to work by scanner alone")
    codes.add_argument("file", type=Path, nargs="?", default=Path("command-sheet.pdf"))
    codes.add_argument(
        "--new-prefix", action="store_true", help="make all command sheets printed before worthless"
    )
    codes.set_defaults(command=_command_sheet)
    fetch = commands.add_parser("fetch", help="try to fetch a book's record through the proxy")
    what = fetch.add_mutually_exclusive_group(required=True)
    what.add_argument("isbn", nargs="?", help="the book's ISBN")
    what.add_argument("--proxy-password", action="store_true", help="put the proxy's into the keyring")
    fetch.set_defaults(command=_fetch)
    return parser


# -- the training library ------------------------------------------------------------------------------


def _training(settings: Settings, options: argparse.Namespace) -> int:
    from madoguchi.app.catalogue.ndl import NotAnNdlAnswer
    from madoguchi.app.training.library import TooFewRecords

    if settings.server:
        raise OnTheServer(_TRAINING_ON_SERVER)
    try:
        _reset_training(settings, options.records)
    except (NotAnNdlAnswer, TooFewRecords, OSError) as error:
        print(f"madoguchi: {getattr(error, 'sentence_ja', error)}", file=sys.stderr)
        return 1
    return 0


def _reset_training(settings: Settings, record_files: Sequence[Path] | None = None) -> Built:
    from madoguchi.app.catalogue.ndl import merge_results, read_records, shipped_records
    from madoguchi.app.catalogue.ndl_kinds import LEFT_OUT_JA
    from madoguchi.app.training.library import reset

    found = merge_results(map(read_records, record_files)) if record_files else shipped_records()
    built = reset(settings.library_file, found.records)
    left_out = "、".join(f"{LEFT_OUT_JA[reason]} {count}" for reason, count in found.left_out.most_common())
    print(f"練習用ライブラリを作りました: {settings.library_file}")
    print(f"  書誌 {built.titles}・資料 {built.items}・利用者 {built.patrons}")
    if left_out:
        print(f"  貸せないため除いた書誌: {left_out}")
    return built


def _prepare_library(settings: Settings) -> None:
    """Makes the training library on the first start, and brings an older one up to date."""
    file = settings.library_file
    # a file of no length is what is left where the disk was full
    if not file.exists() or (file.is_file() and file.stat().st_size == 0):
        _reset_training(settings)
        return
    from madoguchi.app.server import schema

    engine = _engine(settings)
    schema.upgrade(engine)
    engine.dispose()


def _engine(settings: Settings) -> Engine:
    """The embedded library's engine."""
    from madoguchi.app.server.engine import embedded_url, make_engine

    return make_engine(embedded_url(settings.library_file))


def _open_server(settings: Settings) -> Opened:
    """Opens the way to the library; in the worker's thread, behind the window.

    The embedded library is brought up to date first; a server's schema is its administrator's business.

    Raises:
        CannotOpen: this machine is not as it must be.
    """
    from madoguchi.app.server.gateway import LendingServer
    from madoguchi.app.server.outage import CannotOpen

    try:
        if settings.server:
            return _central(settings)
        _prepare_library(settings)
        return LendingServer(_engine(settings), limit_seconds=settings.limit_seconds)
    except Exception as error:
        sentence = _of_the_machine(error, settings)
        if sentence is None:
            raise
        _log.error("the library cannot be opened: %s", sentence)
        raise CannotOpen(sentence) from error


def _central(settings: Settings) -> CentralServer:
    """The central server, for whoever will sign in at this terminal.

    Raises:
        NoIdentity: this terminal cannot say who it is.
    """
    from sqlalchemy import make_url

    from madoguchi.app.server.central import CentralServer
    from madoguchi.app.terminal.door import door_to
    from madoguchi.app.terminal.identity import Identity

    identity = Identity(identity_folder())
    # said at once, not when somebody has typed their password
    identity.connection_options()
    door = door_to(make_url(settings.server), identity)
    return CentralServer(door, limit_seconds=settings.limit_seconds)


def _enrol(_settings: Settings, options: argparse.Namespace) -> int:
    from madoguchi.app.terminal.enrolling import CannotEnrol, enrol
    from madoguchi.app.terminal.identity import Identity

    try:
        lines = enrol(
            Identity(identity_folder()),
            name=options.name,
            request=options.request,
            certificate=options.install,
            authority=options.authority,
        )
    except CannotEnrol as error:
        print(f"madoguchi: {error}", file=sys.stderr)
        return 2
    print("\n".join(lines))
    return 0


def _fetch(settings: Settings, options: argparse.Namespace) -> int:
    import getpass

    from madoguchi.app.catalogue.fetch import fetch_plan
    from madoguchi.app.catalogue.fetch_command import NotFetched, fetched_lines, keep_proxy_password

    plan = fetch_plan(settings)
    try:
        if options.proxy_password:
            lines = keep_proxy_password(plan, getpass.getpass("プロキシのパスワード: "))
        else:
            lines = fetched_lines(plan, options.isbn)
    except NotFetched as error:
        print(f"madoguchi: {error}", file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


# -- sheets ----------------------------------------------------------------------------------------------


def _sheet(settings: Settings, file: Path, write: Callable[[], int], what: str) -> int:
    """Has a sheet written, in the terminal's language."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from madoguchi.app.command_sheet import NotAllowed
    from madoguchi.app.training.sheet import NotTheTrainingLibrary
    from madoguchi.widgets.application import install_language

    application = QApplication.instance() or QApplication(sys.argv[:1])
    if isinstance(application, QApplication):
        install_language(application, settings.language)
    try:
        pages = write()
    except NotAllowed:
        print("madoguchi: このログインでは操作コードを新しくできません", file=sys.stderr)
        return 1
    except (OSError, NotTheTrainingLibrary) as error:
        print(f"madoguchi: {error}", file=sys.stderr)
        return 1
    print(f"{what}を書きました: {file} （{pages}ページ）")
    return 0


def _command_sheet(settings: Settings, options: argparse.Namespace) -> int:
    from madoguchi.app.command_sheet import command_sheet, renew_command_prefix

    from_server: CommandSheet | None = None
    if not settings.server:
        _prepare_library(settings)
    elif options.new_prefix:
        raise OnTheServer(_PREFIX_ON_SERVER)
    elif (from_server := _sheet_from_server(settings)) is None:
        return 1

    def write() -> int:
        from madoguchi.widgets.command_sheet import write_command_sheet

        if options.new_prefix:
            renew_command_prefix(_engine(settings))
        return write_command_sheet(options.file, from_server or command_sheet(_engine(settings)))

    status = _sheet(settings, options.file, write, "操作コード表")
    if options.new_prefix and status == 0:
        print("以前の表は使えなくなりました。開いている端末では、次のサインインから変わります。")
    return status


def _sheet_from_server(settings: Settings) -> CommandSheet | None:
    """What stands on the sheet, for a member of staff who signs in at the prompt; None: they may not."""
    import getpass

    from madoguchi.app.command_sheet import sheet_of
    from madoguchi.app.staff.session import PasswordNeeded, SignedIn, SignedInElsewhere

    server = _central(settings)
    try:
        answer = server.sign_in(input("職員番号: "), getpass.getpass("パスワード: "))
        if isinstance(answer, SignedIn):
            return sheet_of(answer.branch, answer.command_prefix)
    finally:
        server.close()
    if isinstance(answer, SignedInElsewhere):
        sentence = f"ほかの端末でサインインしています: {answer.branch} {answer.terminal}"
    elif isinstance(answer, PasswordNeeded):
        sentence = "先に窓口の画面でサインインし、新しいパスワードを決めてください"
    else:
        sentence = _NOBODY.get(answer.value, "職員番号またはパスワードが違います")
    print(f"madoguchi: {sentence}", file=sys.stderr)
    return None


def _training_sheet(settings: Settings, options: argparse.Namespace) -> int:
    if settings.server:
        raise OnTheServer(_TRAINING_ON_SERVER)
    _prepare_library(settings)

    def write() -> int:
        from madoguchi.app.training.sheet import training_sheet
        from madoguchi.widgets.sheet import write_sheet

        return write_sheet(options.file, training_sheet(_engine(settings)))

    return _sheet(settings, options.file, write, "練習用シート")


# -- the window ----------------------------------------------------------------------------------------


def _place(settings: Settings) -> Place:
    from dataclasses import replace

    from PySide6.QtCore import QCoreApplication

    from madoguchi.app.catalogue.later import LaterSource
    from madoguchi.app.clock import LibraryClock
    from madoguchi.app.printing.slips import SlipKind
    from madoguchi.app.printing.templates import load_templates
    from madoguchi.app.training.branches import BRANCHES
    from madoguchi.app.training.situations import STAFF, TRAINING_PASSWORD, ItemCase, patron_number
    from madoguchi.barcode.sources.scanner import Use
    from madoguchi.barcode.symbology import TRAINING_PLAN
    from madoguchi.widgets.place import Place

    translate = QCoreApplication.translate
    branch = next((seed.name for seed in BRANCHES if seed.code == settings.branch), None)
    if branch is None:
        known = ", ".join(seed.code for seed in BRANCHES)
        raise SettingsError(f"branch: one of {known}, not {settings.branch!r}")
    place = Place(
        branch_code=settings.branch,
        branch=branch,
        terminal=settings.terminal,
        plan=TRAINING_PLAN,
        clock=LibraryClock(),
        idle_seconds=settings.idle_seconds,
        hold_scans=settings.scans_while_locked == "hold",
        source=LaterSource(settings),
        receipt_printer=settings.receipt_printer,
        card_printer=settings.card_printer,
        slip_paper=settings.slip_paper,
        slips_at_once=frozenset(SlipKind(kind) for kind in settings.slips_at_once),
        slip_templates=load_templates(settings.slip_templates),
        returns_only=frozenset(each.name for each in settings.scanner if each.use is Use.RETURNS),
        usb_folder=usb_folder(),
    )
    if settings.server:
        return place
    return replace(
        place,
        training=True,
        sign_in_note=translate("Counter", "練習用: 職員番号 {login}  パスワード {password}").format(
            login=STAFF[0].login, password=TRAINING_PASSWORD
        ),
        first_hint=translate(
            "Counter", "練習用の番号  利用者 {patron}  資料 {first}・{second}（一覧は練習用シート）"
        ).format(patron=patron_number(1), first=ItemCase.BOOK_A.number, second=ItemCase.BOOK_B.number),
    )


def _counter(settings: Settings, _options: argparse.Namespace) -> int:
    from madoguchi.app import core_dumps

    core_dumps.forbid_core_dumps()
    from madoguchi.widgets.input_method import keep_keys_in_order

    keep_keys_in_order()
    from PySide6.QtWidgets import QApplication

    from madoguchi.app.preferences import preferences_file
    from madoguchi.app.server.opened_later import OpenedLater
    from madoguchi.app.staff.cards import StaffCards
    from madoguchi.app.staff.kept import KeptFiles, KeptWork
    from madoguchi.app.terminal.safekeeping import Safekeeping
    from madoguchi.app.terminal.scanner_file import add_scanner
    from madoguchi.device_control.channel import ADDRESS
    from madoguchi.device_control.client import AgentClient
    from madoguchi.widgets.agent_link import AgentLink
    from madoguchi.widgets.application import CounterApplication, install_language
    from madoguchi.widgets.full_screen import StaysFullScreen

    application = QApplication(sys.argv[:1])
    install_language(application, settings.language)
    try:
        place = _place(settings)
    except SettingsError as error:
        print(f"madoguchi: {error}", file=sys.stderr)
        return 2
    server = OpenedLater(partial(_open_server, settings))
    now = place.clock.local
    kept = KeptWork(now, KeptFiles(kept_folder(), now), closing=dt.time.fromisoformat(settings.closing_time))
    cards, safekeeping = StaffCards(staff_cards_file()), Safekeeping(safekeeping_folder())
    counter = CounterApplication(
        application,
        settings,
        place,
        server,
        preferences_file(),
        kept,
        cards,
        safekeeping,
        partial(add_scanner, settings_file()),
        AgentLink(partial(AgentClient, ADDRESS)),
        server.approver,
    )
    _show_faults(counter.window)
    if sys.platform == "linux":
        listen = partial(_listen_to_desktop, application, counter.window, settings)
        counter.window.first_painted.connect(listen)
        counter.window.first_painted.connect(partial(_warn_of_key_loggers, counter.sources))
    counter.window.showFullScreen()
    StaysFullScreen(counter.window)
    status = application.exec()
    counter.close()
    return status


def _warn_of_key_loggers(sources: ScanSources) -> None:
    """Whoever can read every keyboard logs passwords: the log says so, and the page of scanners."""
    from madoguchi.barcode.sources.evdev_access import warn_of_exposure

    warn_of_exposure(sources.exposure())


def _listen_to_desktop(application: QApplication, window: CounterWindow, settings: Settings) -> None:
    """Whoever locks the desktop, puts the machine to sleep or has another session in front has left."""
    from madoguchi.widgets.desktop_session import DesktopSession

    desktop = DesktopSession(parent=window)
    desktop.gone.connect(window.nobody_there)
    window.lock_painted.connect(desktop.lock_is_shown)
    if settings.lock_desktop:
        window.left.connect(desktop.lock_desktop)
    application.aboutToQuit.connect(desktop.close)
    desktop.listen()


def _show_faults(window: CounterWindow) -> None:
    """A bug is seen: on the strip by the clerk, in the log by whoever mends it."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        # parameters of statements are hidden by the engine: no person is named here
        _log.critical("a bug", exc_info=(kind, error, trace))
        window.show_fault()

    sys.excepthook = hook


def _tour(settings: Settings, options: argparse.Namespace) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from dataclasses import replace
    from tempfile import TemporaryDirectory

    from PySide6.QtWidgets import QApplication

    from madoguchi.app.training.saturday import BRANCH, Saturday
    from madoguchi.widgets.application import CounterApplication, install_language
    from madoguchi.widgets.tour import Tour, no_paper
    from madoguchi.widgets.tour_town import TourTown

    settings = replace(
        settings,
        branch=BRANCH,
        server="",
        # nobody's scanner plays along
        scanner=(),
        high_contrast=options.high_contrast or settings.high_contrast,
        text_scale=options.text / 100 if options.text else settings.text_scale,
    )
    # a library of its own: the tour lends for real, and must find every situation as it was made
    with TemporaryDirectory(prefix="madoguchi-tour-", ignore_cleanup_errors=True) as folder:
        # it sounds as a counter does, to nobody: no machine's speakers, and no machine without them
        silent = Path(folder) / "silent.conf"
        silent.write_text("pcm.!default { type null }\n", encoding="utf-8")
        os.environ["ALSA_CONFIG_PATH"] = str(silent)
        town = Saturday(Path(folder) / "tour.sqlite")
        application = QApplication(sys.argv[:1])
        install_language(application, settings.language)

        def open_counter(branch: str) -> CounterApplication:
            there = replace(settings, branch=branch)
            place = replace(
                _place(there), clock=town.clock, card_device=no_paper, receipt_printer=town.printer.place
            )
            line = town.line if branch == BRANCH else town.another_line()
            counter = CounterApplication(application, there, place, line)
            counter.window.resize(1366, 768)
            return counter

        counters = TourTown(application, open_counter)
        try:
            tour = Tour(counters, town, options.out, small=options.small, only=options.only)
        except LookupError as error:
            print(f"madoguchi: {error}", file=sys.stderr)
            counters.close()
            return 2
        faults: list[BaseException] = []

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            faults.append(error)
            _log.critical("a bug", exc_info=(kind, error, trace))
            application.exit(1)

        sys.excepthook = hook
        tour.said.connect(print)
        tour.finished.connect(application.exit)
        tour.start()
        status = application.exec()
        # a story that ended in the middle of an outage leaves acts that wait
        town.line.mend()
        counters.close()
        town.printer.close()
        return 1 if faults else status


if __name__ == "__main__":
    sys.exit(main())
