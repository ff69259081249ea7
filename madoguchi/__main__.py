"""The program's entry: a command is read from the line, and handed to the rooms that do it."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from madoguchi import __version__
from madoguchi.app.machine_trouble import trouble_of
from madoguchi.app.opening import (
    central_server,
    embedded_engine,
    open_server,
    prepare_library,
    reset_training,
)
from madoguchi.app.settings import Settings, SettingsError, identity_folder, load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from madoguchi.app.command_sheet import CommandSheet


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        settings = load()
    except SettingsError as error:
        return _not_done(error, 2)
    try:
        command: int = options.command(settings, options)
    except OnTheServer as error:
        return _not_done(error)
    except Exception as error:
        sentence = trouble_of(error, settings)
        if sentence is None:
            raise
        return _not_done(sentence)
    return command


def _not_done(why: Exception | str, status: int = 1) -> int:
    """Says why the command was not done; returns the exit status."""
    print(f"madoguchi: {why}", file=sys.stderr)
    return status


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
        reset_training(settings, print, options.records)
    except (NotAnNdlAnswer, TooFewRecords, OSError) as error:
        return _not_done(getattr(error, "sentence_ja", error))
    return 0


# -- this terminal ---------------------------------------------------------------------------------------


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
        return _not_done(error, 2)
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
        return _not_done(error)
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
        return _not_done("このログインでは操作コードを新しくできません")
    except (OSError, NotTheTrainingLibrary) as error:
        return _not_done(error)
    print(f"{what}を書きました: {file} （{pages}ページ）")
    return 0


def _command_sheet(settings: Settings, options: argparse.Namespace) -> int:
    from madoguchi.app.command_sheet import command_sheet, renew_command_prefix
    from madoguchi.app.staff.at_prompt import NotSignedIn

    from_server: CommandSheet | None = None
    if not settings.server:
        prepare_library(settings, print)
    elif options.new_prefix:
        raise OnTheServer(_PREFIX_ON_SERVER)
    else:
        try:
            from_server = _sheet_from_server(settings)
        except NotSignedIn as error:
            return _not_done(error)

    def write() -> int:
        from madoguchi.widgets.command_sheet import write_command_sheet

        if options.new_prefix:
            renew_command_prefix(embedded_engine(settings))
        return write_command_sheet(options.file, from_server or command_sheet(embedded_engine(settings)))

    status = _sheet(settings, options.file, write, "操作コード表")
    if options.new_prefix and status == 0:
        print("以前の表は使えなくなりました。開いている端末では、次のサインインから変わります。")
    return status


def _sheet_from_server(settings: Settings) -> CommandSheet:
    """What stands on the sheet, for a member of staff who signs in at the prompt.

    Raises:
        NotSignedIn: nobody is.
    """
    import getpass

    from madoguchi.app.command_sheet import sheet_of
    from madoguchi.app.staff.at_prompt import signed_in

    server = central_server(settings)
    try:
        staff = signed_in(server, input("職員番号: "), getpass.getpass("パスワード: "))
        return sheet_of(staff.branch, staff.command_prefix)
    finally:
        server.close()


def _training_sheet(settings: Settings, options: argparse.Namespace) -> int:
    if settings.server:
        raise OnTheServer(_TRAINING_ON_SERVER)
    prepare_library(settings, print)

    def write() -> int:
        from madoguchi.app.training.sheet import training_sheet
        from madoguchi.widgets.sheet import write_sheet

        return write_sheet(options.file, training_sheet(embedded_engine(settings)))

    return _sheet(settings, options.file, write, "練習用シート")


# -- windows ---------------------------------------------------------------------------------------------


def _counter(settings: Settings, _options: argparse.Namespace) -> int:
    from madoguchi.app import core_dumps

    core_dumps.forbid_core_dumps()
    from madoguchi.widgets.input_method import keep_keys_in_order

    keep_keys_in_order()
    from madoguchi.app.server.opened_later import OpenedLater
    from madoguchi.widgets.counter_start import run_counter

    try:
        return run_counter(settings, OpenedLater(partial(open_server, settings, print)))
    except SettingsError as error:
        return _not_done(error, 2)


def _tour(settings: Settings, options: argparse.Namespace) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from madoguchi.widgets.tour_start import NoSuchScene, run_tour

    looks = replace(
        settings,
        high_contrast=options.high_contrast or settings.high_contrast,
        text_scale=options.text / 100 if options.text else settings.text_scale,
    )
    try:
        return run_tour(looks, options.out, print, small=options.small, only=options.only)
    except NoSuchScene as error:
        return _not_done(error, 2)


if __name__ == "__main__":
    sys.exit(main())
