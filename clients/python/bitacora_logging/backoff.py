"""When the next request may be made after one that failed."""
from typing import Callable, Optional

# Seconds. The first failure may be a restart; a server that is away for long is asked every half minute.
FIRST = 0.5
LONGEST = 30.0

# A wrong key or a wrong address does not mend itself within seconds.
SLOW = 30.0

# A server may ask for a pause, but not for one that looks like the end.
LONGEST_ASKED = 300.0


class Backoff:
    """Doubles the pause from failure to failure, with jitter, so that many senders do not come back at once."""

    def __init__(self, clock: Callable[[], float], random: Callable[[], float]) -> None:
        self._clock = clock
        self._random = random
        self._failures = 0
        self._due = 0.0

    def fail(self, asked: Optional[float] = None, slow: bool = False) -> None:
        """A request failed; `asked` is the pause that the server asked for."""
        if asked is not None:
            pause = min(asked, LONGEST_ASKED) * (1 + self._random() / 4)
        else:
            pause = (SLOW if slow else min(LONGEST, FIRST * 2.0 ** min(self._failures, 10))) * (0.5 + self._random() / 2)
        self._failures += 1
        self._due = self._clock() + pause

    def succeed(self) -> None:
        """A request succeeded, or there is a reason to try at once."""
        self._failures = 0
        self._due = 0.0

    @property
    def failing(self) -> bool:
        return self._failures > 0

    def remaining(self) -> float:
        """Seconds until the next request may be made; 0 if now."""
        return max(0.0, self._due - self._clock())
