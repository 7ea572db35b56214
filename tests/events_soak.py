"""Thousands of changes, told by events that come twice, late, out of order or to nobody at all.

``python -m tests.events_soak`` plays ten thousand against the panel. ``Soak`` plays them against
whatever receives the events and reads what they name (``Subject``), kills its programs meanwhile,
and demands in the end that the tables are the truth, that each event was received once and settled,
and that no limit of the API was passed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

import psutil
import yaml

from testing.pipeline import running_line
from testing.truth import differences, truth
from tests.hooks import Receiver, running_hooks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from demo.postgres import Postgres
    from testing.simulator import Simulator
    from testing.truth import Row
    from tests.panel import Panel

HOUR = 3600

INGREDIENTS = ("updated", "created", "deleted", "restored", "kills", "outages", "pauses",
               "duplicates", "attempts that failed")  # fmt: skip
"""What a long enough soak must contain."""

KEYS = {
    "property_rental": ["contractSeqId"],
    "bulk_outcome": ["companyId", "billId", "installmentId"],
    "bulk_income": ["companyId", "billId", "installmentId"],
}
"""The fields by which a resource's rows are told apart, where it is not ``id``."""

OWNERS = {"bulk_outcome": "bills", "bulk_income": "receivable_bills_installments"}
"""Resources whose rows are changed, and the one whose events tell of it."""

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


class Program(Protocol):
    """One process of the subject's, which runs when the soak begins."""

    def start(self) -> None:
        """Start it, and wait until it does its work."""

    def kill(self) -> None:
        """End it as a power cut would."""


@dataclass
class Subject:
    """What is tried: where it hears events, its programs, and what it knows.

    ``receiver`` names the program that hears; ``rows`` gives the living rows of a table, and
    ``events`` the id of each event in its table with its result, None while it is not settled.
    """

    url: str
    token: str
    receiver: str
    programs: Mapping[str, Program]
    rows: Callable[[str], list[Row]]
    events: Callable[[], list[tuple[str, str | None]]]


@dataclass
class Limits:
    """What the API allows: requests in any minute, those of BULK apart, and of a day."""

    per_minute: int
    per_day: int
    bulk: int = 20


def event_names(resources: list[str]) -> list[str]:
    """Give the events that the simulator has for changes of these resources.

    A change of what belongs to another record is told as that one's.
    """
    text = files("sienge_simulator").joinpath("events.yaml").read_text("utf-8")
    families = yaml.safe_load(text)
    found: dict[str, None] = {}
    for family in (families[OWNERS.get(name, name)] for name in resources):
        ends = ["CREATED", family.get("updated", "UPDATED"), family.get("deleted", "REMOVED")]
        ends += [name for names in family.get("when", {}).values() for name in names.values()]
        found |= dict.fromkeys(f"{family['prefix']}_{end}" for end in ends)
    return list(found)


@dataclass
class Soak:
    """So many changes of some resources at random, and what must hold when all is over."""

    simulator: Simulator
    subject: Subject
    resources: list[str]
    limits: Limits
    seed: int = 0
    changes: int = 10_000
    incidents: int = 20
    """Kills and pauses, about."""
    per_second: float = 0
    """Changes a second; 0: as fast as can be."""
    patience: float = 1800
    """Seconds for the subject to settle the events after the last change."""
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.living = {name: self.keys(name) for name in self.resources}
        self.removed: Counter[str] = Counter()

    def keys(self, resource: str) -> list[Any]:
        columns = KEYS.get(resource, ["id"])
        rows = self.simulator.truth(resource)
        return ["_".join(str(row[name]) for name in columns) for row in rows]

    def play(self) -> Counter[str]:
        """Do it all, and tell how often what happened."""
        self.register()
        self.deliver(duplicates=0.2, delay_seconds=3, seed=self.seed)
        outage = self.random.randrange(self.changes // 4, self.changes // 2)
        for number in range(self.changes):
            began = time.monotonic()
            self.change()
            if number == outage:
                self.outage()
            elif self.random.random() < self.incidents / self.changes:
                self.random.choice([self.kill, self.kill, self.pause])()
            if self.per_second:
                time.sleep(max(began + 1 / self.per_second - time.monotonic(), 0))
        self.deliver(delay_seconds=0)
        self.let_pass(10)
        self.settle()
        self.check()
        return self.counted

    def register(self) -> None:
        hook = {
            "url": self.subject.url,
            "token": self.subject.token,
            "events": event_names(self.resources),
        }
        session, url = self.simulator.session, f"{self.simulator.url}/v1/hooks"
        answer = session.post(url, json=hook, timeout=60)
        assert answer.status_code == 201, answer.text

    # What happens

    def deliver(self, **manners: Any) -> None:  # noqa: ANN401
        self.simulator.admin("/hooks", manners)

    def change(self) -> None:
        """Change one row; half of the changes meet the same few rows, again and again."""
        name = self.random.choice(self.resources)
        living = self.living[name]
        few = living[:20] if self.random.random() < 0.5 else living
        key = self.random.choice(few)
        body: dict[str, Any] = {"resource": name, "ids": [key], "update": 1}
        dice = self.random.random() + (name in OWNERS)  # which only change
        if dice < 0.08:
            body = {"resource": name, "create": 1}
        elif dice < 0.14 and len(living) > 30:
            body = {"resource": name, "ids": [key], "delete": 1}
        elif dice < 0.18 and self.removed[name]:
            body = {"resource": name, "restore": 1}
        for what, keys in self.simulator.admin("/change", body).items():
            self.counted[what] += len(keys)
            if what == "deleted":
                self.living[name] = [one for one in living if one not in map(str, keys)]
                self.removed[name] += len(keys)
            elif what in ("created", "restored"):
                living += map(str, keys)
                self.removed[name] -= len(keys) * (what == "restored")
            if what != "updated" and keys:
                for part in (one for one in self.resources if OWNERS.get(one) == name):
                    self.living[part] = self.keys(part)

    def kill(self) -> None:
        """Kill one of the programs in the middle of its work; it comes back some changes later."""
        name = self.random.choice(list(self.subject.programs))
        program = self.subject.programs[name]
        self.counted["kills"] += 1
        self.counted[f"kills of {name}"] += 1
        program.kill()
        for _ in range(self.random.randint(0, 20)):
            self.change()
        program.start()

    def outage(self) -> None:
        """Take the receiver away for an hour, and let the night pass in which events come again."""
        self.counted["outages"] += 1
        self.subject.programs[self.subject.receiver].kill()
        for _ in range(6):
            for _ in range(10):
                self.change()
            self.advance(HOUR / 6)
        self.subject.programs[self.subject.receiver].start()
        self.let_pass(10)

    def pause(self) -> None:
        """Hold events back, and let them come all at once."""
        self.counted["pauses"] += 1
        self.deliver(paused=True)
        for _ in range(50):
            self.change()
        self.deliver(paused=False)

    def let_pass(self, hours: int) -> None:
        """Let hours pass, each with the attempts that fall into it."""
        for _ in range(hours):
            self.advance(HOUR)

    def advance(self, seconds: float) -> None:
        self.simulator.admin("/clock", {"advance_seconds": seconds})
        while self.simulator.admin("/hooks?limit=0")["counts"]["under_way"]:
            time.sleep(0.05)

    def fired(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.simulator.admin("/hooks")["events"]
        return found

    # What must hold

    def settle(self) -> None:
        """Wait until every event is settled."""
        until = time.monotonic() + self.patience
        while open_ := [name for name, result in self.subject.events() if result is None]:
            assert time.monotonic() < until, f"{len(open_)} events are not settled"
            time.sleep(1)

    def check(self) -> None:
        self.check_events()
        for name in self.resources:
            found = list(differences(name, self.subject.rows(name), truth(self.simulator, name)))
            assert not found, f"{name}: {len(found)} differences: {found[:5]}"
        self.check_requests()

    def check_events(self) -> None:
        fired = self.fired()
        lost = [one for one in fired if one["state"] != "delivered"]
        assert not lost, f"{len(lost)} events were not received: {lost[:3]}"
        kept = Counter(name for name, _ in self.subject.events())
        twice = [name for name, times in kept.items() if times > 1]
        assert not twice, f"{len(twice)} events are kept twice"
        missing = {one["id"] for one in fired} - kept.keys()
        assert not missing, f"{len(missing)} events were answered, and are not there"
        self.counted["events"] = len(kept)
        self.counted["duplicates"] = sum(one["duplicate"] for one in fired)
        for attempt in (attempt for one in fired for attempt in one["attempts"]):
            self.counted[f"answers {attempt['status'] or attempt['error']}"] += 1
        self.counted["attempts that failed"] = sum(len(one["attempts"]) - 1 for one in fired)

    def check_requests(self) -> None:
        latest: dict[bool, deque[float]] = {False: deque(), True: deque()}
        days: Counter[str] = Counter()
        for request in self.simulator.requests:
            if request["path"] == "/v1/hooks":  # the soak's own, which the tap cannot know of
                continue
            assert request["status"] != 429, "a request met a limit"
            bulk = request["path"].startswith("/bulk-data")
            recent, limit = latest[bulk], self.limits.bulk if bulk else self.limits.per_minute
            recent.append(request["at"])
            while recent[0] <= recent[-1] - 60:
                recent.popleft()
            assert len(recent) <= limit, "too many requests in a minute"
            days[datetime.fromtimestamp(request["at"], SAO_PAULO).date().isoformat()] += 1
        assert max(days.values()) <= self.limits.per_day, f"too many requests in a day: {days}"
        self.counted["requests"] = sum(days.values())


class Served:
    """A receiver or a panel."""

    def __init__(self, served: Panel | Receiver) -> None:
        self.served = served

    def start(self) -> None:
        self.served.start()

    def kill(self) -> None:
        self.served.process.kill()
        self.served.process.wait()


class Runs:
    """Meltano, the tap and the loader, while the panel has them run."""

    def __init__(self, panel: Panel, random: Random) -> None:
        self.panel, self.random = panel, random

    def start(self) -> None:
        """Leave it to the panel."""

    def kill(self) -> None:
        if self.panel.process.poll() is None:
            found = psutil.Process(self.panel.process.pid).children(recursive=True)
            if found:
                with suppress(psutil.NoSuchProcess):
                    self.random.choice(found).kill()


class Database:
    """The PostgreSQL."""

    def __init__(self, server: Postgres) -> None:
        self.server = server

    def start(self) -> None:
        self.server.start()

    def kill(self) -> None:
        assert self.server.pid, "the database has ended by itself"
        main = psutil.Process(self.server.pid)
        family = [main, *main.children()]
        main.kill()
        psutil.wait_procs(family, 30)  # else the port would be taken when it starts again


TABLES = {
    "customers": 120, "units": 80, "sales_contracts": 60, "creditors": 80, "bills": 60,
    "property_rental": 40,
}  # fmt: skip
"""How many rows of a resource there are at first."""

SALES = ["customers", "units", "sales_contracts", "creditors", "property_rental"]
PAYMENTS = ["customers", "creditors", "bills", "bulk_outcome", "bulk_income"]
"""Without sales contracts: what one's change does to its installments, no event tells."""


def soak(
    folder: Path,
    resources: list[str],
    seed: int,
    changes: int,
    per_second: float,
    incidents: int,
) -> Counter[str]:
    """Play against the panel, its receiver, Meltano and a database, all of them real."""
    rows = [option for name, n in TABLES.items() for option in ("--rows", f"{name}={n}")]
    limits = Limits(200, 200_000)
    tables = [*resources, *("receivable_bills_details" for it in resources if it == "bulk_income")]
    select = json.dumps([f"{table}.*" for table in (*tables, "sync_log")])
    own_and_one = limits.per_minute + 1  # the soak registers its hook once
    with running_line(folder, *rows, f"--requests-per-minute={own_and_one}") as line:
        (line.project / "transform").unlink()
        own: dict[str, Any] = {
            "TAP_SIENGE__SELECT": select,
            "TAP_SIENGE_REQUESTS_PER_MINUTE": str(limits.per_minute),
            "TAP_SIENGE_BULK_REQUESTS_PER_MINUTE": str(limits.bulk),
        }
        line.run(**own)
        with running_hooks(line, folder, **own) as (panel, receiver):
            try:
                subject = Subject(
                    receiver.url + receiver.keys.path,
                    receiver.keys.token,
                    "receiver",
                    {
                        "receiver": Served(receiver),
                        "panel": Served(panel),
                        "runs": Runs(panel, Random(seed)),
                        "database": Database(line.server),
                    },
                    line.landed,
                    lambda: [
                        (row["sienge_id"], row["resultado"])
                        for row in line.query("select sienge_id, resultado from sienge.eventos")
                    ],
                )
                return Soak(
                    line.simulator,
                    subject,
                    resources,
                    limits,
                    seed,
                    changes,
                    incidents,
                    per_second,
                ).play()
            except AssertionError:
                logs = ("eventos", "record_log")
                kept = {
                    table: line.query(f"select * from sienge.{table}")
                    for table in (*resources, *logs)
                }
                kept["fired"] = line.simulator.admin("/hooks")["events"]
                kept["requests"] = line.simulator.requests
                (folder / "kept.json").write_text(json.dumps(kept, default=str))
                raise


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--per-second", type=float, default=50)
    parser.add_argument("--incidents", type=int, default=30)
    parser.add_argument("--payments", action="store_true", help="bills and their payments instead")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    print(f"What the programs say is in {folder}.", flush=True)
    counted = soak(
        folder,
        PAYMENTS if options.payments else SALES,
        options.seed,
        options.changes,
        options.per_second,
        options.incidents,
    )
    print(", ".join(f"{number} {name}" for name, number in counted.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
