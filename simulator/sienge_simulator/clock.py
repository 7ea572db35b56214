"""The simulator's clock: real time plus what `/_admin/clock` advanced, read in São Paulo."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


class Clock:
    """Seconds since the epoch, movable forward."""

    def __init__(self) -> None:
        self.shift = 0.0

    def now(self) -> float:
        """Epoch seconds by the simulator's clock."""
        return time.time() + self.shift

    def moment(self) -> datetime:
        """São Paulo wall time, without zone, to the second."""
        return datetime.fromtimestamp(self.now(), SAO_PAULO).replace(microsecond=0, tzinfo=None)

    def today(self) -> str:
        """The São Paulo day, yyyy-MM-dd."""
        return self.moment().date().isoformat()
