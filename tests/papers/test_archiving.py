"""Time stamps at signing, the nightly round, renewal: an office with real certification services."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from pyhanko.pdf_utils.reader import PdfFileReader

from app.cli import main
from app.conclusions.issue import issue
from app.config import SealPlace
from app.errors import ConflictError, NotFoundError, UnprocessableError
from app.inspections.queries import setup_of
from app.ops.jobs import run_jobs
from app.papers.archiving import look_after, renew
from app.papers.issuing import issued_file
from app.papers.outside import take_back
from app.papers.registering import register, seal
from app.papers.signing import numbered
from app.papers.stamping import judged, with_time_stamp
from app.papers.verifying import verify_bytes
from app.verification.lookup import paper_of_file
from reports.rendering.form import SEAL
from reports.signing.archive import newest_stamp
from reports.signing.sign import sign_pdf
from reports.signing.signing_errors import UnsignablePdfError
from tests.conftest import World
from tests.reports.papers import pages_of
from tests.reports.pki import WITHDRAWN_AT, closed_port, hanging_port, pki
from tests.reports.signing_kit import PASSWORD, pem, plain_pdf, sign

DAY = date(2026, 11, 20)


@pytest.fixture
def office(inspected: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """An installation whose keys, roots and services are those of the tests' certification service."""
    pki().reset(inspected.clock.now)
    keys = inspected.installation.path / "keys"
    (keys / "goc.pem").write_bytes(pem(pki().certificate("root")))
    (keys / "password").write_text(PASSWORD)
    for name in ("leader", "seal", "withdrawn"):
        (keys / f"{name}.p12").write_bytes(pki().key_file(name).read_bytes())
    inspected.monkeypatch = monkeypatch
    configure(
        inspected,
        signing_key="keys/leader.p12",
        signing_password_file="keys/password",
        seal_key="keys/seal.p12",
        seal_password_file="keys/password",
        seals={"doan": SealPlace(holder="seal KT")},
        trust_roots=["keys/goc.pem"],
        tsa_url=pki().tsa(),
        tsa_timeout=5,
        revocation_hosts=[pki().host],
    )
    return inspected


def configure(world: World, **settings):
    changed = world.installation.config.model_copy(update=settings)
    world.monkeypatch.setattr(world.installation, "config", changed)


def turn_to(world: World, moment: datetime):
    world.clock.now = moment
    pki().now = moment


def sealed_paper(world: World):
    issued = issue(world.installation, "cuoc-1", world.who("an"))
    register(world.installation, "cuoc-1", issued.document, world.who("van"), number=7, issued_on=DAY)
    return issued.document


def value_of(world: World, document: str):
    return world.installation.journal().value(f"inspection/cuoc-1/document/{document}")


def bytes_of(world: World, digest: str):
    return issued_file(world.installation, digest, "pdf").read_bytes()


def levels(value):
    return [one["level"] for one in value["signatures"]]


def test_signature_and_seal_get_time_stamps(office: World, browser):
    value = value_of(office, sealed_paper(office))
    assert browser("an").get("/cuoc-kiem-tra/cuoc-1/van-ban").text.count("· mức B-T") == 2
    report = verify_bytes(office.installation, bytes_of(office, value["sha256"])).report
    assert levels(value) == ["B-T", "B-T"]
    assert (report.valid, report.trusted, report.unchanged, report.level) == (True, True, True, "B-T")


def bad_services():
    yield "closed", closed_port()
    yield "hanging", hanging_port()
    for name in ("rubbish", "other-hash", "refusing", "elsewhere", "dripping"):
        yield name, f"{pki().url}/bad/{name}"
    yield "unknown root", pki().tsa("bad")


def test_a_failed_time_stamp_costs_a_level_and_never_the_signature(office: World):
    here, now = office.installation, office.clock.now
    leader = pki().signer("leader")
    for name, url in bad_services():
        configure(office, tsa_url=url, tsa_timeout=1)
        pdf, level = with_time_stamp(
            here, now, "ChuKy1", lambda service: sign(plain_pdf(), signer=leader, at=now, service=service)
        )
        report = judged(here, pdf, now)
        assert level == "B-B", name
        assert (report.valid, report.trusted, report.unchanged, report.level) == (True, True, True, "B-B"), name
        # Nothing that nobody can check stays in the file.
        signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
        assert not signature.signer_info["unsigned_attrs"], name


def test_settings_that_cannot_be_used_cost_no_signature_and_are_told_at_night(office: World):
    here, now = office.installation, office.clock.now
    configure(office, tsa_password_file="keys/khong-co")
    given = []
    assert with_time_stamp(here, now, "ChuKy1", lambda service: given.append(service) or b"pdf") == (b"pdf", "B-B")
    assert given == [None]
    problems = run_jobs(here).problems
    assert len(problems) == 1
    assert "tsa_password_file" in problems[0]


def test_a_time_stamp_that_does_not_fit_into_the_file_costs_no_signature(office: World):
    def sign_small(service):
        if service is not None:
            raise UnsignablePdfError("không đủ chỗ")
        return b"pdf"

    assert with_time_stamp(office.installation, office.clock.now, "ChuKy1", sign_small) == (b"pdf", "B-B")


def test_the_night_brings_a_paper_to_b_lta_and_keeps_the_old_file(office: World):
    configure(office, tsa_url=closed_port())
    document = sealed_paper(office)
    before = value_of(office, document)
    assert levels(before) == ["B-B", "B-B"]

    configure(office, tsa_url=pki().tsa())
    night = run_jobs(office.installation)
    after = value_of(office, document)
    assert (night.papers, night.renewed, night.problems) == (1, (f"07/{after['symbol']}",), ())
    assert levels(after) == ["B-LTA", "B-LTA"]
    assert after["earlier"] == [before["sha256"]]
    assert bytes_of(office, after["sha256"]).startswith(bytes_of(office, before["sha256"]))
    for digest in (before["sha256"], after["sha256"]):
        report = verify_bytes(office.installation, bytes_of(office, digest)).report
        assert (report.valid, report.unchanged, report.matches_journal) == (True, True, True)
        paper = paper_of_file(office.installation, digest, report.manifest)
        assert paper is not None
        assert not paper.older
    # The second night finds nothing to do.
    assert run_jobs(office.installation).renewed == ()
    assert value_of(office, document) == after


def test_a_paper_that_waits_for_its_seal_is_left_alone(office: World):
    issued = issue(office.installation, "cuoc-1", office.who("an"))
    assert look_after(office.installation).renewed == []
    assert value_of(office, issued.document)["sha256"] == issued.sha256


def waiting_paper(world: World):
    """Signed while the service was silent, raised at night."""
    configure(world, tsa_url=closed_port())
    issued = issue(world.installation, "cuoc-1", world.who("an"))
    assert levels(value_of(world, issued.document)) == ["B-B"]
    configure(world, tsa_url=pki().tsa())
    night = look_after(world.installation)
    assert (len(night.renewed), night.problems) == (1, [])
    return issued


def test_the_leaders_signature_gets_its_time_stamp_while_the_paper_waits(office: World):
    issued = waiting_paper(office)
    value = value_of(office, issued.document)
    before, after = issued.pdf.read_bytes(), bytes_of(office, value["sha256"])
    assert (levels(value), value["earlier"], len(after)) == (["B-T"], [], len(before))
    assert newest_stamp(after) is None
    assert look_after(office.installation).renewed == []
    register(office.installation, "cuoc-1", issued.document, office.who("van"), number=7, issued_on=DAY)
    assert levels(value_of(office, issued.document)) == ["B-T", "B-T"]
    # A file from before is a step before the issued paper, not the paper.
    verdict = verify_bytes(office.installation, before).report
    paper = paper_of_file(office.installation, verdict.sha256, verdict.manifest)
    assert paper is not None
    assert (verdict.valid, verdict.matches_journal, paper.older) == (True, False, True)


def test_a_seal_put_on_outside_is_taken_over_either_file(office: World):
    issued = waiting_paper(office)
    raised = bytes_of(office, value_of(office, issued.document)["sha256"])
    for given, level in ((raised, "B-T"), (issued.pdf.read_bytes(), "B-B")):
        filled = numbered(given, 7, DAY)
        upload = sign_pdf(filled, pki().signer("seal"), at=office.clock.now, field_name=SEAL, seal=True)
        before = value_of(office, issued.document)
        take_back(office.installation, "cuoc-1", issued.document, office.who("van"), upload)
        assert levels(value_of(office, issued.document)) == [level, "B-B"]
        key = f"inspection/cuoc-1/document/{issued.document}"
        office.installation.journal().write(office.who("an"), key, before)


def test_a_time_stamp_of_an_unknown_service_stays_out_of_the_signature(office: World):
    configure(office, tsa_url=closed_port())
    issued = issue(office.installation, "cuoc-1", office.who("an"))
    configure(office, tsa_url=pki().tsa("bad"))
    assert look_after(office.installation).renewed == []
    assert value_of(office, issued.document)["sha256"] == issued.sha256


def test_without_answers_the_paper_is_stamped_once_and_raised_later(office: World):
    configure(office, revocation_hosts=[])
    document = sealed_paper(office)
    pki().asked.clear()
    assert look_after(office.installation).renewed
    assert [path for path in pki().asked if "ocsp" in path or "crls" in path] == []
    once = value_of(office, document)
    assert levels(once) == ["B-T", "B-T"]
    assert look_after(office.installation).renewed == []

    configure(office, revocation_hosts=[pki().host])
    pki().broken = ("/kiemtra/ocsp", "/kiemtra/crls/between")
    assert look_after(office.installation).renewed == []
    assert value_of(office, document) == once
    pki().broken = ()
    assert look_after(office.installation).renewed
    assert levels(value_of(office, document)) == ["B-LTA", "B-LTA"]


def test_a_time_stamp_is_renewed_before_its_service_ends_and_the_paper_holds_in_2045(office: World):
    document = sealed_paper(office)
    look_after(office.installation)
    first = value_of(office, document)

    turn_to(office, datetime(2031, 6, 1, tzinfo=UTC))
    assert look_after(office.installation).renewed == []
    turn_to(office, datetime(2031, 11, 1, tzinfo=UTC))
    configure(office, tsa_url=pki().tsa("second"))
    assert look_after(office.installation).renewed
    renewed = value_of(office, document)
    assert renewed["earlier"] == [*first["earlier"], first["sha256"]]

    turn_to(office, datetime(2045, 1, 1, tzinfo=UTC))
    report = verify_bytes(office.installation, bytes_of(office, renewed["sha256"])).report
    assert (report.valid, report.trusted, report.unchanged, report.level) == (True, True, True, "B-LTA")
    assert report.matches_journal is True


def test_a_silent_service_is_waited_for_once_a_night(office: World):
    document = sealed_paper(office)
    look_after(office.installation)
    turn_to(office, datetime(2031, 11, 1, tzinfo=UTC))
    configure(office, tsa_url=closed_port())
    problems = look_after(office.installation).problems
    assert "Dịch vụ cấp dấu thời gian không trả lời" in problems[0]
    assert "hết hạn ngày 01/01/2032, cần gia hạn; dịch vụ cấp dấu thời gian không trả lời." in problems[1]
    assert value_of(office, document)["sha256"]


def test_a_withdrawn_key_is_reported(office: World):
    configure(office, signing_key="keys/withdrawn.p12")
    document = sealed_paper(office)
    turn_to(office, WITHDRAWN_AT + timedelta(days=3))
    problems = look_after(office.installation).problems
    assert len(problems) == 1
    assert "“withdrawn KT” (ký văn bản 07/" in problems[0]
    assert "đã bị thu hồi từ 01/03/2027" in problems[0]
    # It had its time stamp before.
    value = value_of(office, document)
    assert verify_bytes(office.installation, bytes_of(office, value["sha256"])).report.trusted


def sealless_paper(world: World, **given):
    """A registered paper of a body without a certificate for a seal."""
    key = f"issuer/{setup_of(world.installation.database(), 'cuoc-1')['issuer']}"
    body = world.installation.journal().value(key)
    world.installation.journal().write(world.who("an"), key, {**body, "sealless": True})
    issued = issue(world.installation, "cuoc-1", world.who("an"), **given)
    if not given:
        told = register(world.installation, "cuoc-1", issued.document, world.who("van"), number=7, issued_on=DAY)
        return issued.document, told
    return issued.document, []


def words_of(world: World, value):
    return pages_of(bytes_of(world, value["sha256"]))


def test_a_paper_of_a_body_without_a_seal_is_archived_with_its_number(office: World):
    document, told = sealless_paper(office)
    value = value_of(office, document)
    assert (told, value["sealless"], value["state"]) == ([], True, "registered")
    assert (levels(value), value.get("earlier", [])) == (["B-T"], [])
    assert "Số: 07/" in words_of(office, value)[0]
    night = run_jobs(office.installation)
    after = value_of(office, document)
    assert (night.renewed, night.problems) == ((f"07/{after['symbol']}",), ())
    assert levels(after) == ["B-LTA"]
    report = verify_bytes(office.installation, bytes_of(office, after["sha256"])).report
    assert (report.valid, report.trusted, report.unchanged, report.level) == (True, True, True, "B-LTA")
    assert report.matches_journal is True
    assert run_jobs(office.installation).renewed == ()


def test_without_a_service_its_number_waits_for_one(office: World):
    configure(office, tsa_url="")
    document, told = sealless_paper(office)
    before = value_of(office, document)
    assert told[-1].startswith("Số, ngày mới có trong sổ, chưa ghi được vào tệp PDF")
    assert "Số: 07/" not in words_of(office, before)[0]
    configure(office, tsa_url=pki().tsa())
    assert look_after(office.installation).renewed
    after = value_of(office, document)
    assert "Số: 07/" in words_of(office, after)[0]
    assert (levels(after), after["earlier"]) == (["B-LTA"], [])
    # The file without its number is a step before the issued paper.
    report = verify_bytes(office.installation, bytes_of(office, before["sha256"])).report
    paper = paper_of_file(office.installation, report.sha256, report.manifest)
    assert paper is not None
    assert paper.older


def test_a_number_given_first_needs_nothing_but_the_night(office: World):
    document, _told = sealless_paper(office, number=7, issued_on=DAY)
    assert value_of(office, document)["sealless"] is True
    assert look_after(office.installation).renewed
    assert levels(value_of(office, document)) == ["B-LTA"]


def test_a_paper_whose_seal_never_comes_is_asked_for_and_can_be_ended(office: World, browser):
    configure(office, seal_key="", seal_password_file="")
    document = sealed_paper(office)
    assert look_after(office.installation).problems == []
    turn_to(office, datetime(2027, 1, 10, tzinfo=UTC))
    assert "vào sổ từ 20/11/2026 mà chưa có dấu cơ quan" in look_after(office.installation).problems[0]
    assert levels(value_of(office, document)) == ["B-T"]

    clerk = browser("van")
    file = f"/van-ban/cuoc-1/{document}/ho-so"
    assert "Kết thúc, không đóng dấu" in clerk.get(file).text
    clerk.post(f"/vao-so/cuoc-1/{document}/khong-dong-dau")
    page = clerk.get(file).text
    assert "Đã kết thúc: văn bản không đóng dấu số" in page
    assert "Kết thúc, không đóng dấu" not in page
    assert "Không đóng dấu số" in clerk.get("/vao-so").text
    night = look_after(office.installation)
    assert (night.problems, levels(value_of(office, document))) == ([], ["B-LTA"])
    clerk.post(f"/vao-so/cuoc-1/{document}/khong-dong-dau")
    assert "đã kết thúc; hãy mở lại danh sách văn bản" in clerk.get("/vao-so").text
    with pytest.raises(ConflictError, match="đã có dấu"):
        seal(office.installation, "cuoc-1", document, office.who("van"))


def test_a_missing_and_a_damaged_file_are_reported(office: World):
    document = sealed_paper(office)
    path = issued_file(office.installation, value_of(office, document)["sha256"], "pdf")
    data = path.read_bytes()
    path.write_bytes(data[:-1])
    assert "tệp đã bị hỏng hoặc bị sửa" in look_after(office.installation).problems[0]
    path.unlink()
    assert "tệp đã mất; hãy khôi phục từ bản sao lưu" in look_after(office.installation).problems[0]


def test_what_ends_without_a_service_is_reported_in_time(office: World):
    configure(office, tsa_url="", revocation_hosts=[])
    document = sealed_paper(office)
    assert look_after(office.installation).problems == []
    turn_to(office, datetime(2028, 11, 1, tzinfo=UTC))
    problems = look_after(office.installation).problems
    assert "hết hạn ngày 01/01/2029" in problems[0]
    assert "chưa cấu hình dịch vụ cấp dấu thời gian (tsa_url)" in problems[0]
    assert levels(value_of(office, document)) == ["B-B", "B-B"]


def test_renewing_by_name_and_all(office: World):
    document = sealed_paper(office)
    assert renew(office.installation, []).renewed
    assert renew(office.installation, []).renewed == []
    assert renew(office.installation, [document]).renewed
    assert renew(office.installation, [], every=True).renewed
    assert len(value_of(office, document)["earlier"]) == 3
    with pytest.raises(NotFoundError, match="khong-co"):
        renew(office.installation, ["khong-co"])
    configure(office, tsa_url="")
    with pytest.raises(UnprocessableError, match="tsa_url"):
        renew(office.installation, [])


def test_the_command_says_what_is_missing(office: World):
    done = CliRunner().invoke(main, ["document", "renew", "--all", "--instance", str(office.installation.path)])
    assert done.exit_code != 0
    assert "hãy ghi tsa_url" in done.output
