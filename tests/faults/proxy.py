"""What stands between a tablet and its server in the field: a way that may break at any place and moment.

Every tablet gets a proxy of its own, so that its origin stays while the server behind it is stopped, replaced
or cut off, and other tablets are not touched.
"""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

PORTAL = (
    b"<!doctype html><title>Wi-Fi</title><h1>M\xe1\xbb\x9di \xc4\x91\xc4\x83ng nh\xe1\xba\xadp Wi-Fi kh\xc3\xa1ch</h1>"
)
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
ROUTES: dict[str, tuple[str, str]] = {
    "session": ("GET", "/api/session"),
    "push": ("POST", "/api/sync/push"),
    "pull": ("GET", "/api/sync/pull"),
    "evidence": ("PUT", "/api/evidence/"),
    "receipt": ("POST", "/receipt"),
}


def is_route(name: str, method: str, path: str) -> bool:
    """Whether a request goes that way; "api" is every one of them, "all" the shell and its files too."""
    if name == "all":
        return True
    if name == "api":
        return path.startswith("/api/")
    wanted, part = ROUTES[name]
    return method == wanted and part in path


@dataclass
class Rule:
    """What happens to the next ``times`` requests of a route; ``how`` names a method of the handler."""

    route: str
    how: str
    times: int = 1_000_000
    status: int = 0
    body: bytes = PORTAL
    kind: str = "text/html"
    hits: int = 0


@dataclass
class Weather:
    """The proxy's state; changed by the trial, read by the threads that serve."""

    rules: list[Rule] = field(default_factory=list)
    cut: bool = False
    """No answer to anybody: the tablet is out of reach."""
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Paths of another build that a deployment has put there."""
    shuffle: random.Random | None = None
    """Delays answers by chance and sends requests twice, where set."""
    seen: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def rule_for(self, method: str, path: str) -> Rule | None:
        with self.lock:
            self.seen.append(f"{method} {path.partition('?')[0]}")
            for rule in self.rules:
                if rule.hits < rule.times and is_route(rule.route, method, path):
                    rule.hits += 1
                    return rule
            return None

    def chance(self, share: float) -> bool:
        with self.lock:
            return self.shuffle is not None and self.shuffle.random() < share


class Proxy:
    """Listens on a port of its own and passes everything on, save what the weather spoils."""

    def __init__(self, upstream: int, port: int = 0) -> None:
        self.upstream = upstream
        self.weather = Weather()
        self.spoiled: list[Rule] = []
        self._server = _Listener(("127.0.0.1", port), _handler(self))
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def spoil(self, *rules: Rule) -> None:
        with self.weather.lock:
            self.spoiled.extend(rules)
            self.weather.rules.extend(rules)

    def heal(self) -> None:
        with self.weather.lock:
            self.weather.rules.clear()
            self.weather.cut = False


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """A browser that was killed breaks its connections: that is what the trials are about."""


class _GoneError(Exception):
    """The connection ends here, without an answer."""


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (_Handler,), {"proxy": proxy})


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy
    protocol_version = "HTTP/1.1"

    def handle_request(self) -> None:
        weather = self.proxy.weather
        if weather.cut:
            return self._break()
        path = self.path.partition("?")[0]
        if self.command == "GET" and path in weather.files:
            kind, body = weather.files[path]
            return self._answer(200, {"Content-Type": kind, "Cache-Control": "no-cache"}, body)
        rule = weather.rule_for(self.command, self.path)
        try:
            act: Callable[[Rule], None] = getattr(self, f"_{rule.how}") if rule else self._pass
            act(rule or Rule("all", "pass"))
        except (_GoneError, OSError, HTTPException):
            self._break()
        return None

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_request  # noqa: N815 (named by http.server)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _forward(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection("127.0.0.1", self.proxy.upstream, timeout=30)
        try:
            connection.request(self.command, self.path, body or None, dict(self.headers))
            # The answer holds the socket too: where reading it fails, both must be closed.
            with connection.getresponse() as answer:
                headers = {name: value for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP}
                return answer.status, headers, answer.read()
        finally:
            connection.close()

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _break(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    # What a rule may do.

    def _pass(self, _rule: Rule) -> None:
        body = self._body()
        weather = self.proxy.weather
        if weather.chance(0.2):
            time.sleep(0.05)
        answer = self._forward(body)
        if self.path.startswith("/api/sync/push") and weather.chance(0.2):
            self._forward(body)
        if weather.cut or weather.chance(0.05):
            raise _GoneError
        self._answer(*answer)

    def _status(self, rule: Rule) -> None:
        self._body()
        headers = {"Content-Type": rule.kind}
        if rule.status in {301, 302}:
            headers["Location"] = "/login?next=/field/"
        self._answer(rule.status, headers, rule.body)

    def _drop_request(self, _rule: Rule) -> None:
        self._body()
        raise _GoneError

    def _drop_answer(self, _rule: Rule) -> None:
        """The server has committed; nobody hears of it."""
        self._forward(self._body())
        raise _GoneError

    def _half_request(self, _rule: Rule) -> None:
        body = self._body()
        head = f"{self.command} {self.path} HTTP/1.1\r\n"
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        with socket.create_connection(("127.0.0.1", self.proxy.upstream), timeout=10) as upstream:
            upstream.sendall((head + lines + "\r\n").encode() + body[: len(body) // 2])
        raise _GoneError

    def _half_answer(self, _rule: Rule) -> None:
        status, headers, body = self._forward(self._body())
        self.send_response_only(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        raise _GoneError

    def _twice(self, _rule: Rule) -> None:
        body = self._body()
        self._forward(body)
        self._answer(*self._forward(body))

    def _slow(self, _rule: Rule) -> None:
        body = self._body()
        time.sleep(0.4)
        self._answer(*self._forward(body))

    def log_message(self, *_: object) -> None:
        pass
