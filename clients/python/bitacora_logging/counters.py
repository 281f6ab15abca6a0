"""What a sender has done, counted by record. Every change happens under the lock of the queue, so a snapshot is of one instant."""
from typing import Dict, Union


class Counters:
    """accepted = delivered + waiting + dropped_spool + dropped_refused + dropped_shutdown, at every instant.

    Records that found the queue full were never accepted: dropped_full stands beside it. batches and retries count requests.
    """

    __slots__ = (
        "accepted", "delivered", "in_hand", "dropped_full", "dropped_spool", "dropped_refused", "dropped_shutdown",
        "batches", "retries", "spooled", "replayed", "adopted_refused", "torn", "last_error")

    def __init__(self) -> None:
        self.accepted = 0
        self.delivered = 0
        self.in_hand = 0  # taken out of the queue, and neither acknowledged nor dropped: in memory or in the spool
        self.dropped_full = 0
        self.dropped_spool = 0
        self.dropped_refused = 0
        self.dropped_shutdown = 0
        self.batches = 0
        self.retries = 0
        self.spooled = 0
        self.replayed = 0
        self.adopted_refused = 0  # of records that another process had taken
        self.torn = 0  # files
        self.last_error = ""

    def snapshot(self, queued: int) -> Dict[str, Union[int, str]]:
        values: Dict[str, Union[int, str]] = {name: getattr(self, name) for name in self.__slots__ if name != "in_hand"}
        values["waiting"] = queued + self.in_hand
        return values
