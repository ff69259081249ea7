"""The medium of a stick: a FAT16 file system with files in its root directory, as any stick is sold with.

Source: Microsoft, "FAT: General Overview of On-Disk Format" 1.03.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

_SECTOR: Final = 512
_CLUSTER: Final = 4 * _SECTOR
_SECTORS: Final = (16 << 20) // _SECTOR
_ENTRIES: Final = 512
_TABLE_SECTORS: Final = 32
_TABLES_AT: Final = 1
_ROOT_AT: Final = _TABLES_AT + 2 * _TABLE_SECTORS
_DATA_AT: Final = _ROOT_AT + _ENTRIES * 32 // _SECTOR
_PARTITION_AT: Final = 2048
_FAT16: Final = 0x0E


def fat_disk(files: Mapping[str, bytes], *, partitioned: bool = False) -> bytes:
    """A medium of 16 MB; names are 8.3, upper case. `partitioned`: behind a table of one partition."""
    volume = bytearray(_SECTORS * _SECTOR)
    volume[:62] = struct.pack(
        "<3s8sHBHBHHBHHHIIBBBI11s8s",
        b"\xeb\x3c\x90", b"MSDOS5.0", _SECTOR, _CLUSTER // _SECTOR, _TABLES_AT, 2, _ENTRIES, _SECTORS, 0xF8,
        _TABLE_SECTORS, 32, 64, 0, 0, 0x80, 0, 0x29, 0x20261130, b"STICK      ", b"FAT16   ",
    )  # fmt: skip
    volume[510:512] = b"\x55\xaa"
    table = [0xFFF8, 0xFFFF]
    for number, (name, content) in enumerate(files.items()):
        first = len(table)
        clusters = -(-len(content) // _CLUSTER)
        table += [*range(first + 1, first + clusters), 0xFFFF][:clusters]
        at = _DATA_AT * _SECTOR + (first - 2) * _CLUSTER
        volume[at : at + len(content)] = content
        stem, _, ending = name.partition(".")
        entry = struct.pack(
            "<8s3sB14xHI", stem.encode().ljust(8), ending.encode().ljust(3), 0x20,
            first if clusters else 0, len(content),
        )  # fmt: skip
        at = _ROOT_AT * _SECTOR + number * 32
        volume[at : at + 32] = entry
    packed = struct.pack(f"<{len(table)}H", *table)
    for copy in range(2):
        at = (_TABLES_AT + copy * _TABLE_SECTORS) * _SECTOR
        volume[at : at + len(packed)] = packed
    if not partitioned:
        return bytes(volume)
    before = bytearray(_PARTITION_AT * _SECTOR)
    far = b"\xfe\xff\xff"
    before[446:462] = struct.pack("<B3sB3sII", 0, far, _FAT16, far, _PARTITION_AT, _SECTORS)
    before[510:512] = b"\x55\xaa"
    return bytes(before + volume)


def in_root(disk: bytes, name: str) -> bytes | None:
    """The content of a file in the root directory of such a medium (unpartitioned); None: it is not there."""
    table = struct.unpack_from(f"<{_TABLE_SECTORS * _SECTOR // 2}H", disk, _TABLES_AT * _SECTOR)
    stem, _, ending = name.partition(".")
    wanted = stem.encode().ljust(8) + ending.encode().ljust(3)
    for number in range(_ENTRIES):
        found, cluster, length = struct.unpack_from("<11s15xHI", disk, _ROOT_AT * _SECTOR + number * 32)
        if found == wanted:
            content = bytearray()
            while 2 <= cluster < 0xFFF8:
                at = _DATA_AT * _SECTOR + (cluster - 2) * _CLUSTER
                content += disk[at : at + _CLUSTER]
                cluster = table[cluster]
            return bytes(content[:length])
    return None
