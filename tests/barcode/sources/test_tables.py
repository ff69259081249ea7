"""The tables ``[[scanner]]``: what they can say, and what is refused with its key."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from madoguchi.app.settings import SettingsError, load
from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_keys import KeyLayout
from madoguchi.barcode.sources.framing import Frame, Terminator
from madoguchi.barcode.sources.hid_source import HidSource
from madoguchi.barcode.sources.kinds import KINDS
from madoguchi.barcode.sources.scanner import Scanner, Use
from madoguchi.barcode.sources.serial_source import SerialLine, SerialSource
from madoguchi.barcode.sources.source import Device
from madoguchi.barcode.sources.tables import BadScanner, scanners_of
from madoguchi.barcode.wedge import Key, WedgeSettings
from madoguchi.barcode.wedge_device import WedgeScanner, learned, typing_settings
from tests.support.hid_forms import vendor_descriptor
from tests.support.hid_listening import READY, Told, plugged
from tests.support.usb_backend import FakeDevice, FakeInterface

SERIAL = 'name = "1番"\nread = "serial"\nport = "/dev/ttyACM0"\n'
HID = 'name = "3番"\nread = "hid"\n'
WEDGE = 'name = "2番"\nread = "wedge"\n'


def scanners(*tables: str) -> tuple[Scanner, ...]:
    text = "".join(f"[[scanner]]\n{table}\n" for table in tables)
    return scanners_of(tomllib.loads(text).get("scanner", ()))


def refused(*tables: str) -> str:
    with pytest.raises(BadScanner) as caught:
        scanners(*tables)
    return str(caught.value)


def test_none_is_listed() -> None:
    assert scanners() == ()


def test_what_is_not_said_is_as_most_scanners_are() -> None:
    assert scanners(SERIAL, WEDGE) == (
        Scanner("1番", "serial", Use.ALL, "/dev/ttyACM0", line=SerialLine(), frame=Frame()),
        Scanner("2番", "wedge"),
    )


def test_everything_of_a_serial_one_can_be_set() -> None:
    (scanner,) = scanners(
        SERIAL
        + """
        use = "returns"
        baud = 115200
        data_bits = 7
        parity = "even"
        stop_bits = 2
        flow = "hardware"
        terminator = "crlf"
        prefix = "\\u0002"
        suffix = "#"
        aim = true
        """
    )
    assert scanner == Scanner(
        "1番",
        "serial",
        Use.RETURNS,
        "/dev/ttyACM0",
        line=SerialLine(115200, 7, "even", 2, "hardware"),
        frame=Frame(Terminator.CRLF, "\x02", "#", aim=True),
    )


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('read = "wedge"', "name: is missing"),
        ('name = "1番"', "read: is missing"),
        ('name = ""\nread = "wedge"', "name: a text of at most 20 characters"),
        ('name = "  "\nread = "wedge"', "name: a text of"),
        ('name = "\\u202E1"\nread = "wedge"', "name: a text of"),
        ('name = "1\\n2"\nread = "wedge"', "name: a text of"),
        (f'name = "{"1" * 21}"\nread = "wedge"', "name: a text of"),
        ('name = 1\nread = "wedge"', "name: a text of"),
        ('name = "1番"\nread = "camera"', f"read: one of {', '.join(KINDS)}, not 'camera'"),
        ('name = "1番"\nread = ["wedge"]', "read: one of"),
        (WEDGE + 'use = "return"', "use: one of all, returns, not 'return'"),
        (
            WEDGE + "baud = 9600",
            "baud: a scanner read by 'wedge' has no such key, only device, layout, name,",
        ),
        (SERIAL + 'colour = "red"', "colour: a scanner read by 'serial' has no such key"),
        ('name = "1番"\nread = "serial"', "port: is missing; a scanner read by 'serial' needs it"),
        ('name = "1番"\nread = "serial"\nport = ""', "port: a text of"),
        ('name = "1番"\nread = "serial"\nport = "/dev/\\u0000"', "port: a text of"),
        ('name = "1番"\nread = "serial"\nport = 3', "port: a text of"),
        (SERIAL + "baud = 12", "baud: from 300 to 921600, not 12"),
        (SERIAL + "baud = true", "baud: from 300 to 921600, not True"),
        (SERIAL + 'baud = "9600"', "baud: from 300 to 921600, not '9600'"),
        (SERIAL + "data_bits = 9", "data_bits: one of 7, 8, not 9"),
        (SERIAL + "stop_bits = true", "stop_bits: one of 1, 2, not True"),
        (SERIAL + 'parity = "E"', "parity: one of none, even, odd, not 'E'"),
        (SERIAL + 'flow = "xon"', "flow: one of none, hardware, software, not 'xon'"),
        (SERIAL + 'terminator = "enter"', "terminator: one of any, cr, lf, crlf, tab, not 'enter'"),
        (SERIAL + 'prefix = "\\r"', "prefix: up to 16 plain characters"),
        (SERIAL + f'suffix = "{"#" * 17}"', "suffix: up to 16 plain characters"),
        (SERIAL + "prefix = 1", "prefix: up to 16 plain characters"),
        (SERIAL + 'aim = "yes"', "aim: true or false, not 'yes'"),
        ('name = "1番"\nread = "hid"', "usb: is missing; a scanner read by 'hid' needs it"),
        (WEDGE + 'usb = "05e0:1200"', "device: is missing; w"),
        (WEDGE + 'device = "A Scanner"\nlayout = "de"', "layout: one of us, jis, not 'de'"),
        ('name = "1番"\nread = "evdev"', "usb: is missing; a scanner read by 'evdev' needs it"),
        (HID + 'usb = "5e0:1200"', "usb: vendor and product like '05e0:1200', not '5e0:1200'"),
        (HID + 'usb = "05e0:1200"\nvendor_text = 1', "vendor_text: true or false, not 1"),
        (HID + 'usb = "05e0:1200"\nvendor_skip = 1', "vendor_skip: only with vendor_text = true"),
        (
            HID + 'usb = "05e0:1200"\nvendor_text = true\nvendor_room = -1',
            "vendor_room: from 0 to 1024 bytes",
        ),
        (HID + 'usb = "05e0:1200"\nvendor_text = true\nvendor_skip = true', "vendor_skip: from 0 to 1024"),
        (HID + 'usb = "05e0:1200"\nbaud = 9600', "baud: a scanner read by 'hid' has no such key"),
    ],
)
def test_a_slip_is_refused_with_its_key(table: str, words: str) -> None:
    assert f"number 2: {words}" in refused('name = "0番"\nread = "serial"\nport = "COM1"', table)


def test_two_that_would_be_one_are_refused() -> None:
    other = SERIAL.replace("1番", "3番")
    assert "number 2: name: another scanner is called '1番'" in refused(SERIAL, SERIAL)
    assert "number 2: read: nothing tells it from the scanner '1番'" in refused(SERIAL, other)
    assert "number 2: read: nothing tells it from the scanner '2番'" in refused(
        WEDGE, WEDGE.replace("2", "3")
    )


def test_the_settings_name_file_and_key(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f"[[scanner]]\n{SERIAL}[[scanner]]\n{WEDGE}baud = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"settings\.toml: scanner: number 2: baud: ") as caught:
        load({"MADOGUCHI_HOME": str(tmp_path)})
    assert str(file) in str(caught.value)
    file.write_text(f"[[scanner]]\n{SERIAL}", encoding="utf-8")
    assert [each.name for each in load({"MADOGUCHI_HOME": str(tmp_path)}).scanner] == ["1番"]
    file.write_text('scanner = "serial"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="scanner: not a value of the right kind"):
        load({"MADOGUCHI_HOME": str(tmp_path)})
    file.write_text("scanner = [1]\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="scanner: number 1: not a table"):
        load({"MADOGUCHI_HOME": str(tmp_path)})


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_makes_a_source_of_its_own(name: str) -> None:
    kind = KINDS[name]
    assert kind.needed <= kind.keys
    assert kind.source.value == name
    if kind.make is None:
        assert kind.source is Source.WEDGE
    else:
        source = kind.make(Scanner("1番", name, port="1-1"))
        assert source.device.source is kind.source
        source.close()


def test_one_that_types_is_learned_by_its_device() -> None:
    said = 'device = "A Scanner"\nusb = "05e0:1200"\nlayout = "jis"\nprefix = "*"\nterminator = "tab"'
    found = learned(scanners(WEDGE + said, SERIAL, 'name = "4番"\nread = "wedge"'))
    device = Device(Source.WEDGE, 0x05E0, 0x1200, name_untrusted="A Scanner")
    assert found == (WedgeScanner("2番", device, "jp", "*", frozenset({Key.TAB})),)


def test_one_that_types_and_was_not_learned_is_told_by_timing() -> None:
    framed = WEDGE + 'prefix = "ZZ"\nsuffix = "#"\nterminator = "tab"'
    settings = typing_settings(scanners(framed, SERIAL), known=str.isdigit)
    assert settings == WedgeSettings(
        known=str.isdigit, prefix="ZZ", suffix="#", terminators=frozenset({Key.TAB})
    )
    assert settings.bare("ZZ123#") == "123"
    assert typing_settings((), known=str.isdigit) == WedgeSettings(known=str.isdigit)


def test_one_that_is_kept_from_typing_is_made_as_its_table_says() -> None:
    make = KINDS["evdev"].make
    assert make is not None
    (scanner,) = scanners('name = "5番"\nread = "evdev"\nusb = "05e0:1200"\nlayout = "jis"')
    assert scanner.layout is KeyLayout.JIS
    assert make(scanner).device == Device(Source.EVDEV, 0x05E0, 0x1200)


def test_a_usb_one_is_made_as_its_table_says() -> None:
    make = KINDS["hid"].make
    assert make is not None
    (scanner,) = scanners(HID + 'usb = "05E0:1200"\nserial_number = "S1"\nport = "1-4.2"\nvendor_text = true')
    assert scanner.vendor_text
    assert make(scanner).device == Device(Source.HID, 0x05E0, 0x1200, "S1", "1-4.2")


def test_where_a_vendors_text_lies_is_as_its_table_says() -> None:
    """From the table to the scan: a length before the text, a checksum behind it."""
    make = KINDS["hid"].make
    assert make is not None
    table = 'usb = "1234:5678"\nvendor_text = true\nvendor_skip = 1\nvendor_room = 5\nterminator = "cr"'
    device = FakeDevice([FakeInterface(vendor_descriptor(3, 8), packet_bytes=8)])
    usb = plugged(device)
    source, heard = make(*scanners(HID + table)), Told()
    assert isinstance(source, HidSource)
    source._backend = usb
    heard.begin(source)
    try:
        assert heard.status() == READY
        usb.send(device, b"\x03\x0510000~~", b"\x03\x0500016~~", b"\x03\x01\r\0\0\0\0~~")
        assert heard.text() == "1000000016"
    finally:
        source.close()


def test_what_a_librarian_is_told_to_write_is_accepted() -> None:
    """Of the page that says how to set up three kinds of scanner."""
    page = (Path(__file__).parents[3] / "docs" / "scanners.ja.md").read_text(encoding="utf-8")
    tables = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    found = scanners_of(tomllib.loads("\n".join(tables))["scanner"])
    assert [scanner.read for scanner in found] == ["serial", "hid"]
    # the third is told by its keys, and needs no table; no kind is the one to be had
    headings = re.findall(r"^## (.+)$", page, re.MULTILINE)
    assert {"キーボード方式", "シリアル方式", "HID POS 方式", "確かめ方", "読めないとき"} <= set(headings)
    assert "どれでなければならない、ということはありません" in page
    for key, value in re.findall(r"`(\w+) = \"(\w+)\"`", page):
        assert value in {"read": KINDS, "use": {use.value for use in Use}}[key]


def test_a_serial_one_is_made_as_its_table_says() -> None:
    make = KINDS["serial"].make
    assert make is not None
    source = make(*scanners(SERIAL))
    assert isinstance(source, SerialSource)
    assert source.device.port == "/dev/ttyACM0"
