"""`make bench`: one table, printed and written to docs/benchmarks.md with machine and date."""

import argparse
import asyncio
import os
import platform
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from bot.house import Plant, build, prepare
from bot.settings import Settings
from nlu.ears import load_ears
from tests.bench import drain, fuzz, load, understanding
from tests.bench.memory import resident
from tests.bench.served import ROOT, served
from tests.postgres import binaries, fresh_database, server

Row = tuple[str, str, float, str]


def measure(name: str, url: str, folder: Path, model_dir: Path, scale: int) -> list[Row]:
    """Everything for one database; `scale` divides the numbers for a quick look."""
    settings = Settings(data_dir=folder, database_url=url, model_dir=model_dir, sweep_seconds=1, _env_file=None)
    plant = build(settings, prepare(settings))
    with served(folder, url, model_dir) as product:
        rows: list[Row] = [(name, "cold start to ready", product.cold_start, "s")]
        before = product.memory()
        rows += asyncio.run(patterns(name, product.url, scale))
        rows += [(name, "memory at start", before, "MB"), (name, "memory after the load", product.memory(), "MB")]
    rows += asyncio.run(draining(name, plant, 500 // scale))
    plant.database.engine.dispose()
    return rows


async def patterns(name: str, url: str, scale: int) -> list[Row]:
    """The three patterns of load, warmed up."""
    visitors = load.Visitors(url)
    await load.one_after_another(visitors, 20)
    found = {
        "one after another": await load.one_after_another(visitors, 1000 // scale),
        "20 in flight": await load.in_flight(visitors, 2000 // scale, 20),
        "50 arrivals a second": await load.arrivals(visitors, 1500 // scale, 50),
    }
    await visitors.close()
    rows: list[Row] = []
    for pattern, latency in found.items():
        rows += [
            (name, f"{pattern}: acknowledged p50", latency.p50, "ms"),
            (name, f"{pattern}: acknowledged p99", latency.p99, "ms"),
            (name, f"{pattern}: complaints a second", latency.rate, "/s"),
            (name, f"{pattern}: failed", latency.failed, ""),
        ]
    return rows


async def draining(name: str, plant: Plant, number: int) -> list[Row]:
    """How messages leave."""
    return [
        (name, "outbox drained after the commit", await drain.direct(plant, number), "/s"),
        (name, "left-behind rows drained by the engine", await drain.through_the_engine(plant, number), "/s"),
    ]


def soak(model_dir: Path, number: int) -> list[Row]:
    """Distinct texts through the ears of this process; memory must stay flat."""
    ears, words = load_ears(model_dir), load.texts()
    for _ in range(2000):
        ears.parse(next(words))
    before, started = resident(), time.perf_counter()
    for _ in range(number):
        ears.parse(next(words))
    seconds = time.perf_counter() - started
    return [
        ("ears", f"soak with {number} distinct texts", number / seconds, "/s"),
        ("ears", "memory before the soak", before, "MB"), ("ears", "memory after the soak", resident(), "MB"),
    ]  # fmt: skip


def table(rows: list[Row]) -> str:
    """Figures by line, databases side by side, with their ratio."""
    columns = list(dict.fromkeys(row[0] for row in rows if row[0] != "ears"))
    lines = [f"| figure | {' | '.join(columns)} | ratio |", "|---|" + "---|" * (len(columns) + 1)]
    for figure in dict.fromkeys((row[1], row[3]) for row in rows if row[0] != "ears"):
        values = [next((r[2] for r in rows if r[0] == c and (r[1], r[3]) == figure), None) for c in columns]
        shown = [f"{value:.1f} {figure[1]}".strip() if value is not None else "–" for value in values]
        both = len(values) == 2 and all(values)
        ratio = f"{values[1] / values[0]:.2f}" if both and values[0] and values[1] else "–"
        lines.append(f"| {figure[0]} | {' | '.join(shown)} | {ratio} |")
    lines += [f"| {row[1]} | {row[2]:.1f} {row[3]} | | |" for row in rows if row[0] == "ears"]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, write."""
    options = argparse.ArgumentParser()
    options.add_argument("--quick", action="store_true", help="a tenth of the numbers, nothing written")
    options.add_argument("--model", type=Path, default=ROOT / "var" / "model")
    options.add_argument("--only", choices=["ears", "diet"], help="only the ears beside their peers, or with DIET")
    chosen = options.parse_args()
    if chosen.only:
        print(understanding.classes(understanding.peers(diet=chosen.only == "diet")))
        return
    scale, rows = (10 if chosen.quick else 1), []
    with tempfile.TemporaryDirectory() as folder:
        rows += measure("SQLite", f"sqlite:///{folder}/bench.db", Path(folder), chosen.model, scale)
    if binaries() is not None:
        with tempfile.TemporaryDirectory() as folder, server() as base:
            rows += measure("PostgreSQL", fresh_database(base), Path(folder), chosen.model, scale)
    rows += soak(chosen.model, 100_000 // scale)
    rows += fuzz.rows(chosen.model, 100_000 // scale)
    heard = "" if chosen.quick else f"{understanding.classes(understanding.peers())}\n\n{understanding.intents()}"
    print(f"{table(rows)}\n\n{heard}")
    if not chosen.quick:
        where = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        head = f"# Benchmarks\n\n{date.today()} · {where} · `make bench`\n\nRead ratios, not absolute times."
        (ROOT / "docs" / "benchmarks.md").write_text(
            f"{head}\n\n{table(rows)}\n\n## The ears beside their peers\n\n{heard}\n", encoding="utf-8"
        )


if __name__ == "__main__":
    sys.exit(main())
