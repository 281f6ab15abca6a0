"""Batches on disk."""
import errno
import os
import shutil
import threading
import unittest
from typing import Any, List
from unittest import mock

from bitacora_logging.batch import Batch
from bitacora_logging.spool import ADOPTED, NAMES, Spool, Unreadable
from tests.support import ClientTestCase, closed_port, logger_of, wait_until

MIB = 1024 * 1024


def origin(number: int) -> str:
    return "%032x" % (number * 2)


class Spools(ClientTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.directory()

    def spool(self, number: int, max_bytes: int = MIB) -> Spool:
        spool = Spool(self.path, max_bytes, origin(number))
        self.addCleanup(spool.abandon)
        return spool

    def write(self, spool: Spool, number: int, position: int, created: float = 1000.0, body: bytes = b"body") -> Batch:
        batch = spool.write(Batch(origin(number), position, 2, created + position, body))
        spool.leave()
        return batch

    def files(self, ending: str) -> List[str]:
        return sorted(name for name in os.listdir(self.path) if name.endswith(ending))

    def positions(self, spool: Spool) -> List[int]:
        found = []
        while True:
            batch = spool.oldest()
            if batch is None:
                return found
            found.append(batch.position)
            spool.remove(batch)

    def test_batches_come_back_as_they_were_oldest_first(self) -> None:
        spool = self.spool(1)
        written = [self.write(spool, 1, position, body=b"body %d" % position) for position in (0, 2, 4)]
        batch = spool.oldest()
        assert batch is not None
        self.assertEqual((batch.origin, batch.position, batch.records, batch.body, batch.own), (origin(1), 0, 2, b"body 0", True))
        self.assertEqual(batch.path, written[0].path)
        self.assertEqual(self.positions(spool), [0, 2, 4])
        self.assertEqual(self.files(".batch"), [])

    def test_more_batches_than_names_are_held_come_in_order_too(self) -> None:
        spool = self.spool(1, max_bytes=100 * MIB)
        with mock.patch("os.fsync"):
            for position in range(2 * NAMES + 50):
                self.write(spool, 1, position)
        self.assertEqual(self.positions(spool), list(range(2 * NAMES + 50)))

    def test_what_a_living_process_has_is_not_touched(self) -> None:
        ours, theirs = self.spool(1), self.spool(2)
        self.write(theirs, 2, 0)
        ours.adopt()
        self.assertIsNone(ours.oldest())
        self.assertEqual(self.positions(theirs), [0])

    def test_what_a_dead_process_left_is_taken_over_by_one(self) -> None:
        dead, first, second = self.spool(1), self.spool(2), self.spool(3)
        for position in (0, 2):
            self.write(dead, 1, position)
        dead.close()
        first.adopt()
        second.adopt()
        batch = first.oldest()
        assert batch is not None
        self.assertFalse(batch.own)
        self.assertIsNone(second.oldest())
        self.assertEqual(self.positions(first), [0, 2])
        first.adopt()
        self.assertEqual(self.files(".lock"), [])

    def test_only_one_of_many_gets_a_dead_ones_batches(self) -> None:
        dead = self.spool(0)
        for position in range(50):
            self.write(dead, 0, position)
        dead.close()
        spools = [self.spool(number) for number in range(1, 9)]
        got: List[List[int]] = []
        ready = threading.Barrier(8)

        def take(spool: Spool) -> None:
            ready.wait()
            spool.adopt()
            got.append(self.positions(spool))

        threads = [threading.Thread(target=take, args=(spool,)) for spool in spools]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(map(len, got)), [0] * 7 + [50])

    def test_adopted_and_own_batches_come_in_the_order_of_time(self) -> None:
        dead, ours = self.spool(1), self.spool(2)
        self.write(ours, 2, 5)
        self.assertIsNotNone(ours.oldest())
        for position in (3, 8):
            self.write(dead, 1, position)
        dead.close()
        ours.adopt()
        self.assertEqual(self.positions(ours), [3, 5, 8])

    def test_a_dead_process_that_left_nothing_leaves_no_lock(self) -> None:
        dead, ours = self.spool(1), self.spool(2)
        batch = dead.write(Batch(origin(1), 0, 2, 1000.0, b"body"))
        dead.remove(batch)
        dead.close()
        self.assertEqual(self.files(""), [])
        open(os.path.join(self.path, origin(3) + ".lock"), "w").close()
        ours.adopt()
        self.assertEqual(self.files(""), [])

    def test_batches_without_a_lock_file_are_found_too(self) -> None:
        dead, ours = self.spool(1), self.spool(2)
        self.write(dead, 1, 0)
        dead.close()
        os.remove(os.path.join(self.path, origin(1) + ".lock"))
        ours.adopt()
        self.assertEqual(self.positions(ours), [0])

    def test_the_number_of_adopted_processes_is_bounded_and_all_come_in_the_end(self) -> None:
        for number in range(1, ADOPTED + 6):
            dead = self.spool(number)
            self.write(dead, number, number)
            dead.close()
        ours = self.spool(100)
        ours.adopt()
        self.assertEqual(len(self.positions(ours)), ADOPTED)
        ours.adopt()
        self.assertEqual(len(self.positions(ours)), 5)

    def test_every_damage_to_a_file_is_noticed_and_kept_aside(self) -> None:
        spool = self.spool(1)
        path = self.write(spool, 1, 0, body=b"some body").path
        assert path is not None
        with open(path, "rb") as file:
            whole = file.read()
        damaged = [whole[:length] for length in range(len(whole))] + [whole + b"x"]
        damaged += [whole[:i] + bytes([whole[i] ^ 4]) + whole[i + 1:] for i in range(len(whole))]
        for content in damaged:
            with open(path, "wb") as file:
                file.write(content)
            with self.assertRaises(Unreadable):
                spool.oldest()
        with self.assertRaises(Unreadable) as caught:
            spool.oldest()
        self.assertEqual(caught.exception.batch.records, 2)
        spool.set_aside(caught.exception.batch, "torn")
        self.assertIsNone(spool.oldest())
        self.assertEqual(len(self.files(".torn")), 1)

    def test_a_file_that_cannot_be_read_now_is_left_as_it_is_and_does_not_stop_the_others(self) -> None:
        spool = self.spool(1)
        for number in (errno.EMFILE, errno.ENFILE, errno.EIO, errno.EACCES, errno.ESTALE):
            for position in (0, 2):
                self.write(spool, 1, position)
            with mock.patch("bitacora_logging.spool.open", create=True, side_effect=OSError(number, os.strerror(number))):
                with self.assertRaises(OSError):
                    spool.oldest()
            self.assertTrue(spool.waiting)
            self.assertEqual(self.positions(spool), [2, 0])
            self.assertFalse(spool.waiting)

    def test_a_file_that_is_gone_is_unreadable(self) -> None:
        spool = self.spool(1)
        path = self.write(spool, 1, 0).path
        assert path is not None
        self.assertIsNotNone(spool.oldest())
        os.remove(path)
        with self.assertRaises(Unreadable):
            spool.oldest()

    def test_a_file_that_was_not_finished_is_taken_if_it_is_whole(self) -> None:
        for content_of, whole in ((lambda text: text, True), (lambda text: text[:-1], False)):
            dead = self.spool(1)
            path = self.write(dead, 1, 0).path
            assert path is not None
            dead.close()
            with open(path, "rb") as file:
                content = file.read()
            os.remove(path)
            with open(path[:-6] + ".tmp", "wb") as file:
                file.write(content_of(content))
            ours = self.spool(2)
            ours.adopt()
            if whole:
                self.assertEqual(self.positions(ours), [0])
            else:
                with self.assertRaises(Unreadable):
                    ours.oldest()
            ours.close()

    def test_the_bound_counts_what_all_processes_have(self) -> None:
        ours, theirs = self.spool(1), self.spool(2)
        self.write(theirs, 2, 0, body=b"x" * (MIB // 2))
        self.write(ours, 1, 0, body=b"x" * (MIB // 4))
        self.assertTrue(ours.has_room(MIB // 8))
        self.assertFalse(ours.has_room(MIB // 4))
        self.assertFalse(theirs.has_room(MIB // 4))
        self.positions(theirs)
        wait_until(lambda: ours.has_room(MIB // 4), "room")

    def test_files_are_for_the_user_alone(self) -> None:
        spool = self.spool(1)
        self.write(spool, 1, 0)
        self.assertEqual({os.stat(os.path.join(self.path, name)).st_mode & 0o777 for name in self.files("")}, {0o600})

    def test_a_failed_write_leaves_nothing(self) -> None:
        spool = self.spool(1)
        with mock.patch("os.fsync", side_effect=OSError(28, "No space left on device")):
            with self.assertRaises(OSError):
                spool.write(Batch(origin(1), 0, 2, 1000.0, b"body"))
        self.assertEqual(self.files(".tmp") + self.files(".batch"), [])


def failing(action: Any, *errors: int) -> Any:
    """The action, which fails the first times with these errors."""
    numbers = list(errors)

    def act(*arguments: Any, **named: Any) -> Any:
        if numbers:
            number = numbers.pop(0)
            raise OSError(number, os.strerror(number))
        return action(*arguments, **named)

    return act


class Replays(ClientTestCase):
    def setUp(self) -> None:
        super().setUp()
        patch = mock.patch("bitacora_logging.sender.DISK_SECONDS", 0.01)
        patch.start()
        self.addCleanup(patch.stop)

    def test_nothing_is_lost_and_nothing_twice_while_the_server_is_away(self) -> None:
        port = closed_port()
        handler = self.handler("http://127.0.0.1:%d" % port, batch_size=10, queue_maxsize=50, spool_directory=self.directory())
        logger = logger_of(handler)
        for i in range(300):
            logger.info("record %d", i)
            if i % 20 == 0:
                wait_until(lambda: handler.get_stats()["spooled"] >= i - 20, "records on disk")
        wait_until(lambda: handler.get_stats()["spooled"] == 300, "all records on disk")
        stats = self.assert_identity(handler)
        self.assertEqual((stats["waiting"], stats["logs_dropped"]), (300, 0))
        server = self.serve("close", 503, port=port)
        self.assertTrue(handler.drain(20))
        self.assertEqual(sorted(server.messages()), sorted("record %d" % i for i in range(300)))
        stats = self.assert_identity(handler)
        self.assertEqual((stats["logs_written"], stats["replayed"]), (300, 300))

    def test_replay_is_in_order_and_live_records_do_not_wait_for_it(self) -> None:
        port = closed_port()
        handler = self.handler("http://127.0.0.1:%d" % port, batch_size=1, spool_directory=self.directory())
        logger = logger_of(handler)
        for i in range(30):
            logger.info("old %d", i)
        wait_until(lambda: handler.get_stats()["spooled"] == 30, "all records on disk")
        server = self.serve(port=port)
        server.wait_for_records(3)
        logger.info("live")
        self.assertTrue(handler.drain(20))
        messages = server.messages()
        self.assertEqual([message for message in messages if message != "live"], ["old %d" % i for i in range(30)])

    def test_what_is_left_at_the_end_is_sent_by_the_next(self) -> None:
        directory = self.directory()
        port = closed_port()
        handler = self.handler("http://127.0.0.1:%d" % port, batch_size=10, spool_directory=directory)
        logger = logger_of(handler)
        for i in range(25):
            logger.info("old %d", i)
        handler.close()
        stats = self.assert_identity(handler)
        self.assertEqual((stats["logs_dropped"], stats["waiting"]), (0, 25))
        server = self.serve(port=port)
        following = self.handler("http://127.0.0.1:%d" % port, spool_directory=directory)
        logger_of(following).info("new")
        server.wait_for_records(26)
        wait_until(lambda: following.get_stats()["replayed"] == 25, "the replay")
        following.close()
        stats = self.assert_identity(following)
        self.assertEqual((stats["logs_queued"], stats["logs_written"]), (1, 1))
        self.assertEqual(os.listdir(directory), [])
        self.assertEqual(len({request.identity[0] for request in server.requests}), 2)

    def test_a_full_spool_drops_the_newest_and_counts_it(self) -> None:
        handler = self.handler("http://127.0.0.1:%d" % closed_port(), batch_size=1, spool_directory=self.directory(), max_spool_bytes=MIB)
        logger = logger_of(handler)
        for i in range(100):
            logger.info("record %d", i, extra={"noise": os.urandom(25000).hex()[:32000]})
        wait_until(lambda: handler.get_stats()["spooled"] + handler.get_stats()["dropped_spool"] == 100, "all records handled")
        stats = self.assert_identity(handler)
        self.assertGreater(stats["dropped_spool"], 0)
        self.assertGreater(stats["spooled"], 20)
        self.assertEqual(len([said for said in self.said if "full" in said]), 1)

    def test_a_disk_that_fails_costs_nothing_while_the_server_is_there(self) -> None:
        server = self.serve()
        handler = self.handler(server.endpoint, batch_size=10, spool_directory=self.directory())
        with mock.patch("os.fsync", side_effect=OSError(28, "No space left on device")):
            logger = logger_of(handler)
            for i in range(20):
                logger.info("record %d", i)
            self.assertTrue(handler.drain(10))
        self.assertEqual(len(server.records), 20)
        self.assertIn("No space left", self.said[0])

    def test_a_disk_that_failed_is_tried_again_while_the_server_is_away(self) -> None:
        port = closed_port()
        handler = self.handler("http://127.0.0.1:%d" % port, batch_size=10, queue_maxsize=80, spool_directory=self.directory())
        logger = logger_of(handler)
        with mock.patch("os.fsync", failing(os.fsync, errno.ENOSPC, errno.EMFILE)):
            for i in range(30):
                logger.info("record %d", i)
            wait_until(lambda: handler.get_stats()["spooled"] == 30, "all records on disk")
        stats = self.assert_identity(handler)
        self.assertEqual((stats["waiting"], stats["logs_dropped"]), (30, 0))
        server = self.serve(port=port)
        self.assertTrue(handler.drain(20))
        self.assertEqual(sorted(server.messages()), sorted("record %d" % i for i in range(30)))
        self.assertEqual(self.assert_identity(handler)["logs_dropped"], 0)

    def test_what_a_failed_disk_left_in_memory_has_its_last_try_at_the_end(self) -> None:
        for failures in (1, 2):  # before the end; and again at its beginning
            with self.subTest(failures), mock.patch("bitacora_logging.sender.DISK_SECONDS", 1000):
                directory = self.directory()
                handler = self.handler(
                    "http://127.0.0.1:%d" % closed_port(), batch_size=10, batch_timeout=60, shutdown_timeout=2.0, spool_directory=directory)
                logger = logger_of(handler)
                with mock.patch("os.fsync", failing(os.fsync, *[errno.ENOSPC] * failures)):
                    for i in range(25):
                        logger.info("record %d", i)
                    wait_until(lambda: handler.get_stats()["retries"] > 0, "the first batch is held in memory")
                    handler.close()
                stats = self.assert_identity(handler)
                self.assertEqual((stats["logs_dropped"], stats["waiting"]), (0, 25))
                wait_until(lambda: len([name for name in os.listdir(directory) if name.endswith(".batch")]) == 3, "all batches on disk")

    def test_batches_that_could_not_be_read_once_are_sent(self) -> None:
        directory = self.directory()
        port = closed_port()
        handler = self.handler("http://127.0.0.1:%d" % port, batch_size=1, spool_directory=directory)
        logger = logger_of(handler)
        with mock.patch("bitacora_logging.spool.open", failing(open, errno.EMFILE), create=True):
            for i in range(3):
                logger.info("record %d", i)
            wait_until(lambda: handler.get_stats()["spooled"] == 3, "all records on disk")
            server = self.serve(port=port)
            self.assertTrue(handler.drain(20))
        self.assertEqual(sorted(server.messages()), ["record 0", "record 1", "record 2"])
        stats = self.assert_identity(handler)
        self.assertEqual((stats["torn"], stats["logs_dropped"]), (0, 0))

    def test_a_file_that_nobody_may_read_does_not_slow_the_live_records(self) -> None:
        port = closed_port()
        handler = self.handler("http://127.0.0.1:%d" % port, batch_size=1, spool_directory=self.directory())
        logger = logger_of(handler)
        with mock.patch("bitacora_logging.spool.open", create=True, side_effect=OSError(errno.EACCES, "Permission denied")):
            logger.info("unreadable")
            wait_until(lambda: handler.get_stats()["spooled"] == 1, "the record is on disk")
            server = self.serve(port=port)
            wait_until(lambda: any("Permission denied" in said for said in self.said), "the file was tried")
            spooled = handler.get_stats()["spooled"]
            for i in range(20):
                logger.info("live %d", i)
            server.wait_for_records(20)
            self.assertEqual(handler.get_stats()["spooled"], spooled)
        self.assertTrue(handler.drain(20))
        self.assertEqual(self.assert_identity(handler)["logs_dropped"], 0)

    def test_a_directory_that_disappears_costs_nothing_while_the_server_is_there(self) -> None:
        directory = os.path.join(self.directory(), "spool")
        server = self.serve()
        handler = self.handler(server.endpoint, batch_size=1, spool_directory=directory)
        logger = logger_of(handler)
        logger.info("before")
        self.assertTrue(handler.drain(10))
        shutil.rmtree(directory)
        logger.info("behind")
        self.assertTrue(handler.drain(10))
        self.assertEqual(server.messages(), ["before", "behind"])
        self.assert_identity(handler)

    def test_a_refused_batch_is_kept_aside(self) -> None:
        directory = self.directory()
        server = self.serve(400)
        handler = self.handler(server.endpoint, batch_size=5, batch_timeout=60, spool_directory=directory)
        logger = logger_of(handler)
        for i in range(5):
            logger.info("record %d", i)
        self.assertTrue(handler.drain(10))
        self.assertEqual(self.assert_identity(handler)["dropped_refused"], 5)
        self.assertEqual([name.rsplit(".", 1)[1] for name in os.listdir(directory) if not name.endswith(".lock")], ["refused"])

    def test_a_batch_that_is_too_large_leaves_only_the_record_that_is(self) -> None:
        directory = self.directory()
        server = self.serve(503, most_bytes=2000)
        handler = self.handler(server.endpoint, batch_size=8, batch_timeout=60, spool_directory=directory)
        logger = logger_of(handler)
        for i in range(16):  # the first eight come from the disk, the others are held
            logger.info("record %d%s", i, "x" * 2000 if i in (3, 12) else "")
        self.assertTrue(handler.drain(20))
        self.assertEqual(sorted(server.messages()), sorted("record %d" % i for i in range(16) if i not in (3, 12)))
        self.assertEqual(len(set(position for _, position in server.records)), 14)
        stats = self.assert_identity(handler)
        self.assertEqual((stats["logs_written"], stats["dropped_refused"], stats["torn"]), (14, 2, 0))
        left = sorted(name.split("-", 2)[2] for name in os.listdir(directory) if not name.endswith(".lock"))
        self.assertEqual(left, ["12-1.refused", "3-1.refused"])

    def test_a_batch_that_is_too_large_stays_whole_while_the_disk_does_not_take_its_halves(self) -> None:
        directory = self.directory()
        server = self.serve(413)
        handler = self.handler(server.endpoint, batch_size=8, batch_timeout=60, spool_directory=directory)
        logger = logger_of(handler)
        write = Spool.write
        failing = iter([False, False, True])

        def fail_third(spool: Spool, batch: Batch) -> Batch:
            if next(failing, False):
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(spool, batch)

        with mock.patch.object(Spool, "write", fail_third):
            for i in range(8):
                logger.info("record %d", i)
            self.assertTrue(handler.drain(20))
        self.assertEqual(server.messages(), ["record %d" % i for i in range(8)])
        self.assertEqual([len(request.lines) for request in server.requests], [8, 8])
        self.assertEqual(self.assert_identity(handler)["logs_written"], 8)
        self.assertEqual([name for name in os.listdir(directory) if name.endswith(".batch")], [])

    def test_a_torn_file_is_counted_and_does_not_stop_the_others(self) -> None:
        directory = self.directory()
        port = closed_port()
        handler = self.handler("http://127.0.0.1:%d" % port, batch_size=1, spool_directory=directory)
        logger = logger_of(handler)
        for i in range(3):
            logger.info("record %d", i)
        wait_until(lambda: handler.get_stats()["spooled"] == 3, "all records on disk")
        first = min(name for name in os.listdir(directory) if name.endswith(".batch"))
        with open(os.path.join(directory, first), "r+b") as file:
            file.truncate(100)
        server = self.serve(port=port)
        self.assertTrue(handler.drain(20))
        self.assertEqual(sorted(server.messages()), ["record 1", "record 2"])
        stats = self.assert_identity(handler)
        self.assertEqual((stats["torn"], stats["dropped_spool"]), (1, 1))


if __name__ == "__main__":
    unittest.main()
