"""Values of ``unit/<id>`` (inspected units) and ``issuer/<id>`` (bodies that issue papers)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.inspections.shapes import Ident, ShortText, Site
from checklists.answers import IsoDate, Shape

Name = Annotated[str, Field(min_length=1, max_length=300)]


class Level(StrEnum):
    """Level of a unit; the district level ended on 01/7/2025 (Luật 72/2025/QH15)."""

    PROVINCE = "tinh"
    DEPARTMENT = "so"
    DISTRICT = "huyen"
    COMMUNE = "xa"
    GROUP = "nhom"


LEVEL_LABELS: dict[Level, str] = {
    Level.PROVINCE: "Cấp tỉnh",
    Level.DEPARTMENT: "Sở, ban, ngành",
    Level.DISTRICT: "Cấp huyện (đến 30/6/2025)",
    Level.COMMUNE: "Cấp xã",
    Level.GROUP: "Nhóm đơn vị",
}


class Terms(Shape):
    """How this unit calls things between two days (one-stop office, head, office in charge)."""

    start: IsoDate | None = None
    end: IsoDate | None = None
    mot_cua: ShortText = ""
    head_title: ShortText = ""
    lead_office: ShortText = ""


class UnitValue(Shape):
    """An inspected unit. Same name does not mean same unit: a merged unit is a new one with successors."""

    name: Name
    level: Level
    parent: Ident | None = None
    code: ShortText = ""
    address: ShortText = ""
    start: IsoDate | None = None
    end: IsoDate | None = None
    terms: list[Terms] = Field(default_factory=list)
    successors: list[Ident] = Field(default_factory=list)
    sites: list[Site] = Field(default_factory=list, description="Nơi thường kiểm tra: điểm tiếp nhận, nơi niêm yết")


PictureName = Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9_-]{0,80}\.png)?$")]


class Signer(Shape):
    """Who signs for a body: ``authority`` TM./KT./TL., ``second_title`` the Đoàn's second line.

    ``signature_image`` names a PNG in ``keys/``: the handwriting, blue on a transparent ground (NĐ 30/2020 Phụ lục I).
    """

    name: Name
    title: Name
    authority: ShortText = ""
    second_title: ShortText = ""
    signature_image: PictureName = ""


class PaperKind(StrEnum):
    """Types of paper that a body issues (NĐ 30/2020 Điều 7)."""

    NOTICE = "TB"
    LETTER = "CV"
    REPORT = "BC"
    MINUTES = "BB"


class RecipientLine(Shape):
    """One line of Nơi nhận; ``kinds`` are the papers that it stands on, none named means all."""

    name: Name
    purpose: ShortText = ""
    kinds: list[PaperKind] = Field(default_factory=list)


class IssuerValue(Shape):
    """A body that issues papers: letterhead, symbols, signers, Nơi nhận (NĐ 30/2020 Phụ lục I).

    ``seal_image`` names a PNG in ``keys/``: the red seal in its actual size on a transparent ground. ``drafter`` is the
    mark of who drafted or typed, ``copies`` the number of copies kept; both end the archive line where they are used.
    ``addressee`` is the authority that its reports are sent up to. ``verification`` prints at the end of the last annex
    where anybody may verify the issued file. ``sealless`` is a body without a certificate for a seal.
    """

    name: Name
    letterhead: Name
    superior: ShortText = ""
    place: ShortText = ""
    symbols: dict[PaperKind, ShortText] = Field(default_factory=dict)
    signers: list[Signer] = Field(min_length=1)
    recipients: list[RecipientLine] = Field(default_factory=list)
    archive: ShortText = "VT"
    drafter: ShortText = ""
    retention: Annotated[
        str,
        Field(max_length=200, description="Thời hạn bảo quản hồ sơ kiểm tra; trống là chưa ghi"),
    ] = ""
    copies: Annotated[int, Field(ge=1, le=99)] | None = None
    addressee: ShortText = ""
    follow_up: ShortText = ""
    seal_image: PictureName = ""
    verb: ShortText = Field(default="yêu cầu", description="Động từ với đơn vị nhận: yêu cầu, đề nghị hoặc theo cấp")
    verification: bool = False
    sealless: bool = False
