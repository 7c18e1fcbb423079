"""The sample inspections: loaded into an empty instance, and issued headless by ``kiemtra demo``.

Sources name persons by role only; the signer of every sample paper is a marked sample name, and the key says
"CHỮ KÝ THỬ NGHIỆM".
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.accounts.accounts import add_account
from app.accounts.shapes import Role
from app.cases.importing import import_case
from app.clock import Clock
from app.conclusions.gather import issuing_inspection
from app.conclusions.issue import issue, leave
from app.identity import Identity
from app.inspections.queries import setup_of
from app.installation import Installation
from app.journal.journal import Journal

SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class SampleAccount:
    """An account of a sample instance; its password is printed, so it is for trying out only."""

    username: str
    password: str
    role: Role
    name: str
    position: str = ""


SAMPLE_ACCOUNTS = (
    SampleAccount("admin", "quan-tri-2026", Role.ADMIN, "Quản trị (mẫu)", "Quản trị hệ thống"),
    SampleAccount("truongdoan", "truong-doan-2026", Role.LEAD, "Trưởng đoàn (mẫu)", "Trưởng đoàn kiểm tra"),
    SampleAccount("thanhvien", "thanh-vien-2026", Role.MEMBER, "Thành viên (mẫu)", "Thành viên Đoàn kiểm tra"),
    SampleAccount("vanthu", "van-thu-2026", Role.CLERK, "Văn thư (mẫu)", "Văn thư cơ quan"),
    SampleAccount("donvi", "don-vi-2026", Role.UNIT, "Đơn vị được kiểm tra (mẫu)", "Đầu mối của đơn vị"),
    SampleAccount("lanhdao", "lanh-dao-2026", Role.VIEWER, "Lãnh đạo theo dõi (mẫu)", "Lãnh đạo Sở"),
)
SAMPLE_UNIT = "Ban Quản lý Khu kinh tế tỉnh"
"""The unit that the sample unit account belongs to."""


def sample_files() -> list[Path]:
    """The case files that come with the program."""
    return sorted(SAMPLES.glob("*.yaml"))


def load_samples(installation: Installation) -> list[SampleAccount]:
    """Fill an empty instance with the sample accounts and inspections; one that has accounts stays as it is.

    Returns:
        The accounts that were made; empty where nothing was done.
    """
    db, journal = installation.database(), installation.journal()
    if db.execute("SELECT 1 FROM accounts LIMIT 1").fetchone():
        return []
    system = Identity.system(db)
    _add_accounts(journal, system, None, unit_accounts=False)
    for file in sample_files():
        import_case(installation, file, writer=system)
    row = db.execute("SELECT id FROM units WHERE name = ?", [SAMPLE_UNIT]).fetchone()
    _add_accounts(journal, system, row[0] if row else None, unit_accounts=True)
    return list(SAMPLE_ACCOUNTS)


def _add_accounts(journal: Journal[Identity], writer: Identity, unit: str | None, *, unit_accounts: bool) -> None:
    """The unit's account needs its unit, which the samples bring; the others become members of the samples."""
    for sample in SAMPLE_ACCOUNTS:
        if (sample.role is Role.UNIT) == unit_accounts:
            add_account(
                journal,
                writer,
                username=sample.username,
                password=sample.password,
                role=sample.role,
                name=sample.name,
                position=sample.position,
                unit=unit,
            )


def run_demo(out: Path, clock: Clock) -> list[Path]:
    """Issue the papers of the sample cases, each of the kind its case names, and leave them in a directory.

    The instance is a temporary one of its own. Returns the files: PDF, DOCX and remedy list of each paper.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kiemtra-demo-") as place:
        installation = Installation.create(Path(place), clock=clock)
        try:
            return _issue_all(installation, out)
        finally:
            installation.close()


def _issue_all(installation: Installation, out: Path) -> list[Path]:
    db = installation.database()
    writer = Identity.system(db)
    files: list[Path] = []
    for case in sample_files():
        for inspection in import_case(installation, case, writer=writer).inspections:
            if issuing_inspection(db, inspection, setup_of(db, inspection)) == inspection:
                files += leave(issue(installation, inspection, writer), out / case.stem)
    return files
