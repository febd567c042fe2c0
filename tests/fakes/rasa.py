"""A stand-in for the Rasa server: answers as it is told, late or in drops if wanted, and notes what it was asked."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, bytes]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "FakeRasa"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"]
        self.server.asked.append((self.path, asked))
        time.sleep(self.server.wait)
        status, body = self.server.reply(asked) if callable(self.server.reply) else self.server.reply
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self._write(body)
        except OSError:
            self.close_connection = True  # a caller that did not wait

    def _write(self, body: bytes) -> None:
        size = 20 if self.server.drip else len(body) or 1
        for at in range(0, len(body), size):
            self.wfile.write(body[at : at + size])
            self.wfile.flush()
            time.sleep(self.server.drip)

    def log_message(self, *_: Any) -> None:
        pass


class FakeRasa(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.labels = labels
        self.asked: list[tuple[str, str]] = []
        self.reply: Reply | Callable[[str], Reply] = self.answer()
        self.wait, self.drip = 0.0, 0.0  # seconds before the answer, and between its pieces

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, **chances: float) -> Reply:
        """A good answer with these scores; the other labels share the rest."""
        others = [name for name in self.labels if name not in chances]
        shared = dict.fromkeys(others, max(0.0, 1 - sum(chances.values())) / max(len(others), 1))
        ranking = [{"name": name, "confidence": chance} for name, chance in (chances | shared).items()]
        return 200, json.dumps({"text": "", "intent_ranking": ranking}).encode()

    @contextmanager
    def running(self) -> Iterator["FakeRasa"]:
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()
            thread.join()
