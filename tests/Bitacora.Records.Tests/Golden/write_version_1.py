"""Writes the golden files of record format version 1 from docs/record-format.md alone, sharing no code with the product."""
import hashlib
import struct
from pathlib import Path

STRING, INT64, DOUBLE, BOOLEAN = 1, 2, 3, 4
SHORT = ["source", "logger", "host", "request_id", "user_id", "session_id", "trace_id", "span_id"]


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def hash60(data):
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big") >> 4


def identity(ticks, sequence):
    milliseconds, t = divmod(ticks, 10_000)
    return (milliseconds.to_bytes(6, "big")
            + bytes([0x70 | t >> 10, t >> 2 & 0xFF, 0x80 | (t & 3) << 4 | sequence >> 56])
            + (sequence & (1 << 56) - 1).to_bytes(7, "big"))


def record_id(record, origins, sender):
    return identity(record["time"], (hash60(origins[record["origin"]] + sender) + record["position"]) % (1 << 60))


def encode_attribute(name, kind, value):
    name = name.encode()
    body = {STRING: lambda: struct.pack("<I", len(value.encode())) + value.encode(), INT64: lambda: struct.pack("<q", value),
            DOUBLE: lambda: struct.pack("<d", value), BOOLEAN: lambda: bytes([value])}[kind]()
    return struct.pack("<H", len(name)) + name + bytes([kind]) + body


def encode_record(record):
    long_texts = [record.get(name, "").encode() for name in ("message", "traceback", "template")]
    presence, short = 0, b""
    for bit, name in enumerate(SHORT):
        if name in record:
            presence |= 1 << bit
            short += struct.pack("<H", len(record[name].encode())) + record[name].encode()
    if "duration_ms" in record:
        presence |= 1 << 8
        short += struct.pack("<d", record["duration_ms"])
    attributes = record.get("attributes", [])
    body = b"".join(long_texts) + short + b"".join(encode_attribute(*attribute) for attribute in attributes)
    return struct.pack("<IBBBBqQIIIHH", 40 + len(body), record["level"], record.get("layer", 0), record["origin"], 0, record["time"],
                       record["position"], *(len(text) for text in long_texts), presence, len(attributes)) + body


def encode_batch(sender, origins, ranges, records):
    body = b"".join(encode_record(record) for record in records)
    times = [record["time"] for record in records]
    header_length = 64 + 32 * len(origins)
    covered = b"".join(o + first.to_bytes(8, "big") + end.to_bytes(8, "big") for o, (first, end) in zip(origins, ranges))
    levels = layers = 0
    for record in records:
        levels |= 1 << record["level"]
        layers |= 1 << record.get("layer", 0)
    header = (b"BTCR" + struct.pack("<HHII", 1, header_length, header_length + len(body) + 4, len(records)) + sender
              + identity(times[0], hash60(sender + covered)) + struct.pack("<qqBBB", min(times), max(times), levels, layers, len(origins))
              + bytes(5))
    table = b"".join(o + struct.pack("<QQ", first, end) for o, (first, end) in zip(origins, ranges))
    data = header + table + body
    return data + struct.pack("<I", crc32c(data))


assert crc32c(b"123456789") == 0xE3069283
here = Path(__file__).parent
sender = bytes.fromhex("0123456789abcdef")
origins = [bytes.fromhex("00112233445566778899aabbccddeefe"), bytes.fromhex("ffeeddccbbaa99887766554433221101")]
everything = [
    {"level": 2, "origin": 0, "time": 0, "position": 0},
    {"level": 4, "layer": 1, "origin": 1, "time": 17145666051234567, "position": 123456789, "message": "Größe über Ωmega 😀",
     "traceback": "Traceback (most recent call last):\n  File \"x.py\", line 1\nValueError: \0", "template": "Größe über {name}",
     "source": "shop", "logger": "shop.orders", "host": "web-1", "request_id": "r-1", "user_id": "42", "session_id": "s",
     "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7", "duration_ms": 0.5,
     "attributes": [("text", STRING, "ñandú"), ("empty", STRING, ""), ("least", INT64, -(1 << 63)), ("most", INT64, (1 << 63) - 1),
                    ("double", DOUBLE, 1e21), ("minus zero", DOUBLE, -0.0), ("true", BOOLEAN, True), ("false", BOOLEAN, False)]},
    {"level": 5, "origin": 1, "time": 2534023007999999999 // 10, "position": (1 << 60) - 1, "message": "x" * 300, "duration_ms": -1.0},
]
(here / "version-1-everything.bin").write_bytes(encode_batch(sender, origins, [(0, 7), (123456000, 1 << 60)], everything))
smallest = [{"level": 0, "origin": 0, "time": 17145666051234567, "position": 5}]
(here / "version-1-smallest.bin").write_bytes(encode_batch(bytes(8), [bytes(16)], [(5, 6)], smallest))
for record in everything:
    print(record_id(record, origins, sender).hex())
print(record_id(smallest[0], [bytes(16)], bytes(8)).hex())
print(hash60(b"").to_bytes(8, "big").hex(), hash60(bytes(24)).to_bytes(8, "big").hex())
