"""Writes wal-version-1.wal from docs/wal-format.md alone; shares no code with the product.

Three entries; the second one's batch has a flipped bit, and the first copy of the file's header too.
"""
import pathlib
import struct

HERE = pathlib.Path(__file__).parent
BATCHES = HERE.parent.parent / "Bitacora.Records.Tests" / "Golden"
MARKER = 0x0123456789ABCDEF


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def guarded(data: bytes) -> bytes:
    return data + struct.pack("<I", crc32c(data))


def entry(sequence: int, arrival: int, batch: bytes) -> bytes:
    return guarded(struct.pack("<QQqI", MARKER, sequence, arrival, len(batch))) + batch


smallest = (BATCHES / "version-1-smallest.bin").read_bytes()
everything = (BATCHES / "version-1-everything.bin").read_bytes()
header = guarded(b"BTCW" + struct.pack("<HHQQI", 1, 64, MARKER, 41, 2))
damaged_header = bytes([header[0] ^ 1]) + header[1:]
damaged = bytearray(smallest)
damaged[len(damaged) // 2] ^= 0x10
(HERE / "wal-version-1.wal").write_bytes(
    damaged_header + header
    + entry(41, 17_000_000_000_000_000, smallest)
    + entry(42, 17_000_000_000_000_001, bytes(damaged))
    + entry(43, 17_000_000_000_000_002, everything))
