"""``make pictures``: every screen at both sizes into docs/screens/, the papers' pages into docs/sample/.

Walks the sample instance as its people do, in a real Chromium.
``python -m tests.pictures papers`` makes the papers only.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import orjson
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from app.accounts.accounts import add_account, identity_of
from app.accounts.shapes import Role
from app.clock import local_date
from app.conclusions.issue import issue
from app.demo import SAMPLE_ACCOUNTS
from app.identity import Identity
from app.installation import Installation
from app.papers.issuing import issued_file
from app.papers.registering import register
from app.remedies.lists import remedies_of
from app.remedies.terms import ask
from reports.rendering.pdf import render_pdf
from tests.browser.field_kit import disagree
from tests.browser.office_kit import ITEM, TABLE, hear
from tests.reports.images import SHADES, file_name, page_count, rasterised, small
from tests.reports.monster import monster
from tests.reports.papers import photo
from tests.reports.sample_papers import MONSTER_PAGES, case_papers
from tests.server import Server, kiemtra

ROOT = Path(__file__).parents[1]
SCREENS, SAMPLE = ROOT / "docs/screens", ROOT / "docs/sample"
SIZES = ((820, 1180), (1280, 800))
PASSWORDS = {sample.username: sample.password for sample in SAMPLE_ACCOUNTS}
ANSWERING = "donvi-hai"
PASSWORDS[ANSWERING] = "don-vi-hai-2026"
SHEET_DPI, ACROSS, PER_SHEET = 42, 5, 20  # of the monster's contact sheets
KEPT = ("khu-kinh-te", "UBND-KSTT")  # papers that lie in the repository as files too
UNIT = "Ban Quản lý Khu kinh tế tỉnh"


class Walk:
    """One signed-in person at one screen size."""

    def __init__(self, browser: Browser, url: str, size: tuple[int, int], username: str) -> None:
        self.url, self.size = url, size
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="vi-VN")
        self.page: Page = self.context.new_page()
        self.page.goto(f"{url}/dang-nhap")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSWORDS[username])
        self.page.click("main button[type=submit]")

    def shoot(self, name: str, path: str | None = None, *, whole: bool = False) -> None:
        if path is not None:
            self.page.goto(self.url + path)
        self.page.wait_for_load_state("networkidle")
        self.page.screenshot(path=SCREENS / f"{name}-{self.size[0]}x{self.size[1]}.png", full_page=whole)


def main() -> None:
    """Make all pictures anew."""
    for folder in (SCREENS, SAMPLE):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        instance = Path(name) / "instance"
        kiemtra("samples", instance=instance)
        installation = Installation(instance)
        query = "SELECT i.inspection FROM inspections i JOIN units u ON u.id = i.unit WHERE u.name = ?"
        (inspection,) = installation.database().execute(query, [UNIT]).fetchone()
        hear(installation, inspection, disagree(installation, f"inspection/{inspection}/answer/{TABLE}"))
        paper = _registered(installation, inspection)
        answered(installation, paper[0].split("/")[2])
        campaign(installation)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with Server(instance) as server:
            for size in SIZES:
                _office(browser, server.url, size, *paper)
                _others(browser, server.url, size, inspection)
                _tablet(browser, server.url, size)
                _settling(browser, server.url, size)
        browser.close()
        _papers(Path(name))


def _inspection(walk: Walk) -> str:
    found = walk.page.evaluate("async () => (await fetch('/api/inspections')).json()")
    return str(next(one["id"] for one in found if one["unit_name"] == UNIT))


def _registered(installation: Installation, but: str) -> tuple[str, Path]:
    """Another inspection's conclusion, signed and in the register: its address and its file."""
    db = installation.database()
    (other,) = db.execute("SELECT inspection FROM inspections WHERE inspection != ? ORDER BY seq", [but]).fetchone()
    system = Identity.system(db)
    document = issue(installation, other, system).document
    register(installation, other, document, system, number=7, issued_on=local_date(installation.clock()))
    query = "SELECT sha256 FROM documents WHERE document = ?"
    (sha256,) = db.execute(query, [document]).fetchone()
    return f"/van-ban/{other}/{document}", issued_file(installation, sha256, "pdf")


def answered(installation: Installation, inspection: str) -> None:
    """Its unit has answered the first requirement and asks for more time for the next that has a term."""
    db, journal = installation.database(), installation.journal()
    (unit,) = db.execute("SELECT unit FROM inspections WHERE inspection = ?", [inspection]).fetchone()
    names = {"username": ANSWERING, "password": PASSWORDS[ANSWERING], "name": "Nguyễn Thị Hồng"}
    account = add_account(journal, Identity.system(db), role=Role.UNIT, unit=unit, **names)
    (who, _) = identity_of(db, account) or (None, None)
    assert who is not None
    first, *others = remedies_of(db, [inspection])
    text = "Đã trả 03 hồ sơ, có thư xin lỗi; Báo cáo số 41/BC-SNgV nêu nguyên nhân từng hồ sơ."
    journal.write(who, f"{first.subject}/response/1", {"state": "da_hoan_thanh", "text": text}, supersedes=[])
    today = local_date(installation.clock())
    late = next(one for one in others if one.may_wait_longer and date.fromisoformat(one.value["due"]) > today)
    wanted = date.fromisoformat(late.value["due"]) + timedelta(days=30)
    ask(installation, who, late, wanted=wanted, reason="Đang chờ Sở Tài chính hướng dẫn mẫu quy chế.")


def campaign(installation: Installation) -> None:
    """The inspections of the sample delegation as one campaign, with a unit that it has not visited."""
    db, journal = installation.database(), installation.journal()
    system = Identity.system(db)
    (issuer, title) = db.execute("SELECT issuer, title FROM inspections ORDER BY seq").fetchone()
    query = "SELECT inspection, value FROM inspections WHERE issuer = ? AND title = ?"
    setups = {row[0]: orjson.loads(row[1]) for row in db.execute(query, [issuer, title]).fetchall()}
    first = next(iter(setups.values()))
    journal.write(system, "unit/so-tai-nguyen", {"name": "Sở Tài nguyên và Môi trường", "level": "so"})
    keys = ("title", "issuer", "members", "checklists", "plan", "decision", "team")
    value = {key: first[key] for key in keys if key in first}
    units = [*(setup["unit"] for setup in setups.values()), "so-tai-nguyen"]
    journal.write(system, "campaign/dot-1", {**value, "year": 2022, "units": units})
    for inspection, setup in setups.items():
        journal.write(system, f"inspection/{inspection}/setup", {**setup, "campaign": "dot-1"})


def _office(browser: Browser, url: str, size: tuple[int, int], paper: str, file: Path) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.goto(f"{url}/dang-nhap")
    page.screenshot(path=SCREENS / f"sign-in-{size[0]}x{size[1]}.png")
    page.goto(f"{url}/xac-minh")
    page.set_input_files("[type=file]", file)
    page.locator("main button[type=submit]").click()
    page.get_by_test_id("headline").wait_for()
    page.screenshot(path=SCREENS / f"verified-{size[0]}x{size[1]}.png")
    context.close()
    walk = Walk(browser, url, size, "truongdoan")
    inspection = _inspection(walk)
    at = f"/cuoc-kiem-tra/{inspection}"
    for name, path in {
        "inspections": "/cuoc-kiem-tra/",
        "inspection-new": "/cuoc-kiem-tra/them",
        "inspection": at,
        "inspection-edit": f"{at}/sua",
        "reported-figures": f"{at}/so-lieu",
        "findings": f"{at}/ket-qua",
        "disagreements": f"{at}/khac-nhau",
        "draft": f"{at}/du-thao",
        "draft-preview": f"{at}/du-thao/xem",
        "draft-photos": f"{at}/du-thao/phu-luc-anh",
        "hearing": f"{at}/giai-trinh",
        "petitions": f"{at}/kien-nghi",
        "duties": f"{at}/phan-viec",
        "missing": f"{at}/con-thieu",
        "approvals": f"{at}/duyet",
        "check-before-signing": f"{at}/kiem-tra-truoc-khi-ky",
        "bases": "/can-cu",
        "other-papers": f"{at}/van-ban/lap",
        "report": f"{at}/van-ban/lap/bao-cao",
        "paper": f"{paper}/ho-so",
        "paper-verified": f"{paper}/kiem-tra",
        "issue": f"{at}/ban-hanh",
        "documents": f"{at}/van-ban",
        "remedies": f"/cuoc-kiem-tra/{paper.split('/')[2]}/khac-phuc",
        "campaigns": "/dot-kiem-tra/",
        "campaign-reports": "/dot-kiem-tra/dot-1/bao-cao",
        "campaign-report": "/dot-kiem-tra/dot-1/bao-cao/tong-hop",
        "units": "/don-vi/",
        "issuers": "/co-quan-ban-hanh/",
    }.items():
        walk.shoot(name, path)
    walk.context.close()


def _others(browser: Browser, url: str, size: tuple[int, int], inspection: str) -> None:
    for username, name, path in (
        ("admin", "accounts", "/tai-khoan/"),
        ("vanthu", "register", "/vao-so"),
        ("vanthu", "year", "/so-van-ban"),
        (ANSWERING, "unit-remedies", "/"),
        ("donvi", "unit-hearing", f"/giai-trinh/{inspection}"),
        ("lanhdao", "viewer", "/"),
    ):
        walk = Walk(browser, url, size, username)
        walk.shoot(name, path)
        walk.context.close()


def _tablet(browser: Browser, url: str, size: tuple[int, int]) -> None:
    walk = Walk(browser, url, size, "thanhvien")
    inspection = _inspection(walk)
    walk.shoot("field-list", "/field/")
    line = walk.page.locator(f'[data-testid=inspection][data-id="{inspection}"]')
    line.get_by_test_id("take").click()
    walk.page.get_by_test_id("taken").first.wait_for()
    walk.page.goto(f"{url}/field/inspection/{inspection}")
    walk.page.get_by_test_id("pack-niem-yet").wait_for()
    walk.shoot("field-home")
    walk.page.get_by_test_id("to-ready").click()
    walk.page.locator("[data-testid=ready-page][aria-busy=false] [data-testid=check-sent]").wait_for()
    walk.shoot("field-ready", whole=True)
    walk.shoot("field-checklist", f"/field/inspection/{inspection}/pack/niem-yet")
    walk.shoot("field-item", f"/field/inspection/{inspection}/item/{ITEM}")
    for theme in ("dark", "sun"):
        walk.page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        walk.shoot(f"field-item-{theme}")
    walk.page.evaluate("() => { document.documentElement.dataset.theme = 'auto'; }")
    walk.page.get_by_test_id("sync-status").click()
    walk.shoot("field-sync")
    _record(walk, inspection)
    walk.shoot("field-items", f"/field/inspection/{inspection}/items")
    walk.page.get_by_test_id("filter-proof").click()
    walk.shoot("field-evidence-missing")
    walk.page.get_by_test_id("find").click()
    walk.page.get_by_test_id("search").fill("duong day nong")
    walk.shoot("field-search")
    walk.page.goto(f"{url}/field/")
    walk.page.get_by_test_id("language-en").click()
    walk.page.locator("html[lang=en]").wait_for()
    walk.shoot("field-home-english", f"/field/inspection/{inspection}")
    walk.context.close()


def _settling(browser: Browser, url: str, size: tuple[int, int]) -> None:
    """The lead's tablet where two people counted differently."""
    walk = Walk(browser, url, size, "truongdoan")
    inspection = _inspection(walk)
    walk.page.goto(f"{url}/field/")
    walk.page.locator(f'[data-id="{inspection}"]').get_by_test_id("take").click()
    walk.page.get_by_test_id("taken").first.wait_for()
    walk.page.goto(f"{url}/field/inspection/{inspection}/item/{TABLE}")
    walk.page.get_by_test_id("settle").first.click()
    walk.page.get_by_test_id("settle-reason").fill("Đếm lại cùng đơn vị")
    walk.shoot("field-settling")
    walk.context.close()


def _record(walk: Walk, inspection: str) -> None:
    """The site record: its form, its paper on the screen, and what a printer gets."""
    page = walk.page
    page.get_by_test_id("sync-now").click()
    page.locator("[data-testid=sync-now]:enabled").wait_for()
    page.goto(f"{walk.url}/field/inspection/{inspection}/records")
    page.get_by_test_id("new-lam_viec").click()
    for number in (0, 1):
        page.get_by_test_id(f"tick-{number}").click()
    page.get_by_test_id("unit_signer").fill("Nguyễn Văn Dũng")
    page.get_by_test_id("unit_opinion").fill("Thống nhất với nội dung biên bản.")
    walk.shoot("field-record")
    page.get_by_test_id("open-paper").click()
    page.get_by_test_id("end-now").click()
    page.get_by_test_id("read-out").click()
    page.get_by_test_id("print").wait_for()
    walk.shoot("field-paper")
    target = SAMPLE / "BB-ĐKT_bien-ban-lam-viec.pdf"
    page.pdf(path=target, prefer_css_page_size=True)
    subprocess.run(["pdftoppm", "-r", "70", "-png", str(target), str(target.with_suffix(""))], check=True)
    page.goto(f"{walk.url}/field/inspection/{inspection}/records")
    page.locator("[data-testid=record]").first.wait_for()
    walk.shoot("field-records")


def _papers(folder: Path) -> None:
    """All pages of the five cases' papers, as they are signed; two of them as files; the whole monster.

    The delegations' reports, a site record and the report over a campaign are shown as drafts.
    """
    out = folder / "demo"
    command = [str(Path(sys.executable).with_name("kiemtra")), "demo", "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    for pdf in sorted(out.rglob("*.pdf")):
        _pages(
            pdf.read_bytes(),
            f"{pdf.parent.name}_{pdf.stem.partition('_')[0]}_{pdf.stem.rpartition('_')[2][:40]}",
            range(1, page_count(pdf) + 1),
        )
        if any(kept in pdf.name for kept in KEPT):
            shutil.copy(pdf, SAMPLE / pdf.name)
    for name, document in case_papers():
        if name.endswith(("-report", "-record", "-period")):
            drawn = render_pdf(document)
            _pages(drawn.bytes, name, range(1, drawn.pages + 1))
    whole_monster()
    if shutil.which("soffice"):
        _as_libreoffice_prints(next(out.rglob(f"*{KEPT[0]}*.docx")), folder)


def _pages(pdf: bytes, name: str, pages: Iterable[int]) -> None:
    """Pages in a few shades of grey, which is all that a paper needs."""
    for page, image in zip(pages, rasterised(pdf, list(pages), 65), strict=True):
        small(image).quantize(SHADES).save(SAMPLE / file_name(name, page), optimize=True)


def whole_monster() -> None:
    """All pages of the monster on a few sheets, in order from left to right; some of them once more in full size."""
    drawn = render_pdf(monster(), photo_loader=photo)
    _pages(drawn.bytes, "monster", MONSTER_PAGES)
    pages = list(rasterised(drawn.bytes, range(1, drawn.pages + 1), SHEET_DPI))
    for number, start in enumerate(range(0, len(pages), PER_SHEET), 1):
        sheet = contact_sheet(pages[start : start + PER_SHEET])
        small(sheet).quantize(SHADES).save(SAMPLE / f"monster-sheet-{number}.png", optimize=True)


def contact_sheet(pages: Sequence[Image.Image]) -> Image.Image:
    """Pages beside and under each other, each in the middle of a cell that takes it upright or on its side."""
    gap = 8
    rows = [pages[start : start + ACROSS] for start in range(0, len(pages), ACROSS)]
    cell = max(page.width for page in pages)
    heights = [max(page.height for page in row) for row in rows]
    sheet = Image.new("L", (ACROSS * (cell + gap) + gap, sum(heights) + gap * (len(rows) + 1)), 160)
    top = gap
    for row, height in zip(rows, heights, strict=True):
        for column, page in enumerate(row):
            sheet.paste(page, (gap + column * (cell + gap) + (cell - page.width) // 2, top))
        top += height + gap
    return sheet


def _as_libreoffice_prints(docx: Path, folder: Path) -> None:
    """The DOCX beside the PDF: as many pages, looking alike."""
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(docx)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    printed = folder / f"{docx.stem}.pdf"
    _pages(printed.read_bytes(), "dong-thap-2022_as-docx", range(1, page_count(printed) + 1))
    print(f"{docx.name}: {page_count(printed)} pages; PDF: {page_count(docx.with_suffix('.pdf'))}")


def papers_only() -> None:
    """Only the papers, without a browser; the site record's pages stay."""
    for old in SAMPLE.glob("*"):
        if not old.name.startswith("BB-"):
            old.unlink()
    with tempfile.TemporaryDirectory() as name:
        _papers(Path(name))


if __name__ == "__main__":
    papers_only() if "papers" in sys.argv[1:] else main()
