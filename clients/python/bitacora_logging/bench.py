"""Measures on this machine what logging costs a program: `python -m bitacora_logging.bench`.

Without --endpoint the records go to a small server in a process of its own, which takes and forgets them.
"""
import argparse
import gc
import http.server
import json
import logging
import multiprocessing
import os
import statistics
import sys
import time
from typing import Any, List, Optional, Tuple

from .handler import BitacoraHandler

GOAL_MS = 0.5  # of the original's own benchmark, for a log on average
CALL_MS = 0.1
OVERHEAD_US = 25.0
RECORDS_A_SECOND = 20000
QUEUE_MB = 40


class _Empty(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        pass


class _Taker(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = json.dumps({"accepted": 10 ** 9, "duplicates": 0, "rejected": 0, "errors": []}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _serve(pipe: Any) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Taker)
    pipe.send(server.server_address[1])
    server.serve_forever()


def logger_with(handler: logging.Handler) -> logging.Logger:
    logger = logging.Logger("bitacora.bench", logging.INFO)
    logger.addHandler(handler)
    return logger


def time_calls(logger: logging.Logger, calls: int, pause: float = 0.0) -> List[float]:
    """Microseconds of each `logger.info` with two extra fields."""
    times = []
    for i in range(calls):
        began = time.perf_counter()
        logger.info("order %d of customer %s accepted", i, "ana", extra={"order": i, "amount": 12.5})
        times.append((time.perf_counter() - began) * 1e6)
        if pause and i % 50 == 49:
            time.sleep(pause)
    return times


def original(endpoint: str, source: str) -> Tuple[float, bool]:
    """The original's benchmark: 1,000 logs one after another, in seconds, and whether all arrived."""
    handler = BitacoraHandler(endpoint, source=source)
    logger = logger_with(handler)
    began = time.perf_counter()
    for i in range(1000):
        logger.info("Performance test log %d", i, extra={"request_id": "perf-%d" % i, "user_id": "1"})
    total = time.perf_counter() - began
    complete = handler.drain(30)
    print("    statistics: %s" % json.dumps(handler.get_stats()))
    handler.close()
    return total, complete


def overhead(endpoint: str, source: str, calls: int) -> Tuple[float, float]:
    """The median of a call through an empty handler and through this one, in microseconds, while the thread sends."""
    empty = logger_with(_Empty())
    handler = BitacoraHandler(endpoint, source=source)
    ours = logger_with(handler)
    time_calls(empty, 500)
    time_calls(ours, 500)
    base: List[float] = []
    cost: List[float] = []
    for _ in range(10):  # in turns: the machine may be slower now than before
        base += time_calls(empty, calls // 10, pause=0.005)
        cost += time_calls(ours, calls // 10, pause=0.005)
    handler.drain(30)
    handler.close()
    return statistics.median(base), statistics.median(cost)


def sustained(endpoint: str, source: str, records: int) -> Tuple[float, float, int]:
    """Records a second from the first call to the last acknowledgement, microseconds of CPU of each, and how many were dropped."""
    handler = BitacoraHandler(endpoint, source=source, batch_size=1000)
    logger = logger_with(handler)
    began, processor = time.perf_counter(), time.process_time()
    for i in range(records):
        logger.info("order %d of customer %s accepted", i, "ana", extra={"order": i, "amount": 12.5})
        if i % 1000 == 999:
            while handler.get_stats()["waiting"] > 8000:  # a program that writes as fast as can be sent, and no faster
                time.sleep(0.001)
    handler.drain(60)
    took, processor = time.perf_counter() - began, time.process_time() - processor
    dropped = int(handler.get_stats()["logs_dropped"])
    handler.close()
    return records / took, processor / records * 1e6, dropped


def full_queue() -> Tuple[float, int]:
    """MiB that a full queue needs, with a server that is away, and how many records it holds."""
    def resident() -> float:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024
    handler = BitacoraHandler("http://127.0.0.1:9", source="bench", shutdown_timeout=0)
    logger = logger_with(handler)
    gc.collect()
    before = resident()
    message = "x" * 500
    i = 0
    while handler.get_stats()["dropped_full"] == 0:
        logger.warning("order %d: %s", i, message, extra={"order": i, "customer": "customer-%d" % i, "note": "y" * 200 + str(i)})
        i += 1
    needed = resident() - before
    handler.close()
    return needed, i


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bitacora_logging.bench", description=__doc__)
    parser.add_argument("--endpoint", help="a Bitácora server; the records have the source bitacora-bench")
    parser.add_argument("--records", type=int, default=50000, help="for the sustained part (50000)")
    given = parser.parse_args(arguments)
    process = None
    endpoint = given.endpoint
    if endpoint is None:
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
        process.start()
        endpoint = "http://127.0.0.1:%d" % ours.recv()
    failed = 0

    def report(name: str, value: str, met: bool) -> None:
        nonlocal failed
        failed += not met
        print("%-58s %22s  %s" % (name, value, "ok" if met else "MISSED"), flush=True)

    try:
        source = "bitacora-bench"
        total, complete = original(endpoint, source)
        report("1,000 logs, total", "%.1f ms" % (total * 1000), complete)
        report("1,000 logs, average of one (goal < %.1f ms)" % GOAL_MS, "%.4f ms" % total, total < GOAL_MS)
        base, cost = overhead(endpoint, source, 10000)
        report("a call, median (goal <= %.1f ms)" % CALL_MS, "%.4f ms" % (cost / 1000), cost / 1000 <= CALL_MS)
        over = cost - base
        report("    over an empty handler's %.1f us (goal <= %.0f us)" % (base, OVERHEAD_US), "%.1f us" % over, over <= OVERHEAD_US)
        rate, processor, dropped = sustained(endpoint, source, given.records)
        report("records a second, %d dropped (goal >= %d)" % (dropped, RECORDS_A_SECOND),
               "%.0f (%.0f us of CPU)" % (rate, processor), rate >= RECORDS_A_SECOND and not dropped)
        if sys.platform.startswith("linux"):
            needed, held = full_queue()
            report("memory of a full queue, %d records (goal <= %d MB)" % (held, QUEUE_MB), "%.1f MB" % needed, needed <= QUEUE_MB)
    finally:
        if process is not None:
            process.terminate()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
