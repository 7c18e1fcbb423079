"""B-B to B-T in place: only of the last signature, and not a byte but its container."""

from datetime import date
from functools import cache

import pytest

from reports.rendering.form import LEADER, SEAL, figures
from reports.signing.archive import archive
from reports.signing.raising import with_own_time_stamp
from reports.signing.sign import fill_fields, sign_pdf
from reports.signing.signing_errors import NothingToArchiveError, TimeStampError
from reports.signing.timestamps import TimeStampService
from tests.reports.pki import pki
from tests.reports.signing_kit import NOW, plain_pdf
from tests.reports.test_form import issued
from tests.reports.test_levels import fetch, nothing, service, told, year

DAY = date(2026, 11, 20)


@cache
def led() -> bytes:
    return sign_pdf(issued(), pki().reset().signer("leader"), at=NOW, field_name=LEADER)


@cache
def raised() -> bytes:
    data = led()
    pki().reset()
    return with_own_time_stamp(data, LEADER, service())


def sealed(data: bytes, **more: object) -> bytes:
    seal = pki().reset().signer("seal")
    return sign_pdf(data, seal, at=NOW, field_name=SEAL, seal=True, fill=figures(7, DAY), **more)


def test_the_signature_is_raised_and_nothing_else_is_touched():
    assert told(led()) == (True, True, True, "B-B")
    assert told(raised()) == (True, True, True, "B-T")
    gap = led().index(b"/Contents <3") + len(b"/Contents ")
    end = led().index(b">", gap) + 1
    assert (raised()[:gap], raised()[end:]) == (led()[:gap], led()[end:])
    # As one that was stamped at once: after its certificate's end it is indeterminate, not invalid.
    assert told(raised(), year(2030)) == (True, False, True, "B-T")


def test_number_seal_and_archive_go_on_as_ever():
    data = sealed(raised(), service=service())
    assert told(data) == (True, True, True, "B-T")
    whole = archive(data, roots=pki().roots, at=NOW, service=service(), fetch=fetch)
    assert told(whole, year(2030)) == (True, True, True, "B-LTA")


@pytest.mark.parametrize(
    "make",
    [
        raised,
        lambda: sealed(led()),
        lambda: fill_fields(led(), figures(7, DAY)),
        lambda: archive(led(), roots=pki().reset().roots, at=NOW, service=service(), fetch=nothing),
        lambda: led() + b"\n",
        plain_pdf,
        lambda: b"no file",
    ],
    ids=["stamped already", "sealed", "filled in", "archived", "hung on", "unsigned", "none"],
)
def test_what_has_anything_after_the_signature_is_left_alone(make):
    data = make()
    with pytest.raises(NothingToArchiveError):
        with_own_time_stamp(data, LEADER, service())


def test_a_token_put_under_a_seal_breaks_the_seal():
    """Why it is done for the last signature alone."""
    data = sealed(led())
    start = data.index(b"/Contents <3")
    container = raised()[raised().index(b"/Contents <3") :]
    container = container[: container.index(b">") + 1]
    assert told(data[:start] + container + data[start + len(container) :])[0] is False


def test_without_an_answer_the_file_stays_as_it_was():
    def refuse(_body):
        raise OSError

    with pytest.raises(TimeStampError):
        with_own_time_stamp(led(), LEADER, TimeStampService(refuse))
