"""Records on their way: the bytes of one request, which never change, and the identity that makes a repeat harmless."""
import gzip
from typing import List, NamedTuple, Optional

from .record import Captured, encode, without_content


class Batch(NamedTuple):
    """So many records from a position on; every line of the body counts one."""

    origin: str
    position: int
    records: int
    created: float
    """When its oldest record was made, seconds of Unix time."""
    body: bytes
    own: bool = True
    """Whether this process has taken the records; else they were left by one that has ended."""
    path: Optional[str] = None
    """Where it is on disk."""


def make_batch(origin: str, position: int, records: List[Captured], members: str) -> Batch:
    """`members` is of `sender_members`."""
    lines = b"".join([_line(record, members) for record in records])
    return Batch(origin, position, len(records), records[0].created, gzip.compress(lines, 3))


def halves(batch: Batch) -> List[Batch]:
    """What is sent instead of a batch that is too large: the same lines at the same positions, so that no record is stored twice."""
    lines = gzip.decompress(batch.body).split(b"\n")[:-1]
    middle = batch.records // 2
    return [
        batch._replace(position=batch.position + start, records=len(part), body=gzip.compress(b"".join(line + b"\n" for line in part), 3),
                       path=None)
        for start, part in ((0, lines[:middle]), (middle, lines[middle:]))]


def _line(record: Captured, members: str) -> bytes:
    try:
        return encode(record, members)
    except Exception as error:  # something put what JSON does not know into a field of logging's own
        return encode(without_content(record.level, record.logger, error), members)
