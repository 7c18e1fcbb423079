"""Values of the ``inspection/<id>/…`` subjects. Append-only: a released field is never renamed or narrowed.

The same models make the JSON Schemas of the OpenAPI document and the tablet's TypeScript types.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from checklists.answers import IsoDate, Period, Settled, Shape

ShortText = Annotated[str, Field(max_length=500)]
LongText = Annotated[str, Field(max_length=8000)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Ident = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
PackRef = Annotated[str, Field(pattern=r"^[a-z0-9-]+@[1-9]\d*$")]
ItemId = Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")]


class Function(StrEnum):
    """What a person does in one inspection, whatever the account's role is."""

    HEAD = "truong_doan"
    DEPUTY = "pho_truong_doan"
    CHAIR = "chu_tri"
    SECRETARY = "thu_ky"
    MEMBER = "thanh_vien"
    APPROVER = "nguoi_duyet"
    SIGNER = "nguoi_ky"


LEADING = frozenset({Function.HEAD, Function.DEPUTY})
DRAFTING = LEADING | {Function.SECRETARY}


class InspectionKind(StrEnum):
    PLANNED = "dinh_ky"
    UNANNOUNCED = "dot_xuat"
    FOLLOW_UP = "phuc_tra"
    SUPERVISION = "giam_sat"


class ConclusionKind(StrEnum):
    """The paper that will be issued (NĐ 30/2020 Điều 7)."""

    NOTICE = "TB"
    LETTER = "CV"
    REPORT = "BC"


class Site(Shape):
    """A place that is checked by itself: a counter, a web site, a second seat."""

    id: Ident
    name: ShortText
    address: ShortText = ""
    kind: ShortText = ""


class Member(Shape):
    """A member of the delegation, with what he or she is asked to fill.

    An item is a member's own where its pack is among ``checklists`` or its lĩnh vực among ``areas``; a member with
    neither is asked everything. Nobody is kept from answering another's items.
    """

    account: Ident
    name: ShortText
    position: ShortText = ""
    functions: list[Function] = Field(min_length=1)
    checklists: list[Ident] = Field(default_factory=list, description="Mã các bộ phiếu được giao")
    areas: list[ShortText] = Field(default_factory=list, description="Tên các lĩnh vực được giao, như ghi ở bộ phiếu")
    mandate: ShortText = Field(default="", description="Người dự thay: thay ai, theo giấy ủy quyền nào")


class Paper(Shape):
    """An official paper that is referred to: số, ngày, cơ quan, trích yếu."""

    number: ShortText = ""
    date: IsoDate | None = None
    issuer: ShortText = ""
    subject: ShortText = ""


class ReportedFigure(Shape):
    """A figure of the unit's own report, shown beside the item."""

    item: ItemId
    figure: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    value: ShortText
    as_of: IsoDate | None = None
    period: Period | None = None


class FieldOpening(Shape):
    """That an inspection was opened on a tablet: when by its clock (UTC), and by which account."""

    at: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")]
    by: Ident


class SetupValue(Shape):
    """``inspection/<id>/setup``: what is inspected, when, by whom, with which checklists."""

    title: Annotated[str, Field(min_length=1, max_length=500)]
    unit: Ident
    issuer: Ident
    kind: InspectionKind = InspectionKind.PLANNED
    document_kind: ConclusionKind = ConclusionKind.NOTICE
    dates: list[IsoDate] = Field(default_factory=list)
    period: Period | None = None
    sites: list[Site] = Field(default_factory=list)
    members: list[Member] = Field(default_factory=list)
    checklists: list[PackRef] = Field(min_length=1)
    plan: Paper | None = None
    decision: Paper | None = None
    unit_report: Paper | None = None
    reported: list[ReportedFigure] = Field(default_factory=list)
    team: ShortText = "Đoàn kiểm tra"
    visit: Ident | None = None
    cause: LongText = ""
    campaign: Ident | None = Field(default=None, description="Đợt kiểm tra mà cuộc này thuộc về")
    purpose: LongText = Field(default="", description="Mục đích, yêu cầu của cuộc kiểm tra")
    opened: FieldOpening | None = None


class NoteKind(StrEnum):
    """A remark; a proposed cause; a wording proposed for the conclusion; good practice."""

    REMARK = "nhan_xet"
    CAUSE = "nguyen_nhan"
    WORDING = "dien_dat"
    GOOD_PRACTICE = "cach_lam_hay"


class NoteValue(Shape):
    """``inspection/<id>/note/<item>[@<site>]/<id>``: notes add up, they never disagree with a verdict."""

    kind: NoteKind = NoteKind.REMARK
    text: Annotated[str, Field(min_length=1, max_length=8000)]
    good: bool | None = None
    settled: Settled | None = None


class EvidenceKind(StrEnum):
    PHOTO = "anh"
    FILE = "tep"
    PAPER = "van_ban"
    ADDRESS = "dia_chi"
    CALL = "goi_thu"


class FileRef(Shape):
    """Bytes that are kept by their hash; the original name is a label and never a path."""

    sha256: Sha256
    type: Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9.+-]+$", max_length=100)]
    size: int = Field(ge=1)
    name: ShortText = ""


class TestCall(Shape):
    """A call to a published hotline."""

    number: ShortText
    at: ShortText
    answered: bool
    result: LongText = ""


Share = Annotated[int, Field(ge=0, le=10_000)]
Degrees = Annotated[str, Field(pattern=r"^-?\d{1,3}(\.\d{1,7})?$")]


class Mark(Shape):
    """One shape of a photo's layer; the photo itself stays as it was taken.

    Coordinates are in ten-thousandths of the upright picture's width (``x``, ``x2``) and height (``y``, ``y2``),
    from its top left corner. An arrow points from the first point to the second; circle and cover fill the
    rectangle between them; a text begins at the first point, on its baseline.
    """

    kind: Literal["arrow", "circle", "text", "cover"]
    x: Share
    y: Share
    x2: Share = 0
    y2: Share = 0
    text: Annotated[str, Field(max_length=200)] = ""


class Position(Shape):
    """Where a photo was taken, WGS 84: decimal degrees as text, accuracy in metres, and who says so."""

    lat: Degrees
    lon: Degrees
    accuracy: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    source: Literal["exif", "device"]


class EvidenceValue(Shape):
    """``inspection/<id>/evidence/<id>``: a photo, a file, a văn bản, an address or a test call.

    ``taken_at`` is the tablet's clock, ``camera_at`` what the camera wrote into the photo (EXIF; Vietnamese time
    where it names no zone): neither is corrected by the other. ``width`` and ``height`` are pixels of the upright
    picture. ``layer`` is drawn over it wherever it is shown or issued. ``personal``: faces and papers of citizens
    are covered, or there are none (Luật 91/2025/QH15 on personal data).
    """

    kind: EvidenceKind
    item: ItemId | None = None
    site: Ident | None = None
    caption: LongText = ""
    taken_at: ShortText | None = None
    place: ShortText = ""
    file: FileRef | None = None
    paper: Paper | None = None
    address: Annotated[str, Field(max_length=2000)] | None = None
    call: TestCall | None = None
    camera_at: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")] | None = None
    position: Position | None = None
    width: Annotated[int, Field(ge=1, le=100_000)] | None = None
    height: Annotated[int, Field(ge=1, le=100_000)] | None = None
    layer: Annotated[list[Mark], Field(max_length=200)] = Field(default_factory=list)
    personal: Literal["covered", "none"] | None = None
    settled: Settled | None = None


class ExplanationValue(Shape):
    """``inspection/<id>/explanation/<item>[@<site>]``: what the unit says to one finding before the conclusion.

    ``paper`` is the unit's own letter. ``on_behalf``: it came on paper and the delegation typed it in. ``accepted``
    and ``reason`` are of earlier versions; what the team makes of it stands in ``…/decision``.
    """

    text: LongText
    paper: Paper | None = None
    accepted: bool | None = None
    reason: LongText = ""
    settled: Settled | None = None
    files: list[FileRef] = Field(default_factory=list, max_length=20)
    on_behalf: bool = False


LocalMoment = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T(([01]\d|2[0-3]):[0-5]\d)?$")]
"""Day and, once it is known, hour and minute in the time of Việt Nam: ``2026-11-20T08:15``."""

EntryId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Count = Annotated[int, Field(ge=0, le=99_999)]


class MinutesKind(StrEnum):
    """What a site record is about: a working session, the whole visit, a count of who is at work."""

    SESSION = "lam_viec"
    VISIT = "toan_cuoc"
    HEAD_COUNT = "diem_danh"


class Side(StrEnum):
    """For whom somebody attends."""

    DELEGATION = "doan"
    UNIT = "don_vi"
    OTHER = "khac"


class Attendee(Shape):
    """Who was expected; ``substitute`` came instead, by the ``mandate`` (giấy ủy quyền, giấy giới thiệu)."""

    name: ShortText = ""
    position: ShortText = ""
    side: Side = Side.UNIT
    present: bool = True
    substitute: ShortText = ""
    mandate: ShortText = ""


class Signatory(Shape):
    """Who signs the record; ``title`` as it stands above the signature."""

    name: ShortText = ""
    title: ShortText = ""


class MinutesSection(Shape):
    """One part of the content; ``typed``: a person has written in it, so no proposal replaces it."""

    title: ShortText = ""
    text: LongText = ""
    typed: bool = False


class HeadCount(Shape):
    """Who was at work at one moment; the hour is stamped when the count begins."""

    at: LocalMoment
    where: ShortText = ""
    expected: Count | None = None
    present: Count | None = None
    excused: Count | None = None
    unexplained: Count | None = None


class Petition(Shape):
    """What the unit asks for, and of whom."""

    text: LongText = ""
    addressee: ShortText = ""


class MinutesLetterhead(Shape):
    """The record's head (NĐ 30/2020 Phụ lục III, Mẫu 1.9); ``symbol`` without the number: ``BB-ĐKT``."""

    superior: ShortText = ""
    body: ShortText = ""
    symbol: ShortText = ""


class ReadThrough(Shape):
    """The record was read out to everybody present."""

    by: Annotated[str, Field(min_length=1, max_length=500)]
    at: ShortText


class SignerRole(StrEnum):
    """Whose place on the paper a signature belongs to."""

    SECRETARY = "thu_ky"
    CHAIR = "chu_tri"
    UNIT = "don_vi"


Stroke = Annotated[
    list[Annotated[int, Field(ge=-100_000, le=100_000)]],
    Field(min_length=3, max_length=9000, description="x, y, 0, then steps of x, y, milliseconds"),
]


class DrawnSignature(Shape):
    """A signature drawn on the glass: it supplements the signed paper and is bound to the text ``shown``.

    The strokes are integers on a field 1000 wide and ``height`` high.
    """

    name: Annotated[str, Field(min_length=1, max_length=500)]
    role: SignerRole
    at: ShortText
    shown: Sha256
    height: Annotated[int, Field(ge=1, le=5000)] = 400
    strokes: list[Stroke] = Field(min_length=1, max_length=300)


class SignedScan(Shape):
    """A photo or scan of the paper that was signed by hand, and the text that was printed on it."""

    file: FileRef
    at: ShortText
    shown: Sha256


class MinutesValue(Shape):
    """``inspection/<id>/minutes/<id>``: the site record (NĐ 30/2020 Phụ lục III, Mẫu 1.9).

    Until it is read through it is a draft. ``shown_sha256`` is the hash of exactly the text that was read, as
    ``app.inspections.minutes.shown_sha256`` makes it from the other parts by the rules of ``layout``; ``covers`` are
    the entry ids that the tablet knew then, ``head`` the journal's head by its last receipt.
    ``attendance``, ``petitions`` and ``signed_scan`` are the plain forms of ``people``, ``requests`` and ``scans``.
    """

    held_at: ShortText
    place: ShortText = ""
    attendance: list[ShortText] = Field(default_factory=list)
    unit_opinion: LongText = ""
    petitions: LongText = ""
    signed_scan: FileRef | None = None
    shown_sha256: Sha256 | None = None
    covers: list[str] = Field(default_factory=list)
    head: dict[str, str | int] | None = None
    settled: Settled | None = None
    layout: Annotated[int, Field(ge=1)] = 1
    kind: MinutesKind = MinutesKind.SESSION
    letterhead: MinutesLetterhead = MinutesLetterhead()
    subject: ShortText = ""
    unit_name: ShortText = ""
    team: ShortText = ""
    sites: list[Ident] = Field(default_factory=list, max_length=100)
    started_at: LocalMoment | None = None
    ended_at: LocalMoment | None = None
    people: list[Attendee] = Field(default_factory=list, max_length=300)
    chair: Signatory = Signatory()
    secretary: Signatory = Signatory()
    unit_signer: Signatory = Signatory()
    sections: list[MinutesSection] = Field(default_factory=list, max_length=60)
    counts: list[HeadCount] = Field(default_factory=list, max_length=60)
    preliminary: MinutesSection | None = None
    requests: list[Petition] = Field(default_factory=list, max_length=100)
    handed_over: LongText = ""
    copies: Annotated[int, Field(ge=1, le=20)] = 2
    recipients: list[ShortText] = Field(default_factory=list, max_length=30)
    read: ReadThrough | None = None
    printed_at: ShortText = ""
    signatures: list[DrawnSignature] = Field(default_factory=list, max_length=40)
    scans: list[SignedScan] = Field(default_factory=list, max_length=60)


class GroupCause(Shape):
    """Causes and responsibility of a group of shortcomings; persons by chức danh, never by name."""

    objective: LongText = Field(default="", description="Nguyên nhân khách quan")
    subjective: LongText = Field(default="", description="Nguyên nhân chủ quan")
    collective: LongText = Field(default="", description="Trách nhiệm của tập thể")
    individual: LongText = Field(default="", description="Trách nhiệm của cá nhân, theo chức danh")


PartId = Annotated[str, Field(pattern=r"^[a-z0-9][A-Za-z0-9@._-]{0,199}$")]


class ConclusionPartValue(Shape):
    """``inspection/<id>/conclusion/<part>``: what the lead says of one paragraph of the draft.

    Of a report over a campaign: ``campaign/<id>/report/<report>/<part>``.

    His wording, or that the paragraph is left out; the paragraphs that it takes in (``absorbs``); how strongly it is
    put (``tone``). ``upto`` is how many entries the journal had when he looked. The subject ``order.<section>`` holds
    only ``order``: the section's paragraphs as he put them.
    """

    text: LongText = ""
    dropped: bool = False
    reason: LongText = ""
    rests_on: list[str] = Field(default_factory=list)
    absorbs: Annotated[list[PartId], Field(max_length=1000)] = Field(default_factory=list)
    order: Annotated[list[PartId], Field(max_length=5000)] = Field(default_factory=list)
    area: ShortText = ""
    tone: Literal["", "luu_y", "rut_kinh_nghiem", "chan_chinh", "kiem_diem", "phe_binh"] = ""
    tone_reason: LongText = ""
    commended: bool = False
    cause: GroupCause | None = None
    upto: int | None = Field(default=None, ge=0)
    origin: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = Field(
        default="", description="SHA-256 của tệp DOCX đã sửa mà lời văn được nhận từ đó"
    )


class PhotoAnnexValue(Shape):
    """``inspection/<id>/photo_annex``: whether the conclusion carries photos as an annex; withdrawn, it does not.

    ``layout`` is columns by rows of a page; ``left_out`` are photos that the lead does not want on the paper.
    """

    layout: Literal["2x2", "2x3"]
    left_out: Annotated[list[Ident], Field(max_length=5000)] = Field(default_factory=list)


class SignatureFact(Shape):
    """A signature put on an issued file; the seal is the issuing body's own."""

    name: ShortText
    at: ShortText
    level: ShortText = "B-B"
    role: Literal["signer", "seal"] = "signer"


RemarkCode = Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,39}$")]


class OverrulingValue(Shape):
    """``inspection/<id>/overruling/<key>``: the signer signs over one remark of the check, with a reason.

    The key is made from what the remark is about, so that a changed situation is asked about anew.
    """

    code: RemarkCode
    level: Literal["block", "warn"]
    text: LongText
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class StandingRemark(Shape):
    """What the check still said when a paper was signed; ``reason`` and ``entry`` are those of an overruling."""

    code: RemarkCode
    level: Literal["block", "warn"]
    text: LongText
    reason: LongText = ""
    entry: str = ""


class CorrectedLine(Shape):
    """One error of an issued paper: where it stands, what is printed, what it should say."""

    place: ShortText = ""
    wrong: Annotated[str, Field(min_length=1, max_length=2000)]
    right: Annotated[str, Field(min_length=1, max_length=2000)]


class DocumentValue(Shape):
    """``inspection/<id>/document/<id>``: an issued paper and, later, its number and date in the register.

    Papers of a campaign are ``campaign/<id>/document/<id>``.

    ``prepared`` is the final paper, given out to be signed with the agency's own tool.

    ``earlier`` are hashes of the same paper before time stamps were added to it for the archive, oldest first: whoever
    has one of these files has the paper as it was issued.

    ``outstanding`` is the sentence that the signer ticked when not everything had arrived from the tablets.

    ``about`` says which of the inspection's papers it is: empty for the conclusion, ``bao-cao`` the delegation's
    report, ``bien-ban/<record>`` a site record, ``don-doc/<n>`` the n-th reminder, ``tong-hop`` the report over a
    campaign. ``issuer`` is set where another body than the inspection's or campaign's own issues it.

    ``replaces`` is the earlier paper that this one takes the place of; ``corrects`` the one whose wrong lines this công
    văn đính chính puts right (``corrections``); ``reason`` says why. ``pending`` are the requirements of a paper that
    replaces one in the register: they begin when it is registered itself, by remedy.
    """

    kind: Literal["TB", "CV", "BC", "BB"]
    title: ShortText
    state: Literal["prepared", "signed", "registered", "replaced"]
    sha256: Sha256
    earlier: list[Sha256] = Field(default_factory=list)
    docx_sha256: Sha256 | None = None
    symbol: ShortText = ""
    number: int | None = Field(default=None, ge=1, le=99999)
    date: IsoDate | None = None
    signatures: list[SignatureFact] = Field(default_factory=list)
    covers: list[str] = Field(default_factory=list)
    head: dict[str, str | int] | None = None
    replaces: Ident | None = None
    outstanding: LongText = ""
    about: ShortText = ""
    issuer: Ident | None = None
    remarks: list[StandingRemark] = Field(default_factory=list)
    subject: ShortText = Field(default="", description="Trích yếu")
    signer_title: ShortText = ""
    signer_name: ShortText = Field(default="", description="Họ tên người ký in trên văn bản")
    recipients: list[ShortText] = Field(default_factory=list, description="Nơi nhận, từng dòng như in")
    pages: int | None = Field(default=None, ge=1)
    corrects: Ident | None = None
    corrections: list[CorrectedLine] = Field(default_factory=list, max_length=100)
    reason: LongText = ""
    pending: dict[str, RemedyValue] = Field(default_factory=dict)
    code: ShortText = Field(default="", description="Mã xác minh in trên văn bản")
    sealless: bool = Field(default=False, description="Cơ quan ban hành không có chứng thư con dấu, không đóng dấu số")


class RemedyValue(Shape):
    """``inspection/<id>/remedy/<id>``: one requirement: who, what, product, until when, who follows it up."""

    text: Annotated[str, Field(min_length=1, max_length=8000)]
    findings: list[str] = Field(default_factory=list)
    addressee: ShortText = ""
    addressee_kind: Literal["don_vi", "co_quan_khac", "tat_ca"] = "don_vi"
    product: LongText = ""
    owner: ShortText = ""
    deadline_text: ShortText = ""
    due: IsoDate | None = None
    follow_up: ShortText = ""
    document: Ident | None = None
    ended_by: Ident | None = Field(default=None, description="Văn bản thay thế không còn yêu cầu việc này")
    absorbs: Annotated[list[PartId], Field(max_length=300)] = Field(
        default_factory=list, description="Các yêu cầu của dự thảo được gộp vào yêu cầu này"
    )


class RemedyResponseValue(Shape):
    """``…/remedy/<id>/response/<n>``: the unit's answer with its evidence, or its request for more time.

    ``xin_gia_han`` asks for time until ``wanted_due``, the last day; ``text`` says why. The term runs on meanwhile.
    """

    state: Literal[
        "dang_thuc_hien", "da_hoan_thanh", "vuong_mac", "khong_con_doi_tuong", "de_nghi_xem_xet_lai", "xin_gia_han"
    ]
    wanted_due: IsoDate | None = None
    text: LongText = ""
    percent: int | None = Field(default=None, ge=0, le=100)
    paper: Paper | None = None
    files: list[FileRef] = Field(default_factory=list)


class RemedyReviewValue(Shape):
    """``…/remedy/<id>/review/<n>``: the team's decision on an answer, or a leader's on the term.

    ``gia_han`` moves the last day from ``old_due`` to ``new_due``, in the words of ``deadline_text``: "trước ngày
    15/12/2026" ends on 14/12. ``khong_gia_han`` leaves it. ``paper`` is the letter that says so, where there is one.
    """

    decision: Literal["chap_nhan", "chua_chap_nhan", "khac_phuc_mot_phan", "gia_han", "khong_gia_han"]
    reason: LongText = ""
    new_due: IsoDate | None = None
    old_due: IsoDate | None = None
    deadline_text: ShortText = ""
    paper: ShortText = ""
