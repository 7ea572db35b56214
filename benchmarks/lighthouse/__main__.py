"""What Lighthouse says of every page of the panel: ``make lighthouse``.

The panel is the real one, with the rows of the simulated Sienge and their models. Each page is
asked for by somebody who came in and whose browser has kept nothing: as a phone on a slow network,
both simulated, and as a desktop. Ends with 1 where the performance of a page is below 90 or
something on it moves (CLS of 0.05 or more).

Lighthouse takes the page's work by the clock, so that whatever else the machine does counts
against the page. So a page that falls short is measured again, at most four times, as Lighthouse
comes: a phone's processor is taken for four times slower than this one. The best counts; beside it
are how often it was measured, the speed of the processor as Lighthouse tells it, and the load.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sienge_simulator import testing

from testing.pipeline import running_line
from tests.panel import running_panel

if TYPE_CHECKING:
    from tests.panel import Panel

PROGRAM = Path(__file__).parent / "node_modules" / ".bin" / "lighthouse"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

LEAST, MOST = 90, 0.05
"""The performance that a page must have, and the CLS that it must stay below."""

TIMES = 5

PAGES = {
    "Entrar": "/",
    "Início": "/",
    "Indicadores": "/indicadores/",
    "Tabelas": "/tabelas/",
    "Uma tabela": "/tabelas/?t=customers",
    "Conferência": "/conferencia/",
    "Execuções": "/execucoes/",
    "Ganchos": "/ganchos/",
    "Assistente": "/assistente/",
    "Configurações": "/configuracoes/",
    "Documentação": "/docs/",
    "Não encontrada": "/nada/",
}
OUTSIDE = "Entrar"
LOOKS = {"telefone": (), "mesa": ("--preset=desktop",)}


def fill(panel: Panel) -> None:
    """Read everything that a company reads every day, and make the models."""
    visitor = panel.browser()
    given = {"subdomain": panel.line.simulator.config["subdomain"]}
    given |= dict(zip(("username", "password"), testing.USER, strict=True))
    assert visitor.ask("PUT", "/api/credentials", json=given).ok
    visitor.sync()
    assert visitor.ask("PUT", "/api/first", json={"step": None}).ok
    assert visitor.read("/api/status")["last"]["state"] == "success", panel.log.read_text()


def audited(url: str, cookie: str, *options: str) -> dict[str, Any] | None:
    """Give Lighthouse's report on a page; none where it lost the trace, as on a busy machine."""
    headers = json.dumps({"Cookie": cookie} if cookie else {})
    done = subprocess.run(
        [
            *(PROGRAM, url, "--quiet", "--output=json", "--ignore-status-code"),
            *("--only-categories=performance,accessibility", "--no-enable-error-reporting"),
            *("--chrome-flags=--headless=new --no-sandbox", f"--extra-headers={headers}", *options),
        ],
        env=os.environ | {"CHROME_PATH": str(CHROMIUM)},
        stdout=subprocess.PIPE,
        check=False,
    )
    report: dict[str, Any] | None = None if done.returncode else json.loads(done.stdout)
    return report


class Score(NamedTuple):
    """What counts of a report; of two, the greater is the better one."""

    performance: int
    stillness: float
    """How much less than all of the page moves."""
    largest: float
    """Milliseconds until the largest part of the page is there."""
    accessibility: int
    speed: float
    """Of the processor at the time, as an index."""

    @classmethod
    def of(cls, report: dict[str, Any]) -> Score:
        """Take it from a report."""
        audits, categories = report["audits"], report["categories"]
        return cls(
            round(100 * categories["performance"]["score"]),
            1 - audits["cumulative-layout-shift"]["numericValue"],
            audits["largest-contentful-paint"]["numericValue"],
            round(100 * categories["accessibility"]["score"]),
            report["environment"]["benchmarkIndex"],
        )

    @property
    def fine(self) -> bool:
        """Whether it is as it should be."""
        return self.performance >= LEAST and 1 - self.stillness < MOST


def best(url: str, cookie: str, options: tuple[str, ...]) -> tuple[Score, int]:
    """Measure until it is fine, or often enough; tell how often.

    Raises:
        SystemExit: Lighthouse could not measure it.
    """
    found: list[Score] = []
    for _ in range(TIMES):
        if (report := audited(url, cookie, *options)) is None:
            continue
        found.append(Score.of(report))
        if found[-1].fine:
            break
    if not found:
        raise SystemExit(f"O Lighthouse não conseguiu medir {url}: tente com a máquina livre.")
    return max(found, key=lambda score: (score.fine, score)), len(found)


def measure(panel: Panel, wanted: list[str]) -> bool:
    """Print a line for each page, and tell whether all are as they should be."""
    ((name, value),) = panel.browser().cookies.items()
    fine = True
    print("página          como      desempenho     CLS     LCP  acessível  vezes  índice  carga")
    for look, options in LOOKS.items():
        for page, path in PAGES.items():
            if wanted and page not in wanted:
                continue
            cookie = "" if page == OUTSIDE else f"{name}={value}"
            score, times = best(panel.url + path, cookie, options)
            fine &= score.fine
            print(
                f"{page:16}{look:10}{score.performance:10}{1 - score.stillness:8.3f}"
                f"{score.largest / 1000:6.1f} s{score.accessibility:11}{times:7}"
                f"{score.speed:8.0f}{os.getloadavg()[0]:7.1f}",
                flush=True,
            )
    return fine


def main() -> int:
    """Start a panel with data and measure its pages, or those whose names are given."""
    if not (PROGRAM.exists() and CHROMIUM):
        print("Falta o Lighthouse ou o Chromium: use make lighthouse.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with running_line(place) as line, running_panel(line, place / "painel.log") as panel:
            fill(panel)
            return 0 if measure(panel, sys.argv[1:]) else 1


if __name__ == "__main__":
    sys.exit(main())
