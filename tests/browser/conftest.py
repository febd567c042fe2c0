"""A running product and a real headless Chromium; skipped with a reason where the machine has none."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
import pytest
from playwright.async_api import Browser, async_playwright

from tests.conftest import skip_without

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass
class Product:
    """A served product: its address, one-time links by role, and the settings it runs with."""

    url: str
    links: dict[str, str]
    environment: dict[str, str]


def environment(folder: Path, model_dir: Path, port: int) -> dict[str, str]:
    return {
        **os.environ, "JIANFU_DATA_DIR": str(folder), "JIANFU_MODEL_DIR": str(model_dir), "JIANFU_PORT": str(port),
    }  # fmt: skip


def jianfu(product: Product, *arguments: str) -> str:
    """What the command line says beside the running product."""
    command = [sys.executable, "-c", "from bot.cli import main; main()", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=product.environment, text=True, capture_output=True, check=True)
    return done.stdout.strip()


def start(folder: Path, model_dir: Path, port: int, log: IO[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from bot.cli import main; main()", "run"]
    settings = environment(folder, model_dir, port)
    return subprocess.Popen(command, cwd=ROOT, env=settings, text=True, stdout=subprocess.PIPE, stderr=log)


def wait_until_ready(url: str, process: subprocess.Popen[str], folder: Path) -> None:
    for _ in range(200):
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/api/health", timeout=1).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail((folder / "log").read_text())


@pytest.fixture
def product(tmp_path: Path, model_dir: Path) -> Iterator[Product]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with (tmp_path / "log").open("w") as log, start(tmp_path, model_dir, port, log) as process:
        wait_until_ready(url, process, tmp_path)
        links: dict[str, str] = {}
        assert process.stdout is not None
        while len(links) < 5:
            if found := re.match(r"(\w+)\s+(http\S+/enter\?token=\S+)", process.stdout.readline()):
                links[found[1]] = found[2]
        yield Product(url, links, environment(tmp_path, model_dir, port))
        process.terminate()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        skip_without("chromium", "no chromium on this machine")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        await chromium.close()
