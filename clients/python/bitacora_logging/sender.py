"""The thread that brings records from the queue to the server, by way of the disk if there is a spool."""
import os
import random
import socket
import sys
import threading
import time
import traceback
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set

from .backoff import Backoff
from .batch import Batch, halves, make_batch
from .counters import Counters
from .options import Endpoint, KeySource
from .process_end import call_at_end
from .record import Captured, sender_members
from .record_queue import RecordQueue
from .sender_header import sender_header
from .spool import Spool, Unreadable
from .transport import Answer, Transport, Verdict

# How often it is looked for what dead processes left.
ADOPT_SECONDS = 10.0

# When a disk that failed is tried again.
DISK_SECONDS = 1.0


class Settings(NamedTuple):
    endpoint: Endpoint
    key: KeySource
    source: str
    batch_size: int
    batch_timeout: float
    queue_maxsize: int
    spool_directory: Optional[str]
    max_spool_bytes: int
    timeout: float
    shutdown_timeout: float


class Sender:
    """One process's part of a handler: after a fork the child makes a new one. `put` and `stats` may come from any thread.

    Journey of a batch: queue, encoded bytes, spool (if there is one), request, acknowledgement, gone from the spool. Without a spool, or
    while that fails, one batch is held until the server takes it, and the queue fills behind it. One that is too large for the server goes
    on as its halves, and those as theirs, down to single records.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._queue = RecordQueue(settings.queue_maxsize, settings.batch_size, settings.batch_timeout)
        identity = bytearray(os.urandom(16))
        identity[15] &= 0xFE  # even: positions are numbers, not bytes
        self._origin = identity.hex()
        self._position = 0
        self._since = int(time.time())
        self._host = socket.gethostname()
        self._members = sender_members(settings.source, self._host)
        self._transport = Transport(settings.endpoint, settings.key)
        self._backoff = Backoff(time.monotonic, random.random)
        self._spool = Spool(settings.spool_directory, settings.max_spool_bytes, self._origin) if settings.spool_directory else None
        self._adopt_at = 0.0
        self._write_at = 0.0
        self._replay_at = 0.0
        self._held: Optional[Batch] = None
        self._parts: List[Batch] = []  # of a batch that was too large: they are held next
        self._held_before = False  # whether a request has been made for the held one
        self._oldest: Optional[float] = None  # when the oldest record was made that has left the queue and is not acknowledged
        self._said: Set[str] = set()
        self._thread: Optional[threading.Thread] = None
        self._starting = threading.RLock()  # a signal handler may log while its thread is in `_start`
        self._hurried = False
        self._abandoned = False

    def put(self, record: Captured) -> None:
        self._queue.put(record)
        if self._thread is None:
            self._start()

    def flush(self) -> None:
        self._queue.flush()

    def drain(self, timeout: float) -> bool:
        self._queue.flush()
        return self._queue.wait_until_idle(timeout)

    def stats(self) -> Dict[str, Any]:
        counters, queued = self._queue.snapshot()
        values: Dict[str, Any] = dict(counters)
        created = [moment for moment in (queued, self._oldest) if moment is not None]
        values["oldest"] = max(0.0, time.time() - min(created)) if created and counters["waiting"] else 0.0
        return values

    def stop(self, timeout: float) -> None:
        """Brings away what it can within so many seconds; the rest stays in the spool, or is dropped and counted."""
        if self._abandoned:
            return
        self._queue.stop(timeout)
        thread = self._thread
        if thread is not None and thread.is_alive():
            if thread is threading.current_thread():
                return
            thread.join(timeout + 0.25)
            if thread.is_alive():
                self._transport.abort()
                thread.join(0.5)
            if thread.is_alive():
                # It may be looking up a name, which nothing ends. What is still in the queue goes another way, under another identity.
                rescuer = Sender(self._settings)
                rescuer._queue = self._queue
                rescuer._run()
        elif not self._queue.finish():
            self._run()  # no thread could be started: at the interpreter's end none can

    def abandon(self) -> None:
        """In the child of a fork: what is here is the parent's, who sends it. This copy never does, whoever still knows it."""
        self._abandoned = True
        self._transport.abandon()
        if self._spool is not None:
            self._spool.abandon()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="bitacora-logging", daemon=True)
                try:
                    self._thread.start()
                except RuntimeError:
                    self._thread = None  # the interpreter ends; `stop` does the thread's work
                    return
                call_at_end(lambda: self.stop(self._settings.shutdown_timeout))

    def _run(self) -> None:
        while True:
            try:
                self._round()
                if self._queue.stopping and self._held is None and not self._parts and self._queue.finish():
                    break
            except Exception:
                self._say("fault", "a fault of its own: " + traceback.format_exc())
                if self._queue.time_left() == 0:
                    break
                self._backoff.fail()
                self._queue.pause(1.0)
        try:
            self._transport.close()
            if self._spool is not None:
                self._spool.close()
        except OSError as error:
            self._say("disk", "spool: %s" % error)

    def _round(self) -> None:
        """Takes at most one batch out of the queue, and makes at most one request for it and one for an older one."""
        if self._spool is not None and not self._queue.stopping and time.monotonic() >= self._adopt_at:
            self._adopt_at = time.monotonic() + ADOPT_SECONDS
            self._guarded(self._spool.adopt)
        records: List[Captured] = []
        if self._held is None and self._parts:
            self._held, self._held_before, self._write_at = self._parts.pop(0), True, 0.0
        elif self._held is None:
            records = self._queue.take(self._patience())
        else:
            self._queue.pause(self._pause())
        if self._queue.stopping and not self._hurried:
            # At the end there is one more try at once; with a spool that is all, for what is on disk is safe.
            self._hurried = True
            self._backoff.succeed()
            self._write_at = 0.0
        if records:
            self._accept(records)
        over = self._queue.time_left() == 0
        if self._held is not None and self._held.path is None and (over or time.monotonic() >= self._write_at):
            self._write_held()
        if self._held is not None and self._may_request():
            self._finish_held(self._request(self._held, again=self._held_before))
        if self._held is not None and self._held.path is not None:
            self._leave_held()
        if self._may_replay() and not self._queue.stopping:
            self._replay()
        if self._held is not None and over:
            lost = self._held.records + sum(part.records for part in self._parts)
            self._held = None
            self._parts.clear()
            self._release(dropped_shutdown=lost)

    def _patience(self) -> Optional[float]:
        if self._spool is None:
            return None
        until_adoption = max(0.0, self._adopt_at - time.monotonic())
        until_replay = max(self._backoff.remaining(), self._replay_at - time.monotonic())
        return min(until_replay, until_adoption) if self._spool.waiting else until_adoption

    def _pause(self) -> float:
        """Until something can be done for the held batch."""
        until_request = self._backoff.remaining()
        return until_request if self._spool is None else min(until_request, max(0.0, self._write_at - time.monotonic()))

    def _may_request(self) -> bool:
        return self._backoff.remaining() == 0 and self._queue.time_left() != 0

    def _may_replay(self) -> bool:
        return self._spool is not None and self._spool.waiting and time.monotonic() >= self._replay_at and self._may_request()

    def _accept(self, records: List[Captured]) -> None:
        batch = make_batch(self._origin, self._position, records, self._members)
        self._position += batch.records
        if self._oldest is None:
            self._oldest = batch.created
        self._held, self._held_before = batch, False
        self._write_at = 0.0

    def _write_held(self) -> None:
        """Puts the held batch on disk, if there is a spool; drops it if that is full."""
        batch, spool = self._held, self._spool
        if batch is None or spool is None:
            return
        self._write_at = time.monotonic() + DISK_SECONDS
        try:
            if not spool.has_room(len(batch.body)) and self._may_replay():
                self._replay()
            if spool.has_room(len(batch.body)):
                self._held = spool.write(batch)
                return
        except OSError as error:
            self._say("disk", "cannot write to the spool, so batches wait in memory: %s" % error)
            return
        self._say("full", "the spool is full (max_spool_bytes): records are dropped")
        self._held = None
        self._release(dropped_spool=batch.records)

    def _leave_held(self) -> None:
        """The held batch is safe on disk: the next one's turn."""
        batch, spool = self._held, self._spool
        assert batch is not None and spool is not None
        records = batch.records
        self._held = None
        spool.leave()
        self._queue.count(lambda counters: _add(counters, spooled=records))

    def _finish_held(self, answer: Answer) -> None:
        assert self._held is not None
        self._held_before = True
        if self._finish(self._held, answer):
            self._held = None

    def _replay(self) -> None:
        """Sends the oldest batch that waits on disk."""
        spool = self._spool
        assert spool is not None
        try:
            batch = spool.oldest()
        except Unreadable as torn:
            batch = torn.batch
            self._say("torn", "%s: %s; it is kept as .torn" % (batch.path, torn))
            self._guarded(spool.set_aside, batch, "torn")
            self._queue.count(lambda counters: _add(counters, torn=1))
            if batch.own:
                self._release(dropped_spool=batch.records)
            return
        except OSError as error:
            self._say("spool", "spool: %s" % error)
            self._replay_at = time.monotonic() + DISK_SECONDS
            return
        if batch is None:
            return
        if batch.own:
            self._oldest = batch.created
        self._finish(batch, self._request(batch, again=batch.own), replay=True)

    def _request(self, batch: Batch, again: bool) -> Answer:
        timeout = self._settings.timeout
        left = self._queue.time_left()
        if left is not None:
            timeout = max(0.05, min(timeout, left))
        self._queue.count(lambda counters: _add(counters, batches=0 if again else 1, retries=1 if again else 0))
        answer = self._transport.post(batch, sender_header(self._settings.source, self._host, self._since, self.stats()), timeout)
        if answer.error:
            def set_error(counters: Counters) -> None:
                counters.last_error = answer.error[:200]
            self._queue.count(set_error)
        if answer.verdict in (Verdict.RETRY, Verdict.RETRY_SLOWLY):
            self._say("away", "the server does not take records: %s; trying again" % answer.error)
            self._backoff.fail(answer.retry_after, slow=answer.verdict is Verdict.RETRY_SLOWLY)
        else:
            self._backoff.succeed()
            if "away" in self._said:
                self._said.discard("away")
                self._print("the server takes records again")
        return answer

    def _finish(self, batch: Batch, answer: Answer, replay: bool = False) -> bool:
        """What an answer means for the batch; False if it must be sent again."""
        if answer.verdict in (Verdict.RETRY, Verdict.RETRY_SLOWLY):
            return False
        if answer.verdict is Verdict.TOO_LARGE:
            return self._split(batch)
        refused = batch.records - answer.taken
        if refused:
            self._say("refused", "the server refused %d records: %s" % (refused, answer.error))
        spool = self._spool
        if spool is not None and batch.path is not None:
            if answer.verdict is Verdict.REFUSED:
                self._guarded(spool.set_aside, batch, "refused")
            else:
                self._guarded(spool.remove, batch)
        replayed = answer.taken if replay else 0
        if batch.own:
            self._release(dropped_refused=refused, delivered=answer.taken, replayed=replayed)
        else:
            self._queue.count(lambda counters: _add(counters, adopted_refused=refused, replayed=replayed))
        return True

    def _split(self, batch: Batch) -> bool:
        """Puts the halves of a batch in its place, in memory or on disk; False if it must stay as it is for now."""
        spool = self._spool
        if spool is None or batch.path is None:
            self._parts[:0] = halves(batch)
            return True
        written: List[Batch] = []
        try:
            for half in halves(batch):
                written.append(spool.write(half))
        except OSError as error:
            self._say("disk", "cannot write to the spool: %s" % error)
            self._replay_at = time.monotonic() + DISK_SECONDS
            for half in written:
                self._guarded(spool.remove, half)
            return False
        for _ in written:
            spool.leave()
        self._guarded(spool.remove, batch)
        return True

    def _release(self, replayed: int = 0, **outcomes: int) -> None:
        """Records that are not in hand any more, with what became of them. What is on disk is done with before: a count is a promise."""
        def change(counters: Counters) -> None:
            _add(counters, replayed=replayed, in_hand=-sum(outcomes.values()), **outcomes)
            if not counters.in_hand:
                self._oldest = None
        self._queue.count(change)

    def _guarded(self, action: Callable[..., None], *arguments: Any) -> None:
        try:
            action(*arguments)
        except OSError as error:
            self._say("spool", "spool: %s" % error)

    def _say(self, what: str, text: str) -> None:
        """Once for each kind of trouble: the program's standard error is no log of this one's."""
        if what not in self._said:
            self._said.add(what)
            self._print(text)

    @staticmethod
    def _print(text: str) -> None:
        try:
            sys.stderr.write("bitacora_logging: %s\n" % text)
        except Exception:
            pass  # there may be no standard error


def _add(counters: Counters, **changes: int) -> None:
    for name, change in changes.items():
        setattr(counters, name, getattr(counters, name) + change)
