"""Slips to a printer's socket or device: printed, or why not, in time, and no word of what was on it."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator

import pytest

from madoguchi.app.printing.receipt_printer import (
    NoSuchPrinter,
    PrinterPlace,
    PrinterTrouble,
    parse_printer,
    print_slip,
)
from madoguchi.app.settings import Settings, SettingsError
from tests.support.receipt_printer import DevicePrinter, FakePrinter

SLIP = bytearray("仮パスワード abcd-efgh-2345\n".encode("cp932"))


@pytest.fixture(params=[FakePrinter, DevicePrinter], ids=["socket", "device"])
def printer(request: pytest.FixtureRequest) -> Iterator[FakePrinter]:
    made: FakePrinter = request.param()
    yield made
    made.close()


def test_a_slip_is_sent_as_it_is_and_waited_for(printer: FakePrinter) -> None:
    assert print_slip(printer.place, SLIP) is None
    assert printer.slips == [bytes(SLIP)]


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        (0x12 | 0x04, PrinterTrouble.COVER_OPEN),
        (0x12 | 0x20, PrinterTrouble.NO_PAPER),
        (0x12 | 0x40, PrinterTrouble.FAULT),
    ],
)
def test_one_that_cannot_print_now_is_sent_nothing(
    printer: FakePrinter, state: int, trouble: PrinterTrouble
) -> None:
    """It would print it later, when nobody stands by."""
    printer.state = state
    assert print_slip(printer.place, SLIP) is trouble
    assert printer.slips == []


def test_one_that_ran_out_of_paper_half_way_has_not_printed_it(printer: FakePrinter) -> None:
    printer.paper = 0x0C
    assert print_slip(printer.place, SLIP) is PrinterTrouble.NO_PAPER


@pytest.mark.parametrize("silent", ["state", "paper"])
def test_one_that_hangs_is_given_up(printer: FakePrinter, silent: str) -> None:
    setattr(printer, silent, None)
    # once anything was sent, paper may be out
    expected = PrinterTrouble.TIMED_OUT if silent == "state" else PrinterTrouble.BROKE_OFF
    assert print_slip(printer.place, SLIP, seconds=0.5) is expected
    assert printer.slips == ([] if silent == "state" else [bytes(SLIP)])


def test_one_that_dies_half_way_has_not_printed_it(caplog: pytest.LogCaptureFixture) -> None:
    printer = FakePrinter()
    printer.dies_after = 1000
    caplog.set_level(logging.DEBUG)
    # more than fits into the line: it dies while there is more to send
    trouble = print_slip(printer.place, bytearray(b"abcd-efgh-2345" * 1_000_000))
    assert trouble is PrinterTrouble.BROKE_OFF
    printer.dies_after = 1
    assert print_slip(printer.place, SLIP) is PrinterTrouble.BROKE_OFF
    place = printer.place
    printer.close()
    assert print_slip(place, SLIP) is PrinterTrouble.NOT_REACHED
    assert "abcd" not in caplog.text


def test_one_that_takes_nobody_in_is_given_up() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        # it does not take the first one in, and there is no room for a second
        with socket.create_connection(full.getsockname()):
            place = f"127.0.0.1:{full.getsockname()[1]}"
            assert print_slip(place, SLIP, seconds=0.5) is PrinterTrouble.TIMED_OUT


def test_where_a_printer_may_be() -> None:
    assert parse_printer(" 192.168.10.50:9100 ") == PrinterPlace("192.168.10.50", 9100)
    assert parse_printer("[fd00::50]:9100") == PrinterPlace("fd00::50", 9100)
    assert parse_printer("printer.example:9100") == PrinterPlace("printer.example", 9100)
    assert parse_printer("/dev/usb/lp0") == PrinterPlace(device="/dev/usb/lp0")
    for wrong in (
        "TM-m30",
        "printer:0",
        "printer:65536",
        "a b:9100",
        "/etc/passwd",
        "/dev/../etc/passwd",
        "",
    ):
        with pytest.raises(NoSuchPrinter):
            parse_printer(wrong)
        if wrong:
            assert print_slip(wrong, SLIP) is PrinterTrouble.NO_ADDRESS
    assert print_slip(" ", SLIP) is PrinterTrouble.NOT_SET
    assert print_slip("/dev/nothing-there", SLIP) is PrinterTrouble.NOT_REACHED
    assert print_slip("printer.invalid:9100", SLIP, seconds=1) in (
        PrinterTrouble.NOT_REACHED,
        PrinterTrouble.TIMED_OUT,
    )


def test_a_setting_that_names_no_printer_is_said_at_the_start(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.getbasetemp() / "none.sqlite"
    assert Settings(file, receipt_printer="192.168.10.50:9100").receipt_printer
    with pytest.raises(SettingsError, match="receipt_printer: a receipt printer's address"):
        Settings(file, receipt_printer="TM-m30")
