"""The only way out: configured hosts, in time, bounded."""

import time

import pytest

from app.network import Door, NotAllowedError, basic, host_of
from tests.reports.pki import closed_port, hanging_port, pki


def door(*hosts, timeout=5.0, limit=100_000):
    return Door(hosts or [pki().host], timeout=timeout, limit=limit)


def test_an_allowed_host_is_asked():
    assert door().ask(f"{pki().url}/kiemtra/crls/root/latest.crl", None, {}).startswith(b"\x30")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.invalid/",
        "file:///etc/passwd",
        "ftp://{host}/",
        "//{host}/",
        "http://{host}@example.invalid/",
        "http://user@{host}/",
        "http://127.0.0.1:1/",
        "http://127.0.0.1/",
        "http://[::1]:99999/",
        "",
    ],
)
def test_nothing_else_is_asked(url):
    pki().asked.clear()
    with pytest.raises(NotAllowedError):
        door().ask(url.format(host=pki().host), None, {})
    assert pki().asked == []


def test_a_host_without_a_port_means_the_usual_one():
    # Allowed, and nobody is there: another error than for what is not allowed.
    with pytest.raises(OSError) as error:
        door("127.0.0.1").ask("http://127.0.0.1:80/", None, {})
    assert not isinstance(error.value, NotAllowedError)
    with pytest.raises(NotAllowedError):
        door("127.0.0.1").ask(f"{pki().url}/", None, {})


def test_a_redirect_is_not_followed():
    pki().asked.clear()
    with pytest.raises(OSError):
        door().ask(f"{pki().url}/bad/elsewhere", b"x", {})
    assert pki().asked == ["/bad/elsewhere"]


@pytest.mark.parametrize("path", ["/bad/dripping", "/bad/endless"])
def test_a_bad_answer_is_left_in_time(path):
    start = time.monotonic()
    with pytest.raises(OSError):
        door(timeout=0.3, limit=200_000).ask(pki().url + path, None, {})
    assert time.monotonic() - start < 3


def test_silence_is_left_in_time():
    start = time.monotonic()
    with pytest.raises(OSError):
        door(host_of(hanging_port()), timeout=0.2).ask(hanging_port(), None, {})
    assert time.monotonic() - start < 3


def test_nobody_there_is_told_at_once():
    url = closed_port()
    with pytest.raises(OSError):
        door(host_of(url)).ask(url, None, {})


def test_a_path_of_control_characters_is_an_error_of_ours():
    with pytest.raises(OSError):
        door().ask(f"{pki().url}/a b", None, {})


def test_the_password_goes_as_basic():
    assert basic("", "x") == {}
    assert basic("a", "b") == {"Authorization": "Basic YTpi"}
