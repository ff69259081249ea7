"""What a key of the keyboard types: keycodes made into characters by libxkbcommon, which Qt uses, too."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, c_char_p, c_int, c_size_t, c_uint32, c_void_p
from dataclasses import dataclass
from functools import cache
from typing import Final

from madoguchi.barcode.wedge import Key
from madoguchi.barcode.wedge_device import LOST

_EFFECTIVE_MODS: Final = 8
_CONTROL, _ALT, _SUPER = 1 << 2, 1 << 3, 1 << 6
_ENTER: Final = frozenset({0xFF0D, 0xFF8D})
_TAB: Final = frozenset({0xFF09, 0xFE20})
# Shift_L to Hyper_R, ISO_Level3_Shift and Latch, Mode_switch, Num_Lock, Scroll_Lock; of a Japanese keyboard
# Kana_Lock, Kana_Shift, Eisu_Shift and Eisu_toggle, which is its key for capitals
_MODIFIERS: Final = frozenset(
    {*range(0xFFE1, 0xFFEF), *range(0xFE01, 0xFE10), 0xFF7E, 0xFF7F, 0xFF14, *range(0xFF2D, 0xFF31)}
)
_DEAD: Final = range(0xFE50, 0xFE94)


class _Names(Structure):
    _fields_ = tuple((name, c_char_p) for name in ("rules", "model", "layout", "variant", "options"))


class NoLayout(Exception):
    """The keyboard's layout cannot be had: its name is unknown, or the server does not tell it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a key is, and what it types."""

    key: Key
    text: str


@cache
def _library() -> ctypes.CDLL:
    xkb = ctypes.CDLL("libxkbcommon.so.0")
    for name, result, arguments in (
        ("xkb_context_new", c_void_p, [c_int]),
        ("xkb_keymap_new_from_names", c_void_p, [c_void_p, POINTER(_Names), c_int]),
        ("xkb_keymap_unref", None, [c_void_p]),
        ("xkb_keymap_mod_get_index", c_uint32, [c_void_p, c_char_p]),
        ("xkb_state_new", c_void_p, [c_void_p]),
        ("xkb_state_unref", None, [c_void_p]),
        ("xkb_state_update_key", c_int, [c_void_p, c_uint32, c_int]),
        ("xkb_state_update_mask", c_int, [c_void_p, *[c_uint32] * 6]),
        ("xkb_state_serialize_mods", c_uint32, [c_void_p, c_int]),
        ("xkb_state_key_get_one_sym", c_uint32, [c_void_p, c_uint32]),
        ("xkb_state_key_get_utf8", c_int, [c_void_p, c_uint32, c_char_p, c_size_t]),
    ):
        function = getattr(xkb, name)
        function.restype, function.argtypes = result, arguments
    return xkb


@cache
def _x11_library() -> ctypes.CDLL:
    xkb_x11 = ctypes.CDLL("libxkbcommon-x11.so.0")
    xkb_x11.xkb_x11_get_core_keyboard_device_id.argtypes = [c_void_p]
    function = xkb_x11.xkb_x11_keymap_new_from_device
    function.restype, function.argtypes = c_void_p, [c_void_p, c_void_p, c_int, c_int]
    return xkb_x11


@cache
def _context() -> int:
    context = _library().xkb_context_new(0)
    if not context:
        raise NoLayout("libxkbcommon does not start")
    return int(context)


class Layout:
    """A keyboard's layout, and the modifiers of one keyboard that has it.

    The modifiers are those of the keys that were told to ``follow``: what somebody holds down or has locked
    on another keyboard does not count. Digits of a keypad are digits.
    """

    def __init__(self, keymap: int | None, what: str) -> None:
        if not keymap:
            raise NoLayout(what)
        xkb = _library()
        self._xkb, self._keymap = xkb, keymap
        self._own, self._asked = xkb.xkb_state_new(keymap), xkb.xkb_state_new(keymap)
        num = xkb.xkb_keymap_mod_get_index(keymap, b"Mod2")
        self._num_lock = 1 << num if num < 32 else 0

    @classmethod
    def named(cls, layout: str) -> Layout:
        """The one with this name, such as ``us`` or ``jp``. Raises NoLayout."""
        model = b"jp106" if layout == "jp" else b"pc105"
        names = _Names(b"evdev", model, layout.encode("ascii", "replace"), b"", b"")
        return cls(_library().xkb_keymap_new_from_names(_context(), ctypes.byref(names), 0), layout)

    @classmethod
    def in_force(cls, connection: int, device: int = -1) -> Layout:
        """The one that a device has at the X server now; the whole server's for -1. Raises NoLayout."""
        xkb_x11 = _x11_library()
        if device < 0:
            device = xkb_x11.xkb_x11_get_core_keyboard_device_id(connection)
        return cls(
            xkb_x11.xkb_x11_keymap_new_from_device(_context(), connection, device, 0), f"of device {device}"
        )

    def close(self) -> None:
        """Frees it."""
        self._xkb.xkb_state_unref(self._own)
        self._xkb.xkb_state_unref(self._asked)
        self._xkb.xkb_keymap_unref(self._keymap)

    def follow(self, code: int, *, pressed: bool) -> None:
        """A key of the keyboard whose modifiers count went down or up."""
        self._xkb.xkb_state_update_key(self._own, code, int(pressed))

    def own_typed(self, code: int, group: int = 0) -> Typed:
        """What a key of that keyboard types, with the modifiers it has itself."""
        modifiers = self._xkb.xkb_state_serialize_mods(self._own, _EFFECTIVE_MODS)
        return self.typed(code, modifiers | self._num_lock, group)

    def typed(self, code: int, modifiers: int, group: int = 0) -> Typed:
        """What a key types with these modifiers, in this one of the layouts."""
        xkb, state = self._xkb, self._asked
        xkb.xkb_state_update_mask(state, modifiers, 0, 0, 0, 0, group)
        symbol = xkb.xkb_state_key_get_one_sym(state, code)
        if symbol in _MODIFIERS:
            return Typed(Key.MODIFIER, "")
        buffer = ctypes.create_string_buffer(16)
        xkb.xkb_state_key_get_utf8(state, code, buffer, len(buffer))
        text = buffer.value.decode("utf-8", "replace")
        # scanners send CR, LF and Tab as keys of their own or as Ctrl with M, J and I
        if symbol in _ENTER or text in ("\r", "\n"):
            return Typed(Key.ENTER, text)
        if symbol in _TAB or text == "\t":
            return Typed(Key.TAB, text)
        if symbol in _DEAD:
            return Typed(Key.CHARACTER, LOST)
        if len(text) == 1 and (text < " " or text == "\x7f"):
            return Typed(Key.CONTROL, text)
        if text and not modifiers & (_CONTROL | _ALT | _SUPER):
            return Typed(Key.CHARACTER, text)
        return Typed(Key.OTHER, text)
