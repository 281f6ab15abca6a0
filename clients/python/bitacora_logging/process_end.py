"""Processes that end without `atexit`, where logging closes its handlers: children of multiprocessing, and Celery's workers."""
import sys
from typing import Callable


def call_at_end(close: Callable[[], None]) -> None:
    """Has `close` called at the end of this process, if it is of a kind that ends by `os._exit`. Loads nothing that is not loaded."""
    util = sys.modules.get("multiprocessing.util")
    if util is not None:
        from multiprocessing.process import parent_process
        if parent_process() is not None:
            util.Finalize(None, close, exitpriority=-1)  # behind other finalizers, which may log
    signals = sys.modules.get("celery.signals")
    if signals is not None:
        signals.worker_process_shutdown.connect(lambda **_: close(), weak=False)
