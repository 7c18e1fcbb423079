"""Whose seal: each issuing body has its own key and certificate, or uses the installation's.

Promise: a seal is put on a body's paper only where its certificate bears the body's name, or the name that the
configuration gives for it (``[seals.<id>] holder``: a Đoàn may use the seal of the Sở that it belongs to). Limit: names
are compared, not legal persons; whose certificate it is, its issuer vouches for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.clock import iso, local_date
from app.config import SealPlace
from app.errors import UnprocessableError
from app.installation import Installation
from app.papers.signing import TRIAL_SEAL, open_key, trial_seal
from app.refusals import REFUSALS
from app.units.queries import all_issuers
from reports.composing.prose import short_date
from reports.signing.keys import Signer

SOON = 30
"""Days before its end from which a certificate is told of every night."""
# The five tone marks; "Uỷ" and "Ủy" are the same word with the mark on another letter.
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


class ForeignSealError(UnprocessableError):
    """The certificate of the seal is not the issuing body's."""

    code = "seal_of_another_body"


@dataclass(frozen=True)
class SealState:
    """What an installation can say of one body's seal before anything is sealed.

    Attributes:
        body: name of the issuing body.
        issuer: its id, by which the configuration names it.
        where: ``own`` a key of its own, ``shared`` the installation's, ``test`` the test seal, ``elsewhere`` no key
            here, ``none`` the body has no certificate for a seal.
        name: what the certificate is called; empty without one.
        until: end of the certificate's validity, UTC; empty without one.
        is_test: it only makes test seals.
        problem: why no seal can be put on; empty where one can.
    """

    body: str
    issuer: str
    where: str
    name: str = ""
    until: str = ""
    is_test: bool = False
    problem: str = ""


def seal_key(installation: Installation, now: datetime, body: Mapping[str, Any]) -> Signer | None:
    """The key of a body's seal; the test seal beside the test key; None where the seal is not here.

    Args:
        installation: where its keys are configured.
        now: the moment of the seal.
        body: the issuing body's value with its ``id``.

    Raises:
        ConfigurationError, SigningError: the key cannot be used.
        ForeignSealError: the certificate is not this body's.
    """
    place = installation.config.seal_place(str(body["id"]))
    if not place.is_set:
        return None if installation.config.own_signing_key else trial_seal(installation, now)
    return _checked(installation, now, body, place)


def _checked(installation: Installation, now: datetime, body: Mapping[str, Any], place: SealPlace) -> Signer:
    """The configured key, which is this body's.

    Raises:
        ConfigurationError, SigningError, ForeignSealError: as ``seal_key``.
    """
    signer = open_key(installation, place, _settings(installation, body), now)
    if not is_of(signer.name, body, place):
        raise ForeignSealError(
            f"Chứng thư con dấu mang tên «{signer.name}», không phải của «{body['name']}», nên chưa đóng dấu. Hãy nhờ "
            f"quản trị ghi khóa con dấu của cơ quan này vào mục [seals.{body['id']}] trong config.toml; nếu cơ quan "
            f'được dùng chính con dấu này, ghi holder = "{signer.name}" vào mục đó.'
        )
    return signer


def _settings(installation: Installation, body: Mapping[str, Any]) -> str:
    """The prefix of the settings that name this body's key."""
    return f"seals.{body['id']}." if _where(installation, str(body["id"])) == "own" else "seal_"


def is_of(name: str, body: Mapping[str, Any], place: SealPlace) -> bool:
    """Whether a certificate of that name is the body's seal."""
    wanted = [place.holder] if place.holder else [body["name"], body.get("letterhead", "")]
    return bool(name) and _plain(name) in {_plain(one) for one in wanted}


def _plain(name: str) -> str:
    """A name without its letters' case, its line breaks and the choice of letter that a tone mark stands on."""
    return " ".join(_word(word) for word in unicodedata.normalize("NFD", name).casefold().split())


def _word(word: str) -> str:
    tones = [letter for letter in word if letter in _TONES]
    return "".join([letter for letter in word if letter not in _TONES] + tones)


def seal_state(installation: Installation, body: Mapping[str, Any]) -> SealState:
    """What can be said of a body's seal now."""
    name, issuer = str(body["name"]), str(body["id"])
    if body.get("sealless"):
        return SealState(name, issuer, "none")
    where = _where(installation, issuer)
    if where == "test":
        if installation.config.own_signing_key:
            return SealState(name, issuer, "elsewhere")
        # Looking makes no key.
        return SealState(name, issuer, "test", TRIAL_SEAL, is_test=True)
    place = installation.config.seal_place(issuer)
    try:
        signer = _checked(installation, installation.clock(), body, place)
    except REFUSALS as error:
        return SealState(name, issuer, where, problem=error.message)
    return SealState(name, issuer, where, signer.name, iso(signer.expires), is_test=signer.is_test)


def _where(installation: Installation, issuer: str) -> str:
    own = installation.config.seals.get(issuer)
    if own and own.is_set:
        return "own"
    return "shared" if installation.config.seal_place(issuer).is_set else "test"


def all_seals(installation: Installation) -> list[SealState]:
    """The state of every issuing body's seal, and of settings that name no body."""
    bodies = all_issuers(installation.database())
    known = {body["id"] for body in bodies}
    strays = [_stray(one) for one in installation.config.seals if one not in known]
    return [*(seal_state(installation, body) for body in bodies), *strays]


def ending_seals(installation: Installation) -> list[str]:
    """What to tell of certificates that end soon, once for each: a seal that cannot be put on stops every paper."""
    last = iso(installation.clock() + timedelta(days=SOON))
    ending = {one.name: one.until for one in all_seals(installation) if one.until and one.until < last}
    return [
        f"Chứng thư con dấu «{name}» hết hạn ngày {short_date(local_date(datetime.fromisoformat(until)))}; hãy xin cấp "
        "mới và thay khóa trong config.toml."
        for name, until in ending.items()
    ]


def _stray(issuer: str) -> SealState:
    problem = f"Không có cơ quan ban hành mã «{issuer}»; hãy sửa mục [seals.{issuer}] trong config.toml."
    return SealState("", issuer, "own", problem=problem)
