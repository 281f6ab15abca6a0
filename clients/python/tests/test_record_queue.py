"""The bounded queue."""
import logging
import threading
import time
import unittest

from bitacora_logging.record import Captured
from bitacora_logging.record_queue import BATCH_BYTES, QUEUE_BYTES, RecordQueue


def record(level: int = logging.INFO, size: int = 1000) -> Captured:
    return Captured(time.time(), level, "", "n", "m", None, None, None, (None, 1, 2, None), {}, size)


class Queues(unittest.TestCase):
    def queue(self, maxsize: int = 80, batch_size: int = 10, batch_timeout: float = 60) -> RecordQueue:
        return RecordQueue(maxsize, batch_size, batch_timeout)

    def test_full_queue_drops_the_newest_and_leaves_the_last_eighth_to_warnings(self) -> None:
        queue = self.queue()
        for _ in range(100):
            queue.put(record())
        self.assertEqual((queue.counters.accepted, queue.counters.dropped_full), (70, 30))
        for _ in range(20):
            queue.put(record(logging.WARNING))
        self.assertEqual((queue.counters.accepted, queue.counters.dropped_full), (80, 40))

    def test_bytes_are_bounded_as_well_as_numbers(self) -> None:
        queue = self.queue(maxsize=10000)
        for _ in range(100):
            queue.put(record(size=2 ** 20))
        self.assertEqual(queue.counters.accepted, QUEUE_BYTES // 2 ** 20 * 7 // 8)
        for _ in range(100):
            queue.put(record(logging.ERROR, size=2 ** 20))
        self.assertEqual(queue.counters.accepted, QUEUE_BYTES // 2 ** 20)

    def test_a_batch_comes_when_it_is_full(self) -> None:
        queue = self.queue()
        for _ in range(9):
            queue.put(record())
        self.assertEqual(queue.take(0), [])
        queue.put(record())
        self.assertEqual(len(queue.take(0)), 10)

    def test_a_batch_comes_when_its_oldest_record_has_waited_long_enough(self) -> None:
        queue = self.queue(batch_timeout=0.02)
        queue.put(record())
        began = time.monotonic()
        self.assertEqual(len(queue.take(10)), 1)
        self.assertLess(time.monotonic() - began, 5)

    def test_a_batch_is_bounded_by_bytes_and_a_greater_record_goes_alone(self) -> None:
        queue = self.queue()
        for size in (BATCH_BYTES * 2, BATCH_BYTES // 2, BATCH_BYTES // 2, 1):
            queue.put(record(size=size))
        self.assertEqual([len(queue.take(0)) for _ in range(3)], [1, 2, 0])

    def test_flush_and_stop_give_out_what_is_there(self) -> None:
        queue = self.queue()
        queue.put(record())
        queue.flush()
        self.assertEqual(len(queue.take(0)), 1)
        queue.put(record())
        self.assertEqual(queue.take(0), [])
        queue.stop(10)
        self.assertFalse(queue.finish())
        self.assertEqual(len(queue.take(None)), 1)
        self.assertEqual(queue.take(None), [])
        self.assertTrue(queue.finish())

    def test_records_behind_the_end_are_counted(self) -> None:
        queue = self.queue()
        queue.finish()
        queue.put(record())
        self.assertEqual((queue.counters.accepted, queue.counters.dropped_shutdown), (1, 1))

    def test_a_small_queue_still_makes_full_batches(self) -> None:
        queue = self.queue(maxsize=16, batch_size=16)
        for _ in range(14):
            queue.put(record())
        self.assertEqual(len(queue.take(0)), 14)

    def test_a_waiting_taker_is_woken_by_a_full_batch(self) -> None:
        queue = self.queue()
        taken = []
        taker = threading.Thread(target=lambda: taken.extend(queue.take(30)))
        taker.start()
        for _ in range(10):
            queue.put(record())
        taker.join(10)
        self.assertEqual(len(taken), 10)

    def test_counts_are_exact_under_threads(self) -> None:
        queue = self.queue(maxsize=500, batch_size=50, batch_timeout=0.001)
        stop = threading.Event()
        taken = []

        def take() -> None:
            while not stop.is_set() or queue.snapshot()[0]["waiting"] != queue.counters.in_hand:
                taken.append(len(queue.take(0.01)))

        taker = threading.Thread(target=take)
        taker.start()
        writers = [threading.Thread(target=lambda: [queue.put(record()) for _ in range(2000)]) for _ in range(8)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        stop.set()
        taker.join(30)
        self.assertEqual(queue.counters.accepted + queue.counters.dropped_full, 16000)
        self.assertEqual(sum(taken), queue.counters.accepted)
        self.assertEqual(queue.counters.in_hand, queue.counters.accepted)

    def test_a_signal_handler_may_log_while_its_thread_holds_the_lock(self) -> None:
        queue = self.queue()
        queue.count(lambda counters: queue.put(record()))
        self.assertEqual(queue.counters.accepted, 1)

    def test_behind_the_deadline_of_a_stop_nothing_is_taken(self) -> None:
        queue = self.queue()
        queue.put(record())
        queue.stop(60)
        queue.put(record())
        self.assertEqual(len(queue.take(None)), 2)
        queue = self.queue()
        queue.put(record())
        queue.stop(0)
        queue.put(record())
        self.assertEqual((queue.counters.accepted, queue.counters.dropped_shutdown), (2, 1))
        self.assertEqual(len(queue.take(None)), 1)
        self.assertTrue(queue.finish())


if __name__ == "__main__":
    unittest.main()
