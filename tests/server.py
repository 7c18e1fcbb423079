"""The real server in a process of its own, which tests may stop and start again on the same port."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self
from urllib.error import URLError
from urllib.request import urlopen


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def kiemtra(*arguments: str, instance: Path, text: str | None = None, check: bool = True) -> str:
    """Run the command of this environment and return what it printed."""
    command = [str(Path(sys.executable).with_name("kiemtra")), *arguments, "--instance", str(instance)]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=300)
    if check and done.returncode != 0:
        raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Server:
    """``kiemtra serve`` of one instance."""

    def __init__(self, instance: Path, port: int | None = None, **environment: str) -> None:
        self.instance = instance
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        command = [str(Path(sys.executable).with_name("kiemtra")), "serve"]
        command += ["--instance", str(self.instance), "--port", str(self.port)]
        log = (self.instance.parent / f"server-{self.port}.log").open("ab")
        self.process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, **self.environment}, start_new_session=True
        )
        log.close()
        self._wait()
        return self

    def _wait(self) -> None:
        for _ in range(300):
            try:
                with urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        raise AssertionError("the server did not come up")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is None:
            return
        os.killpg(self.process.pid, how)
        self.process.wait(30)
        self.process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGKILL)


class Tablet:
    """A signed-in HTTP client on one connection, as a tablet's browser is."""

    def __init__(self, server: Server, username: str, password: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.headers: dict[str, str] = {}
        session = self.send("POST", "/api/session", {"username": username, "password": password})
        self.account = session["account"]["id"]
        self.headers["X-CSRFToken"] = session["csrf_token"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def send(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None) -> Any:
        data = raw if raw is not None else (json.dumps(body).encode() if body is not None else None)
        kind = "application/octet-stream" if raw is not None else "application/json"
        self.connection.request(method, path, data, {**self.headers, "Content-Type": kind})
        response = self.connection.getresponse()
        answer = response.read()
        cookie = response.headers.get("Set-Cookie")
        if cookie:
            self.headers["Cookie"] = cookie.split(";")[0]
        if response.status >= 400:
            raise AssertionError(f"{method} {path}: {response.status} {answer[:300]!r}")
        return json.loads(answer)
