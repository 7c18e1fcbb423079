"""What a pack is: the shapes that YAML files, the tablet's bundle and the conclusion share.

A pack is frozen once released; an inspection pins ``id@version``. Sources of the questions and their
legal bases: docs/checklists.md. A basis with ``sure: false`` is shown as "cần đối chiếu" and never
printed in a sentence.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from checklists.answers import IsoDate

AREAS = (
    "Công tác chỉ đạo, điều hành",
    "Cải cách thể chế",
    "Cải cách thủ tục hành chính",
    "Cải cách tổ chức bộ máy",
    "Cải cách chế độ công vụ",
    "Cải cách tài chính công",
    "Xây dựng, phát triển chính quyền điện tử, chính quyền số",
)
"""The seven lĩnh vực of the đề cương báo cáo, in the order of the conclusion."""

LEVELS = ("so", "huyen", "xa")
"""Levels of a unit. ``nhom`` (a summary over units) is asked every item."""

ITEM_ID = r"^[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$"
PACK_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
KEY = r"^[a-z][a-z0-9_]*$"

Key = Annotated[str, Field(pattern=KEY)]


class Part(BaseModel):
    """Base of a pack's parts: an unknown field is an error, so that a typing mistake is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Kind(StrEnum):
    VERDICT = "verdict"
    COUNTS = "counts"
    RATIO = "ratio"
    DATE_DUE = "date_due"
    TEXT = "text"


class FieldType(StrEnum):
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    TEXT = "text"
    BOOL = "bool"


class FigureField(Part):
    """A figure an item asks for."""

    key: Key
    label: str
    type: FieldType = FieldType.NUMBER
    unit: str = ""
    counts_rows: bool = Field(default=False, description="Bằng số dòng của bảng khi bảng có dòng")


class RowColumn(Part):
    """A typed column of an item's table; ``dossier`` holds a mã hồ sơ (TT 01/2018/TT-VPCP Điều 19)."""

    key: Key
    label: str
    type: FieldType = FieldType.TEXT
    dossier: bool = False


class LegalBasis(Part):
    """A legal basis with its validity; chosen by the date of the fact."""

    doc: str
    clause: str = ""
    start: IsoDate | None = Field(default=None, alias="from")
    end: IsoDate | None = Field(default=None, alias="to")
    sure: bool
    note: str = ""


class Span(Part):
    start: IsoDate | None = Field(default=None, alias="from")
    end: IsoDate | None = Field(default=None, alias="to")


class Rule(Part):
    """Expressions of the small declarative language (docs/checklists.md) that propose a verdict."""

    dat: str
    mot_phan: str | None = None


class Check(Part):
    """What the figures of one source must agree on; a failure is a warning and repairs nothing."""

    expr: str
    text: str


class Plain(Part):
    """Wording without figures; ``note`` is neutral, for a figure that neither praises nor blames."""

    pass_: str | None = Field(default=None, alias="pass")
    shortcoming: str | None = None
    requirement: str | None = None
    note: str | None = None


class DeadlineUnit(StrEnum):
    WORKING_DAYS = "ngay-lam-viec"
    DAYS = "ngay"
    FIXED = "ngay-co-dinh"
    STANDING = "thuong-xuyen"
    AT_ONCE = "ngay-lap-tuc"


class Deadline(Part):
    """A suggested term; practice, not law: every campaign may change it."""

    n: int | None = None
    unit: DeadlineUnit
    moc: str
    text: str


class Varies(Part):
    level: str | None = None
    date: str | None = None


class Item(Part):
    id: Annotated[str, Field(pattern=ITEM_ID)]
    version: int = Field(default=1, ge=1)
    question: str
    kind: Kind
    guidance: str = ""
    fields: tuple[FigureField, ...] = ()
    derived: dict[str, str] = Field(default_factory=dict)
    rule: Rule | None = None
    checks: tuple[Check, ...] = ()
    per: str | None = Field(default=None, description="Trả lời riêng từng nơi: noi-niem-yet, diem-tiep-nhan, ...")
    rows: tuple[RowColumn, ...] = ()
    evidence: tuple[str, ...] = ()
    legal: tuple[LegalBasis, ...] = ()
    levels: tuple[str, ...] = ("so", "xa", "huyen")
    encouraged: tuple[str, ...] = Field(default=(), description="Cấp chỉ được khuyến khích: không gợi ý «chưa đạt»")
    valid: Span | None = None
    varies: Varies | None = None
    pass_: str = Field(alias="pass")
    shortcoming: str
    requirement: str
    plain: Plain = Plain()
    deadline: Deadline
    product: str = Field(default="", description="Sản phẩm chứng minh đã khắc phục")
    area: str = Field(default="", description="Lĩnh vực, khi khác với lĩnh vực của gói")
    core: bool = False
    integrity: bool = False


class Pack(Part):
    id: Annotated[str, Field(pattern=PACK_ID)]
    version: int = Field(default=1, ge=1)
    title: str
    area: str = Field(description="Lĩnh vực của đề cương, để xếp các đoạn của kết luận")
    main: bool = True
    items: tuple[Item, ...] = Field(min_length=1)

    @property
    def ref(self) -> str:
        """``id@version``, as an inspection pins it."""
        return f"{self.id}@{self.version}"

    def area_of(self, item: Item) -> str:
        """The lĩnh vực under which the conclusion speaks of an item."""
        return item.area or self.area
