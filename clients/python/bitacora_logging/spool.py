"""Batches on disk, until the server has acknowledged them: one directory for all processes of a handler.

A batch is a file `TIME-ORIGIN-POSITION-COUNT.batch`, written under another name, synced and renamed. Whoever made it holds a lock on
`ORIGIN.lock` while it lives. A process that gets the lock of another has found a dead one, and sends what that one left; while it
holds the lock nobody else does.
"""
import heapq
import os
import re
import sys
import time
import zlib
from collections import deque
from typing import Deque, Dict, Iterable, List, Optional, Set

from .batch import Batch

if sys.platform != "win32":
    import fcntl

# The greatest file that is read: far more than a batch can have.
FILE_BYTES = 64 * 1024 * 1024

# How many names are held in memory, and how many dead processes' locks.
NAMES = 1000
ADOPTED = 16

_NAME = re.compile(r"(\d{20})-([0-9a-f]{32})-(\d{1,19})-(\d{1,9})\.(?:batch|tmp)\Z")
_HEAD = re.compile(rb"bitacora-spool 1 ([0-9a-f]{32}) (\d{1,19}) (\d{1,9}) (\d{1,20}) ([0-9a-f]{8})\n")
_HEAD_BYTES = 200


class Unreadable(Exception):
    """A file that is torn, damaged or gone, and how many records its name says it had."""

    def __init__(self, batch: Batch, why: str) -> None:
        super().__init__(why)
        self.batch = batch


class Spool:
    """Used by one thread."""

    def __init__(self, directory: str, max_bytes: int, origin: str) -> None:
        self._directory = directory
        self._max_bytes = max_bytes
        self._origin = origin
        self._lock: Optional[int] = None
        self._adopted: Dict[str, int] = {}
        self._oldest: Deque[str] = deque()
        self._left = 0  # own and adopted files that are not in hand, beside those in _oldest
        self._stuck: Set[str] = set()  # files that could not be removed or renamed: not looked at again
        self._used = 0
        self._measured = -1e9
        self._measuring = 0.0

    def has_room(self, size: int) -> bool:
        """Whether a batch of so many bytes fits beside what all processes have there."""
        # Looking costs more the more files there are: at most a twentieth of the time goes into it, but it is looked before saying no.
        now = time.monotonic()
        if now - self._measured > 20 * self._measuring or self._used + size + _HEAD_BYTES > self._max_bytes:
            if now - self._measured > self._measuring:
                self._used = self._measure()
                self._measured = time.monotonic()
                self._measuring = self._measured - now
        return self._used + size + _HEAD_BYTES <= self._max_bytes

    def write(self, batch: Batch) -> Batch:
        """Puts a batch on disk; raises OSError. The file outlives this process, and the machine's end once its directory is written too."""
        if self._lock is None:
            self._lock = self._take_lock(self._origin)
        stem = "%020d-%s-%d-%d" % (min(max(int(batch.created * 1e6), 0), 10 ** 20 - 1), batch.origin, batch.position, batch.records)
        unfinished = os.path.join(self._directory, stem + ".tmp")
        path = os.path.join(self._directory, stem + ".batch")
        content = _head(batch) + batch.body
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.rename(unfinished, path)
        except OSError:
            try:
                os.remove(unfinished)
            except OSError:
                pass
            raise
        self._used += len(content)
        return batch._replace(path=path)

    def leave(self) -> None:
        """The batch that was written last stays there for later."""
        self._left += 1

    def oldest(self) -> Optional[Batch]:
        """Reads the oldest batch of this process and of dead ones; it stays there until `remove` or `set_aside`.

        Raises Unreadable for what will never be read, and OSError for what may be read later: then the next call tries another one.
        """
        if not self._oldest:
            if not self._left:
                return None
            mine = [name for name in self._names() if self._is_mine(name)]
            self._oldest.extend(heapq.nsmallest(NAMES, mine))
            self._left = len(mine) - len(self._oldest)
            if not self._oldest:
                return None
        try:
            return self._read(self._oldest[0])
        except OSError:
            # The others do not wait for it; it comes again with the next list.
            self._oldest.popleft()
            self._left += 1
            raise

    @property
    def waiting(self) -> bool:
        """Whether there are batches for `oldest`."""
        return bool(self._oldest) or self._left > 0

    def remove(self, batch: Batch) -> None:
        """The server has it."""
        self._forget(batch)
        assert batch.path is not None
        try:
            self._used -= os.stat(batch.path).st_size
            os.remove(batch.path)
        except FileNotFoundError:
            pass
        except OSError:
            self._stuck.add(os.path.basename(batch.path))
            raise

    def set_aside(self, batch: Batch, why: str) -> None:
        """Keeps it under another ending, for a person to look at."""
        self._forget(batch)
        assert batch.path is not None
        try:
            os.rename(batch.path, os.path.splitext(batch.path)[0] + "." + why)
        except FileNotFoundError:
            pass
        except OSError:
            self._stuck.add(os.path.basename(batch.path))
            raise

    def adopt(self) -> None:
        """Takes over what processes left that have ended."""
        names = self._names()
        left = _origins(names)
        for origin in [origin for origin in self._adopted if origin not in left]:
            self._release(origin, self._adopted.pop(origin))
        for origin in left.union(name[:-5] for name in names if name.endswith(".lock")):
            if origin == self._origin or origin in self._adopted or len(self._adopted) >= ADOPTED:
                continue
            try:
                lock = self._take_lock(origin)
            except OSError:
                continue  # its process lives, or another one was faster
            # Looked at again: until now its process may have lived and written.
            if origin in _origins(self._names()):
                self._adopted[origin] = lock
                # Theirs may be older than what is in the list: it is made anew.
                self._left += len(self._oldest) + 1
                self._oldest.clear()
            else:
                self._release(origin, lock)

    def close(self) -> None:
        """Lets go of the locks: what is still there is the next process's."""
        locks, self._adopted = dict(self._adopted), {}
        if self._lock is not None:
            locks[self._origin], self._lock = self._lock, None
        left = _origins(self._names()) if locks else set()
        for origin, lock in locks.items():
            if origin in left:
                os.close(lock)
            else:
                self._release(origin, lock)

    def abandon(self) -> None:
        """In the child of a fork: closes its copies of the locks, which stay the parent's."""
        for lock in list(self._adopted.values()) + ([] if self._lock is None else [self._lock]):
            os.close(lock)
        self._adopted.clear()
        self._lock = None

    def _is_mine(self, name: str) -> bool:
        match = _NAME.match(name)
        if match is None or name in self._stuck:
            return False
        return match.group(2) in self._adopted or match.group(2) == self._origin and name.endswith(".batch")

    def _forget(self, batch: Batch) -> None:
        assert batch.path is not None
        if self._oldest and self._oldest[0] == os.path.basename(batch.path):
            self._oldest.popleft()

    def _read(self, name: str) -> Batch:
        match = _NAME.match(name)
        assert match is not None
        path = os.path.join(self._directory, name)
        batch = Batch(
            match.group(2), int(match.group(3)), int(match.group(4)), int(match.group(1)) / 1e6, b"", match.group(2) == self._origin, path)
        try:
            with open(path, "rb") as file:
                content = file.read(FILE_BYTES + 1)
        except FileNotFoundError:
            raise Unreadable(batch, "it is gone") from None
        head = _HEAD.match(content)
        body = content[head.end():] if head else b""
        whole = batch._replace(body=body)
        if head is None or head.group(0) != _head(whole):
            raise Unreadable(batch, "it is torn or damaged")
        return whole

    def _names(self) -> List[str]:
        return os.listdir(self._directory)

    def _measure(self) -> int:
        used = 0
        with os.scandir(self._directory) as entries:
            for entry in entries:
                try:
                    used += entry.stat(follow_symlinks=False).st_size
                except OSError:
                    pass  # removed meanwhile
        return used

    def _take_lock(self, origin: str) -> int:
        path = os.path.join(self._directory, origin + ".lock")
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Somebody may have removed the file between opening and locking: a lock on a file without a name protects nothing.
            if not os.path.samestat(os.fstat(lock), os.stat(path)):
                raise OSError("the lock file was replaced")
        except OSError:
            os.close(lock)
            raise
        return lock

    def _release(self, origin: str, lock: int) -> None:
        try:
            os.remove(os.path.join(self._directory, origin + ".lock"))
        except OSError:
            pass
        os.close(lock)


def _origins(names: Iterable[str]) -> Set[str]:
    """Whose batches there are."""
    return {match.group(2) for match in map(_NAME.match, names) if match}


def _head(batch: Batch) -> bytes:
    identity = b"bitacora-spool 1 %s %d %d %d" % (batch.origin.encode(), batch.position, batch.records, len(batch.body))
    return identity + b" %08x\n" % zlib.crc32(batch.body, zlib.crc32(identity))
