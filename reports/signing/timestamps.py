"""Time stamps of a service (RFC 3161): asked for through a door that the caller opens, believed only if they fit.

A service that is down, slow, or answers something else costs the level and never the signature: every such case leaves
as one kind of error, after which the caller signs without.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import TimeStamper

from reports.signing.signing_errors import TimeStampError

# Sends a request (DER) to the service and returns its answer; raises OSError where there is none.
Ask = Callable[[bytes], bytes]


class TimeStampService(TimeStamper):
    """The library's time stamper on a door of ours.

    Args:
        ask: sends a request to the service.
    """

    def __init__(self, ask: Ask) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._ask = ask

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(await asyncio.to_thread(self._ask, req.dump()), strict=True)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token over this hash.

        Raises:
            TimeStampError: there is none, with the reason.
        """
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            fits = _stamps(token, message_digest, md_algorithm)
        except OSError as error:
            raise _failed("không trả lời hoặc từ chối") from error
        except Exception as error:
            raise _failed("trả lời không đúng chuẩn") from error
        if not fits:
            raise _failed("trả về dấu thời gian của dữ liệu khác")
        return token


def _stamps(token: cms.ContentInfo, message_digest: bytes, md_algorithm: str) -> bool:
    info: Any = token["content"]["encap_content_info"]["content"].parsed
    imprint = info["message_imprint"]
    return bool(
        imprint["hashed_message"].native == message_digest
        and imprint["hash_algorithm"]["algorithm"].native == md_algorithm
    )


def _failed(what: str) -> TimeStampError:
    return TimeStampError(
        f"Dịch vụ cấp dấu thời gian {what}; văn bản vẫn ký được, mức chữ ký sẽ được bổ sung khi dịch vụ hoạt động lại."
    )
