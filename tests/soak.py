"""Bad days at random: whatever happens in them, the tables end as the truth.

``python -m tests.soak --seeds 5000`` plays that many scenarios. A seed decides all that a scenario
does; only the instants at which processes run side by side differ from one time to the next.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import traceback
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from requests import HTTPError

from demo.postgres import Postgres
from testing.landing import Database, Memory
from testing.pipeline import ROOT
from testing.simulator import PROGRAM, Simulator
from testing.truth import differences, key_of, plain, stream_class, truth
from testing.warm import Warm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.truth import Row

MENU = {
    "customers": "customers",  # incremental
    "sales_contracts": "sales_contracts",
    "bills": "bills",  # by period, and by change
    "bills_installments": "bills",  # bill by bill
    "bills_budget_categories": "bills",  # the same, and with a calculated key
    "nfes_itens": "nfes",  # with no key but the content
    "accounts_statements": "accounts_statements",  # by period
    "accountancy_entries": "accountancy_entries",  # by period and company
    "building_projects_calendar_days_off": "enterprises",  # by building
    "payment_categories": "payment_categories",  # a bare array
    "units_of_measure": "units_of_measure",  # by choice
    "creditors": "creditors",
    "remade_installments": "sales_contracts",  # with a calculated key
    "bulk_income": "sales_contracts",
    "bulk_business_budget": "bulk_business_budget",
}
"""Streams, each of another kind, and the resource whose changes change them."""

BY_CHANGE = {"customers", "sales_contracts", "bills"}
"""Streams of which every run, also one that reads only changes, leaves no row out or old."""

ROWS = {
    "customers": 60,
    "sales_contracts": 15,
    "bills": 40,
    "nfes": 8,
    "accounts_statements": 60,
    "accountancy_entries": 40,
    "enterprises": 5,
    "companies": 3,
    "units_of_measure": 20,
    "creditors": 60,
    "bulk_business_budget": 15,
}
"""At most so many rows at first."""

REAL = 5
"""One scenario of so many lands in target-postgres, the others in memory."""

JOBS = 8
"""Scenarios at a time; most of their time they wait for one thing or another."""

INGREDIENTS = (
    "runs", "kills of the tap", "kills of the target", "orderly ends", "faults", "changes",
    "shifts", "lost permissions", "answers 429", "real targets", "failed", "incomplete", "skipped",
    "postponed", "spent days", "untrue answers", "clock jumps", "lost tables",
)  # fmt: skip
"""What the scenarios as a whole must contain."""

ERROR = {"status": 500, "developerMessage": "erro", "errors": [{"field": "a", "message": "b"}]}

UNTRUE: list[dict[str, Any]] = [
    {"kind": "error_body"},
    {"kind": "body", "body": ERROR},
    {"kind": "body", "body": {"errors": True}},
    {"kind": "body", "body": None},
]
"""Answers with status 200 and without data."""

UNTRUE_PAGES: list[dict[str, Any]] = [
    *({"kind": "metadata", "set": {"count": count}} for count in (0, -1, "7", "muitos", None, 1)),
    {"kind": "metadata", "set": {"limit": "200"}},
    {"kind": "metadata"},
    {"kind": "bare"},
    {"kind": "cap", "rows": 5},
    {"kind": "cap", "rows": 4, "also": ["metadata"]},
    {"kind": "no_offset"},
    {"kind": "no_offset", "also": ["bare"]},
]
UNTRUE_BULK: list[dict[str, Any]] = [
    {"kind": "wrap", "before": {"errors": [{"id": 1}]}},
    {"kind": "body", "body": {"errors": [{"id": 1}]}},
    {"kind": "chunks", "set": {"chunks": "1"}},
    {"kind": "chunks", "set": {"chunks": "um"}},
]
"""Answers that do not tell what they should."""

NOTHING_READ = ("(401)", "Não consegui falar com", "Nenhum recurso pôde ser lido")
"""Sentences with which a run ends before it has read a stream."""

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@dataclass
class Kitchen:
    """What all scenarios share."""

    programs: Warm
    targets: Warm
    database: str
    folder: Path
    catalog: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        command = [sys.executable, "-m", "tap_sienge", "--discover"]
        found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        self.catalog = {stream["tap_stream_id"]: stream for stream in found["streams"]}


class Scenario:
    """A few bad days of a small tenant, then calm ones."""

    def __init__(self, seed: int, kitchen: Kitchen, *, real: bool) -> None:
        self.random = Random(seed)
        self.kitchen = kitchen
        self.folder = kitchen.folder / f"cenario-{seed}"
        self.folder.mkdir()
        self.landing: Database | Memory = (
            Database(kitchen.database, f"cenario_{seed}", kitchen.targets, self.folder)
            if real
            else Memory(Random(seed))
        )
        self.counted: Counter[str] = Counter({"real targets": int(real)})
        self.day = 0
        self.longest = self.random.randint(1, 4)
        self.limits: dict[str, dict[bool, int]] = {}
        self.config: dict[str, Any] = {}

    def play(self) -> Counter[str]:
        """Live through it, and tell how often what happened."""
        chosen = self.random.sample(sorted(MENU), self.random.randint(1, 3))
        self.roots = sorted({MENU[stream] for stream in chosen})
        options = [f"--rows={name}={self.random.randint(2, n)}" for name, n in ROWS.items()]
        options += ["--requests-per-minute=1000000", "--bulk-per-minute=1000000"]
        options += ["--bulk-polls=0", f"--seed={self.random.randrange(1000)}"]
        plan = self.random.choice([{}, {"plan": "free"}]) if self.random.random() < 0.04 else None
        self.has_plan = plan is not None
        options += ["--plan=free"] * self.has_plan
        self.streams = with_parents(chosen)
        self.write("catalog", {"streams": [
            self.kitchen.catalog[name] | {"metadata": selected(self.kitchen.catalog[name])}
            for name in [*self.streams, "sync_log"]
        ]})  # fmt: skip
        self.simulator = Simulator(*options, programs=self.kitchen.programs)
        try:
            self.set_clock()
            self.config = {
                **self.simulator.config,
                "start_date": "2020-01-01",
                "requests_per_minute": 1_000_000,
                "bulk_requests_per_minute": 1_000_000,
                "full_refresh_days": {
                    name: self.random.randint(0, self.longest) for name in ["*", *self.streams]
                },
                "window_lookback_days": self.random.choice([30, 400]),
                "lookback_days": self.random.randint(0, 2),
                **(plan or {}),
                "bulk_mode": self.random.choice(["sync", "sync", "async", "auto"]),
            }
            for _ in range(self.random.randint(1, 3)):
                self.bad_day()
            self.calm_days()
            self.check_requests()
        finally:
            self.simulator.stop()
        return self.counted

    # Days

    def set_clock(self) -> None:
        """Begin at noon, so that no midnight but the scenario's own falls into it."""
        self.hours = 12 - datetime.fromisoformat(self.now).hour
        self.simulator.admin("/clock", {"advance_seconds": 3600 * self.hours})

    def next_day(self, days: int = 1) -> None:
        self.day += days
        self.simulator.admin("/clock", {"advance_seconds": 86400 * days})
        self.limits[self.today] = {False: 1_000_000, True: 1_000_000}
        self.quota = {"quota_reserve": 0}

    @property
    def now(self) -> str:
        return str(self.simulator.admin("/health")["now"])

    @property
    def today(self) -> str:
        return self.now[:10]

    def bad_day(self) -> None:
        self.next_day()
        if self.random.random() < 0.4:
            rest, bulk = self.random.randint(1, 30), self.random.randint(0, 4)
            reserve = self.random.randint(0, 10)
            self.limits[self.today] = {False: rest, True: bulk}
            self.quota = {"daily_request_limit": rest + reserve, "daily_bulk_limit": bulk}
            self.quota["quota_reserve"] = reserve
        self.change()
        if self.random.random() < 0.15:
            self.lose_permission()
        for _ in range(self.random.choice([1, 1, 2])):
            self.order_faults()
            self.order_shifts()
            self.jump = 20 if self.random.random() < 0.1 and len(self.quota) == 1 else 0
            self.counted["clock jumps"] += self.jump > 0
            self.lose_table()
            self.run(
                page_size=self.random.choice([3, 7, 20, 200]),
                max_connections=self.random.choice([1, 2, 8]),
                max_retries=self.random.choice([0, 1, 1, 2]),
                request_timeout=1 if self.hanging else 60,
                bulk_timeout=1 if self.hanging else 60,
                kill=self.random.random() < 0.35,
                bad=True,
            )
        self.jump = 0
        faults = self.simulator.admin("/faults")
        self.counted["faults"] += self.ordered - sum(fault["count"] for fault in faults)

    def calm_days(self) -> None:
        """Make peace, and demand that what each run calls read is the truth."""
        for path in ("/faults", "/shift"):
            self.simulator.admin(path, method="DELETE")
        self.simulator.admin("/permissions", dict.fromkeys(self.forbidden))
        self.change()
        self.next_day()
        for stream in BY_CHANGE & self.fresh(self.run()) - self.lost():
            self.demand(stream, self.differences(stream, vanished=False))
        right: set[str] = set()
        for _ in range(4):
            self.next_day(self.longest)
            entries = self.run()
            whole = {s for s in self.fresh(entries) if entries[s]["extent"] == "full"}
            for stream in whole:
                self.demand(stream, self.differences(stream, vanished=True))
            for stream in self.unprovable(entries):
                self.demand(stream, self.differences(stream, vanished=False))
                whole.add(stream)
            # A plan's quota may be too small to read all in one day.
            right = right | whole if self.has_plan else whole
            if right == set(self.streams):
                return
        raise AssertionError(f"not read on calm days: {entries}")

    def unprovable(self, entries: dict[str, Any]) -> Iterator[str]:
        """Give the stream whose only answer is as long as one that a limit cut, and is told so.

        Its array comes without a count, whatever offset is requested.
        """
        entry = entries.get("payment_categories", {})
        told = "não diz quantos são" in (entry.get("error") or "")
        if told and len(self.simulator.truth("payment_categories")) % 50 == 0:
            yield "payment_categories"

    def lost(self) -> set[str]:
        """Give the streams that the loader wants read whole next time, as their table was lost.

        The run that would have told so on the day before was killed.
        """
        kept: dict[str, Any] = json.loads(self.landing.state or "{}").get("bookmarks", {})
        return set(self.streams) - kept.keys()

    def fresh(self, entries: dict[str, Any]) -> set[str]:
        """The streams that were read well, and not for a part on an earlier day."""
        return {
            stream
            for stream, entry in entries.items()
            if entry["status"] == "ok" and not self.resumed & set(with_parents([stream]))
        }

    # What happens to the tenant

    def change(self) -> None:
        for root in self.roots:
            if self.random.random() < 0.7:
                self.counted["changes"] += 1
                records = self.simulator.truth(root)
                key = "chaveAcessoNota" if root == "nfes" else "id"
                update, delete, create = (self.random.randint(0, 4) for _ in range(3))
                ids = list({str(record[key]) for record in records})
                ids = self.random.sample(sorted(ids), min(update + delete, max(len(ids) - 1, 0)))
                update = min(update, len(ids))
                body = {"update": update, "delete": len(ids) - update, "ids": ids}
                if root in {"payment_categories", "bulk_business_budget"}:
                    body = {"update": update, "delete": min(delete, len(ids) - update)}
                with suppress(HTTPError):  # a shift was faster, and one of the rows is gone
                    self.simulator.admin("/change", {"resource": root, "create": create} | body)

    forbidden: tuple[str, ...] = ()

    def lose_permission(self) -> None:
        self.counted["lost permissions"] += 1
        path = self.path(self.random.choice(self.streams))
        self.forbidden += (path,)
        self.simulator.admin("/permissions", {path: self.random.choice([403, 404, 405])})

    def lose_table(self) -> None:
        """Drop or empty a table, as a user may who wants it anew."""
        if isinstance(self.landing, Database) and self.random.random() < 0.2:
            self.counted["lost tables"] += self.landing.lose(
                self.random.choice(self.streams), self.random.choice(["drop table", "truncate"])
            )

    def path(self, stream: str) -> str:
        path: str = stream_class(stream).path
        return path.split("{")[0].rstrip("/")

    ordered = 0
    hanging = False
    jump = 0
    """Days by which the tap's clock is ahead of all others."""

    def order_faults(self) -> None:
        self.hanging = False
        for _ in range(self.random.choice([0, 0, 1, 2, 4])):
            stream = self.random.choice(self.streams)
            cls = stream_class(stream)
            counted = cls.paged and stream != "payment_categories"  # the answer tells how many
            kinds = ["status", "status", "latency", "truncate", "html", "hang", "empty_body",
                     "invalid_json", "reset"]  # fmt: skip
            kinds += ["empty_list"] if counted else []
            kinds += ["job_failed"] if stream.startswith("bulk_") else []
            fault: dict[str, Any] = {
                "path": self.path(stream),
                "kind": self.random.choice(kinds),
                "count": self.random.choice([1, 1, 1, 2, 3, 6]),
                "skip": self.random.choice([0, 0, 1, 2, 5, 12]),
            }
            if self.random.random() < 0.4:
                more = UNTRUE_PAGES if counted else UNTRUE_BULK if cls.period else []
                more = more if counted or stream.startswith("bulk_") else []
                fault |= self.random.choice(UNTRUE + more)
                self.counted["untrue answers"] += 1
            if fault["kind"] == "status":
                fault["status"] = self.random.choice([400, 403, 405, 500, 502, 503, 503, 429, 429])
                if self.random.random() < 0.05:
                    fault["status"] = 401
                if fault["status"] == 429 and self.random.random() < 0.95:
                    fault["retry_after"] = 1
            if fault["kind"] == "hang":
                self.hanging, fault["count"] = True, 1
            fault["latency_ms"] = self.random.randint(20, 300) * (fault["kind"] == "latency")
            self.ordered += fault["count"]
            self.simulator.admin("/faults", fault)

    def order_shifts(self) -> None:
        for _ in range(self.random.choice([0, 0, 1, 2])):
            root = self.random.choice(self.roots)
            self.counted["shifts"] += 1
            shift = {"after_requests": self.random.randint(0, 6)}
            shift |= {"create": self.random.randint(0, 5), "delete": self.random.randint(0, 3)}
            self.simulator.admin("/shift", {"path": self.path(root)} | shift)

    # One run

    def write(self, name: str, content: Any) -> str:  # noqa: ANN401
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(content))
        return str(path)

    def run(self, *, kill: bool = False, bad: bool = False, **settings: int) -> dict[str, Any]:
        """Run tap and target; give the entries of sync_log by stream."""
        self.counted["runs"] += 1
        number = self.counted["runs"]
        arguments = [
            "--config",
            self.write(f"{number}-config", self.config | settings | self.quota),
        ]
        arguments += ["--catalog", str(self.folder / "catalog.json")]
        self.resumed = set()
        if self.landing.state:
            state = json.loads(self.landing.state)
            arguments += ["--state", self.write(f"{number}-state", state)]
            self.resumed = {name for name, kept in state["bookmarks"].items() if "resume" in kept}
        reading, writing = os.pipe()
        self.landing.start()
        with (self.folder / f"{number}-log").open("w+") as log, open(os.devnull) as nothing:  # noqa: PTH123
            tap = self.kitchen.programs.start(
                "tap_sienge.tap:TapSienge.cli",
                arguments,
                [nothing.fileno(), writing, log.fileno()],
                days=self.day + self.hours / 24 + self.jump,
            )
            os.close(writing)
            said = bytearray()
            alone = threading.Event()

            def carry() -> None:
                try:
                    while chunk := os.read(reading, 1 << 16):
                        said.extend(chunk)
                        if moment is not None and moment < len(said):
                            strike()
                        self.landing.feed(chunk)
                except BrokenPipeError:
                    pass
                os.close(reading)
                alone.set()

            struck: list[str] = []
            blows = {"tap": tap.kill, "signal": tap.terminate, "target": self.landing.kill}
            victims = self.random.choice([("tap",), ("signal",), ("target",), ("tap", "target")])
            by_bytes = kill and self.random.random() < 0.5
            moment = self.random.randrange(60_000) if by_bytes else None
            delay = self.random.uniform(0, 1.5 if isinstance(self.landing, Database) else 0.8)
            midway = self.random.uniform(0.1, 0.6) if bad and self.random.random() < 0.3 else None

            def strike() -> None:
                if not struck:
                    struck.extend(victims)
                    for victim in victims:
                        blows[victim]()

            carrier = threading.Thread(target=carry)
            carrier.start()
            if midway is not None and not alone.wait(midway):
                self.change()
            if kill and not by_bytes and (not alone.wait(delay) or "target" in victims):
                strike()
            carrier.join()
            code = tap.wait()
            ended = self.landing.finish()
            log.seek(0)
            text = log.read()
        (self.folder / f"{number}-output").write_bytes(said)
        self.counted["kills of the tap"] += code == -9
        self.counted["kills of the target"] += "target" in struck and not ended
        self.counted["orderly ends"] += "interrompida" in text
        if "signal" in struck:
            assert not said or said.endswith(b"\n"), "a line was cut"
            assert ended, "the target failed"
        return self.check_run(code, text, bytes(said), ended=ended, struck=bool(struck))

    # What must hold

    def check_run(
        self, code: int, log: str, said: bytes, *, ended: bool, struck: bool
    ) -> dict[str, Any]:
        # -14: told to end, and on a busy machine not done before its own alarm rang.
        assert code in ({-9, -14, -15, 0, 1} if struck else {0, 1}), f"exit code {code}"
        assert "Traceback" not in log, log[log.index("Traceback") :][-3000:]
        password = self.config["password"]
        for where, text in {
            "log": log,
            "output": said.decode(errors="replace"),  # a killed tap may end within a character
            "state": self.landing.state,
        }.items():
            assert password not in (text or ""), f"the password is in the {where}"
        for stream in self.streams:
            true = {identity(stream, row) for row in truth(self.simulator, stream)}
            alive: set[Any] = set()
            marked: set[Any] = set()
            for row in self.landing.rows(stream):
                (marked if row["_sdc_deleted_at"] else alive).add(identity(stream, row))
            self.demand(stream, [f"marked as deleted: {key}" for key in true & (marked - alive)])
        messages = [json.loads(line) for line in said.split(b"\n")[:-1]] if ended else []
        entries = {
            message["record"]["stream"]: message["record"]
            for message in messages
            if message["type"] == "RECORD" and message["stream"] == "sync_log"
        }
        for entry in entries.values():
            self.counted[entry["status"]] += 1
        if not struck:
            assert ended, "the target failed"
            read = entries or any(sentence in log for sentence in NOTHING_READ)
            assert read, f"no sync_log: {log[-2000:]}"
            if not any(sentence in log for sentence in NOTHING_READ):
                assert entries.keys() == set(self.streams), entries.keys()
        return entries

    def differences(self, stream: str, *, vanished: bool) -> Iterator[str]:
        rows = [row for row in self.landing.rows(stream) if not row["_sdc_deleted_at"]]
        return differences(stream, rows, truth(self.simulator, stream), vanished=vanished)

    def demand(self, stream: str, differences: Iterator[str] | list[str]) -> None:
        found = list(differences)
        assert not found, f"day {self.day}, {stream}: {len(found)} differences: {found[:5]}"

    def check_requests(self) -> None:
        used: defaultdict[str, Counter[bool]] = defaultdict(Counter)
        for request in self.simulator.requests:
            day = datetime.fromtimestamp(request["at"], SAO_PAULO).date().isoformat()
            used[day][request["bulk"]] += 1
            self.counted["requests"] += 1
            self.counted["answers 429"] += request["status"] == 429
        for day, counts in used.items():
            for bulk, count in counts.items():
                limit = self.limits[day][bulk]
                assert count <= limit, f"{count} requests on {day}, allowed were {limit}"
                self.counted["spent days"] += count == limit


def identity(stream: str, row: Row) -> Any:  # noqa: ANN401
    """What identifies a row, in the truth and where it landed; its calculated key apart."""
    if stream_class(stream).content_key != ():
        return key_of(stream, row)
    return repr(sorted((n, plain(v)) for n, v in row.items() if n[0] != "_" and n != "links"))


def with_parents(streams: list[str]) -> list[str]:
    """Add the streams by whose rows some are read."""
    found = dict.fromkeys(streams)
    for stream in streams:
        parent = stream_class(stream).parent_stream_type
        found |= dict.fromkeys(with_parents([vars(parent)["name"]]) if parent else [])
    return list(found)


def selected(stream: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        part if part["breadcrumb"] else part | {"metadata": part["metadata"] | {"selected": True}}
        for part in stream["metadata"]
    ]


def play(
    seeds: range, folder: Path, jobs: int = JOBS, real: int = REAL
) -> tuple[Counter[str], dict[int, str]]:
    """Play scenarios side by side; give what happened in all, and what went wrong by seed.

    What went wrong is told at once, and leaves what its runs were told and said in the folder.
    """
    counted: Counter[str] = Counter()
    failed: dict[int, str] = {}
    loader = ROOT / ".meltano/loaders/target-postgres/venv/bin/python"
    dialect = ["psycopg", "sqlalchemy.dialects.postgresql.psycopg"]
    with ExitStack() as stack:
        programs = stack.enter_context(
            Warm(sys.executable, "testing.preload:tap", *PROGRAM, "time_machine")
        )
        targets = stack.enter_context(Warm(loader, "target_postgres_sienge", *dialect))
        server = Postgres(folder, durable=False)
        stack.callback(server.remove)
        kitchen = Kitchen(programs, targets, server.start().url, folder)
        pool = stack.enter_context(ThreadPoolExecutor(jobs))
        scenarios = {
            pool.submit(Scenario(seed, kitchen, real=seed % real == 0).play): seed for seed in seeds
        }
        for done in as_completed(scenarios):
            seed = scenarios[done]
            try:
                counted += done.result()
                counted["scenarios"] += 1
                shutil.rmtree(folder / f"cenario-{seed}")
            except Exception as error:
                where = "" if isinstance(error, AssertionError) else traceback.format_exc()
                failed[seed] = f"{error}\n{where}"
                print(f"seed {seed}: {failed[seed]}", file=sys.stderr, flush=True)
    return counted, failed


def report(counted: Counter[str], failed: dict[int, str]) -> str:
    """Tell what happened in the scenarios, and which went wrong."""
    told = ", ".join(f"{number} {name}" for name, number in counted.most_common())
    problems = [f"seed {seed}: {problem}" for seed, problem in sorted(failed.items())]
    return "\n".join([told, *problems])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--real", type=int, default=REAL, help="one of so many in PostgreSQL")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    counted, failed = play(seeds, folder, options.jobs, options.real)
    print(report(counted, failed))
    if failed:
        print(f"{len(failed)} of {len(seeds)} failed; what they were told and said is in {folder}.")
    else:
        folder.rmdir()
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
