"""The bounded queue between the program's threads and the sender's one."""
import logging
import threading
from collections import deque
from time import monotonic
from typing import Callable, Deque, Dict, List, Optional, Tuple, Union

from .counters import Counters
from .record import Captured

# A batch has at most so much text (a longer record is a batch by itself): proxies refuse bodies over 1 MiB, compressed or not.
BATCH_BYTES = 1024 * 1024

# A default queue takes 24 MiB at most, so that full it stays below 40 MiB with the batch that is on its way.
QUEUE_BYTES = 24 * 1024 * 1024
QUEUE_BYTES_A_RECORD = 2400


class RecordQueue:
    """Takes records without waiting, and gives them out in batches that are full or old enough.

    When full, by number or by bytes, the newest record is dropped; the last eighth is for WARNING and above. One lock guards the queue and
    the counters; it is reentrant because a signal handler may log while its own thread holds it.
    """

    def __init__(self, maxsize: int, batch_size: int, batch_timeout: float) -> None:
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._records: Deque[Tuple[float, Captured]] = deque()
        self._coming: Deque[Captured] = deque()
        self._admitting = False
        self._bytes = 0
        self._maxsize = maxsize
        self._max_bytes = max(QUEUE_BYTES, maxsize * QUEUE_BYTES_A_RECORD)
        self._batch_size = min(batch_size, maxsize - maxsize // 8)  # more records below WARNING there never are
        self._batch_timeout = batch_timeout
        self._hurry = False
        self._deadline: Optional[float] = None
        self._finished = False
        self.counters = Counters()

    def put(self, record: Captured) -> None:
        with self._lock:  # the condition's own, which is entered in C
            if self._admitting:  # a signal handler logs in the middle of this
                self._coming.append(record)
                return
            self._admitting = True
            try:
                self._add(record)
            finally:
                self._admitting = False
            if self._coming:
                self._admit()

    def _admit(self) -> None:
        """Counts and queues what signal handlers have logged in the middle of `put`."""
        if self._admitting:
            return
        self._admitting = True
        try:
            while self._coming:
                self._add(self._coming.popleft())
        finally:
            self._admitting = False

    def _add(self, record: Captured) -> None:
        counters = self.counters
        # Behind the deadline too: whoever logs on and on does not keep a stop from its end.
        if self._finished or self._deadline is not None and monotonic() >= self._deadline:
            counters.accepted += 1
            counters.dropped_shutdown += 1
            return
        waiting = len(self._records)
        bytes_after = self._bytes + record.size
        if waiting >= self._maxsize or bytes_after > self._max_bytes or (record.level < logging.WARNING and (
                waiting >= self._maxsize - self._maxsize // 8 or bytes_after > self._max_bytes - self._max_bytes // 8)):
            counters.dropped_full += 1
            return
        counters.accepted += 1
        self._bytes = bytes_after
        self._records.append((monotonic(), record))
        # The thread is woken when it must begin to wait for a batch, and when the batch is complete; not by each record.
        if waiting == 0 or waiting + 1 == self._batch_size or bytes_after - record.size < BATCH_BYTES <= bytes_after:
            self._changed.notify_all()

    def take(self, patience: Optional[float]) -> List[Captured]:
        """A batch as soon as it is full or old enough, at once when flushing or stopping; none if there is none within so many seconds."""
        with self._changed:
            self._admit()
            end = None if patience is None else monotonic() + patience
            while not self._due() and not (self._deadline is not None and not self._records):
                now = monotonic()
                limits = [] if end is None else [end]
                if self._records:
                    limits.append(self._records[0][0] + self._batch_timeout)
                if limits and min(limits) <= now:
                    break
                self._changed.wait(min(limits) - now if limits else None)
            batch: List[Captured] = []
            if not self._due():
                return batch
            size = 0
            while self._records and len(batch) < self._batch_size:
                record = self._records[0][1]
                if batch and size + record.size > BATCH_BYTES:
                    break
                self._records.popleft()
                batch.append(record)
                size += record.size
            self._bytes -= size
            self.counters.in_hand += len(batch)
            if not self._records:
                self._hurry = False
            return batch

    def _due(self) -> bool:
        records = self._records
        return bool(records) and (
            self._hurry or self._deadline is not None or len(records) >= self._batch_size
            or monotonic() - records[0][0] >= self._batch_timeout or self._bytes >= BATCH_BYTES)

    def pause(self, seconds: float) -> None:
        """Waits, but not beyond a stop."""
        with self._changed:
            if self._deadline is not None:
                seconds = min(seconds, self._deadline - monotonic())
                if seconds > 0:
                    self._changed.wait(seconds)
            else:
                self._changed.wait_for(lambda: self._deadline is not None, seconds)

    def flush(self) -> None:
        """Gives out what is there without waiting for a full batch."""
        with self._changed:
            self._hurry = bool(self._records)
            self._changed.notify_all()

    def stop(self, timeout: float) -> None:
        """From now on everything is given out at once, and nothing waits for longer than so many seconds."""
        with self._changed:
            if self._deadline is None:
                self._deadline = monotonic() + timeout
                self._changed.notify_all()

    def finish(self) -> bool:
        """Takes nothing any more; False while there is still something to give out."""
        with self._changed:
            if self._records:
                return False
            self._finished = True
            self._changed.notify_all()
            return True

    @property
    def stopping(self) -> bool:
        return self._deadline is not None

    def time_left(self) -> Optional[float]:
        """Seconds until a stop wants to be over; None without a stop."""
        return None if self._deadline is None else max(0.0, self._deadline - monotonic())

    def count(self, change: Callable[[Counters], None]) -> None:
        """Changes counters together, so that no snapshot is between two of them."""
        with self._changed:
            change(self.counters)
            self._changed.notify_all()

    def snapshot(self) -> Tuple[Dict[str, Union[int, str]], Optional[float]]:
        """The counters, and when the oldest record in the queue was made."""
        with self._changed:
            self._admit()
            return self.counters.snapshot(len(self._records)), self._records[0][1].created if self._records else None

    def wait_until_idle(self, timeout: float) -> bool:
        """Whether all that was accepted is acknowledged or dropped within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._records and not self.counters.in_hand, timeout)
