"""Load on the web chat's HTTP end: every complaint from a visitor of its own, latency as the person feels it."""

import asyncio
import itertools
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import httpx

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Latency:
    """Acknowledgement times of one pattern of load."""

    number: int
    seconds: float
    p50: float
    p99: float
    failed: int

    @property
    def rate(self) -> float:
        """Complaints acknowledged a second."""
        return self.number / self.seconds


def texts() -> Iterator[str]:
    """Complaints without end, no two alike."""
    lines = (ROOT / "tests" / "eval" / "complaints.jsonl").read_text(encoding="utf-8").splitlines()
    written = [json.loads(line)["text"] for line in lines]
    for number in itertools.count():
        yield f"{written[number % len(written)]}，这是第{number}件"


class Visitors:
    """Sends complaints, each from a new session (the cookie is only a random number)."""

    def __init__(self, url: str) -> None:
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
        self._client = httpx.AsyncClient(base_url=url, limits=limits, timeout=60)
        self._texts = texts()
        self.times: list[float] = []
        self.failed = 0

    async def close(self) -> None:
        """Close connections."""
        await self._client.aclose()

    async def complain(self) -> None:
        """One complaint from one new visitor; the time runs until the receipt is here."""
        body = {"id": str(uuid.uuid4()), "text": next(self._texts)}
        started = time.perf_counter()
        headers = {"cookie": f"jf_person={uuid.uuid4().hex}"}
        answer = await self._client.post("/chat/messages", json=body, headers=headers)
        if answer.status_code == 200 and answer.json()["messages"]:
            self.times.append(time.perf_counter() - started)
        else:
            self.failed += 1

    def latency(self, seconds: float) -> Latency:
        """What was measured since the last call."""
        cuts = quantiles(self.times, n=100)
        found = Latency(len(self.times), seconds, cuts[49] * 1000, cuts[98] * 1000, self.failed)
        self.times, self.failed = [], 0
        return found


async def one_after_another(visitors: Visitors, number: int) -> Latency:
    """The next one starts when the last was acknowledged."""
    started = time.perf_counter()
    for _ in range(number):
        await visitors.complain()
    return visitors.latency(time.perf_counter() - started)


async def in_flight(visitors: Visitors, number: int, width: int) -> Latency:
    """`width` at the same time, always."""
    started, left = time.perf_counter(), itertools.repeat(None, number)

    async def lane() -> None:
        for _ in left:
            await visitors.complain()

    await asyncio.gather(*(lane() for _ in range(width)))
    return visitors.latency(time.perf_counter() - started)


async def arrivals(visitors: Visitors, number: int, per_second: float) -> Latency:
    """New ones arrive at a steady rate, however long the others take."""
    started, tasks = time.perf_counter(), []
    for index in range(number):
        await asyncio.sleep(max(0.0, started + index / per_second - time.perf_counter()))
        tasks.append(asyncio.create_task(visitors.complain()))
    await asyncio.gather(*tasks)
    return visitors.latency(time.perf_counter() - started)
