"""The only way out of the installation: HTTP to the hosts that the configuration names, and to no others.

What is asked may come from a stranger's certificate, and what answers may be anything: so no redirects, no proxies of
the environment, nothing but http and https, a bound on bytes and one on the time from the first byte sent to the last
one read. Whatever goes wrong leaves as OSError.
"""

from __future__ import annotations

import http.client
import socket
import threading
from base64 import b64encode
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_PIECE = 65536


class NotAllowedError(OSError):
    """The address is none that the configuration names."""


class Door:
    """Asks hosts of the configuration.

    Args:
        hosts: ``name`` (at its usual port) or ``name:port``.
        timeout: seconds for a whole question with its answer.
        limit: bytes of an answer.
    """

    def __init__(self, hosts: Iterable[str], *, timeout: float, limit: int) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._timeout, self._limit = timeout, limit

    def ask(self, url: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        """The answer to a POST of a body, or to a GET without one.

        Raises:
            NotAllowedError: the host is not among those of the configuration; nothing was sent.
            OSError: no answer in time, another status than 200, or too long an answer.
        """
        connection, path = self._connection(url)
        found: list[bytes] = []
        wires: list[socket.socket] = []
        failed: list[Exception] = []

        def work() -> None:
            try:
                connection.connect()
                wires.append(connection.sock)
                found.append(self._exchange(connection, path, body, headers))
            except Exception as error:  # noqa: BLE001 (told where it is waited for)
                failed.append(error)
            finally:
                connection.close()

        worker = threading.Thread(target=work, daemon=True)
        worker.start()
        worker.join(self._timeout)
        if worker.is_alive() and wires:
            # Ends a worker that still waits; one that waits for the connection itself has the socket's own timeout.
            with suppress(OSError):
                wires[0].shutdown(socket.SHUT_RDWR)
        if not found:
            raise OSError(type(failed[0]).__name__ if failed else "timeout") from (failed[0] if failed else None)
        return found[0]

    def _connection(self, url: str) -> tuple[http.client.HTTPConnection, str]:
        try:
            parts = urlsplit(url)
            scheme, host, port = parts.scheme.lower(), (parts.hostname or "").lower(), parts.port
        except ValueError as error:
            raise NotAllowedError(0, "address") from error
        usual = _PORTS.get(scheme)
        named = {f"{host}:{port or usual}"} | ({host} if port in {None, usual} else set())
        if usual is None or parts.username is not None or not named & self._hosts:
            raise NotAllowedError(0, "host")
        kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return kind(host, port or usual, timeout=self._timeout), path

    def _exchange(
        self, connection: http.client.HTTPConnection, path: str, body: bytes | None, headers: dict[str, str]
    ) -> bytes:
        connection.request("GET" if body is None else "POST", path, body, {"User-Agent": "kiemtra", **headers})
        with connection.getresponse() as answer:
            if answer.status != http.client.OK:
                raise OSError(answer.status)
            read = bytearray()
            while piece := answer.read1(_PIECE):
                read += piece
                if len(read) > self._limit:
                    raise OSError(self._limit)
            if answer.length:
                raise OSError(answer.length)
            return bytes(read)


def host_of(url: str) -> str:
    """``name`` or ``name:port`` of an address, as ``Door`` takes it."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def basic(user: str, password: str) -> dict[str, str]:
    """The header of a user's name and password; none without a name."""
    if not user:
        return {}
    return {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode("ascii")}
