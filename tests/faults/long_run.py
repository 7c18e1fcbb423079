"""The long run: ``python -m tests.faults``. Many trials of every kind, two workers side by side.

Environment: ``TRIALS`` (default 500), ``SEED`` (the first seed; drawn where not given), ``KINDS`` (names, with
commas), ``WORKERS``. A failing trial is repeated with ``SEED=<its seed> TRIALS=1 KINDS=<its kind>``.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from tests.faults.kinds import KINDS, WEIGHTS
from tests.faults.stage import Stage
from tests.faults.trial import Ground, Result, run

FIGURES = Path(__file__).resolve().parents[2] / "build" / "faults.json"
Plan = list[tuple[str, int]]


def plan(trials: int, seed: int, kinds: list[str]) -> Plan:
    """Which kind with which seed: every kind in turn, more often by its weight."""
    turns = [kind for kind in kinds for _ in range(WEIGHTS.get(kind, 1))]
    return [(turns[n % len(turns)], seed + n) for n in range(trials)]


def work(number: int, tasks: Plan, results: multiprocessing.Queue[Result | str]) -> None:
    """One worker: a server, a browser, its share of the trials."""
    with tempfile.TemporaryDirectory(prefix=f"faults-{number}-") as name:
        directory = Path(name)
        with Stage(directory / "stage") as stage, sync_playwright() as playwright:
            ground = Ground(stage, playwright, directory)
            for kind, seed in tasks:
                results.put(run(ground, kind, seed, KINDS[kind]))
            ground.close()
            problems = stage.verify()
        results.put(f"worker {number}: journal of {len(tasks)} trials: {'; '.join(problems) or 'in order'}")


def gather(tasks: Plan, workers: int) -> Iterator[Result | str]:
    """Results of all workers as they come."""
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[Result | str] = context.Queue()
    crew = [context.Process(target=work, args=(n, tasks[n::workers], results)) for n in range(workers)]
    for process in crew:
        process.start()
    awaited = len(tasks) + workers
    while awaited:
        try:
            yield results.get(timeout=5)
            awaited -= 1
        except Exception:  # noqa: BLE001 (the queue's own Empty, of another module)
            if not any(process.is_alive() for process in crew):
                break
    for process in crew:
        process.join()
    if awaited:
        yield f"a worker ended early: {awaited} results are missing"


def summary(results: list[Result]) -> list[dict[str, object]]:
    """One line per kind."""
    lines: list[dict[str, object]] = []
    for kind in KINDS:
        of = [result for result in results if result.kind == kind]
        if of:
            lines.append(
                {
                    "kind": kind,
                    "trials": len(of),
                    "felt": sum(result.bites > 0 for result in of),
                    "claims": sum(result.claims for result in of),
                    "faults": sum(bool(result.faults) for result in of),
                    "skipped": sum(bool(result.skipped) for result in of),
                    "seconds": round(median(result.seconds for result in of), 1),
                }
            )
    return lines


def show(line: dict[str, object]) -> str:
    return (
        f"{line['kind']:22} {line['trials']:4} trials, felt in {line['felt']:4}, "
        f"{line['claims']:5} acknowledgements, {line['faults']:3} faults, {line['seconds']} s each"
        + (f", {line['skipped']} skipped" if line["skipped"] else "")
    )


def main() -> int:
    """Run, print, write the figures; non-zero where anything was lost, doubled or wrongly claimed."""
    trials = int(os.environ.get("TRIALS", "500"))
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**8))
    kinds = os.environ["KINDS"].split(",") if os.environ.get("KINDS") else list(KINDS)
    workers = int(os.environ.get("WORKERS", "2" if trials > 1 else "1"))
    print(f"{trials} trials from SEED={seed}, {workers} workers", flush=True)
    began = time.monotonic()
    results: list[Result] = []
    problems: list[str] = []
    for result in gather(plan(trials, seed, kinds), workers):
        if isinstance(result, str):
            print(result, flush=True)
            problems += [result] if "in order" not in result else []
            continue
        results.append(result)
        if len(results) % 25 == 0:
            print(f"{len(results)} of {trials}, {time.monotonic() - began:.0f} s", flush=True)
        for fault in result.faults:
            print(f"FAULT SEED={result.seed} KINDS={result.kind}: {fault}", flush=True)
    lines = summary(results)
    print("\n".join(show(line) for line in lines))
    seconds = round(time.monotonic() - began)
    failed = sum(bool(result.faults) for result in results)
    claims = sum(result.claims for result in results)
    print(f"{len(results)} trials, {claims} acknowledgements, {failed} trials with faults, {seconds} s")
    figures = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "seed": seed, "seconds": seconds, "kinds": lines}
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 1 if failed or problems or len(results) < trials else 0
