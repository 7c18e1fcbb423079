"""Who issues the paper of a case: letterhead, symbol and signer by the team's name and the kind of paper.

Sources name persons by role, so the signer is a role with a plainly marked sample name. What is derived here
is a setting of the issuing body, which the office may correct before anything is signed.
"""

from __future__ import annotations

import re
from typing import Any

from app.cases.shapes import CaseFile
from reports.composing.prose import expand

SAMPLE_NAME = "(Người ký thử nghiệm)"
_TITLE_SYMBOL = re.compile(r",?\s*văn bản số \d+/(?P<symbol>[A-ZĐ]+(?:-[A-ZĐ]+)*)(?: của [^,;]+)?")
KINDS = {"thong-bao": "TB", "cong-van": "CV", "bao-cao": "BC"}


def document_kind(case: CaseFile) -> str:
    """TB, CV or BC."""
    return KINDS[case.document]


def title_of(case: CaseFile) -> str:
    """The title without the number of the paper that became of it."""
    return _TITLE_SYMBOL.sub("", case.title).strip()


def issuer_of_case(case: CaseFile) -> dict[str, Any]:
    """The value of ``issuer/<id>``."""
    if "HĐND" in case.team and "Đoàn" not in case.team:
        return _council(case)
    if case.document == "thong-bao":
        return _delegation(case)
    return _province(case)


def team_name(case: CaseFile) -> str:
    """The team's name; what follows a semicolon is about it."""
    return case.team.split(";")[0].strip()


def _delegation(case: CaseFile) -> dict[str, Any]:
    """Đoàn kiểm tra: two lines of title, the second in the agency whose seal it uses (NĐ 30/2020 Phụ lục I)."""
    head = {"name": SAMPLE_NAME, "title": "TRƯỞNG ĐOÀN", "authority": "TM. ĐOÀN KIỂM TRA", "second_title": ""}
    office = re.search(r"Phó Giám đốc (Sở [^);,]+)", case.team)
    deputy = {
        "name": SAMPLE_NAME,
        "title": "PHÓ TRƯỞNG ĐOÀN",
        "authority": "TM. ĐOÀN KIỂM TRA\nKT. TRƯỞNG ĐOÀN",
        "second_title": f"PHÓ GIÁM ĐỐC {office[1].upper()}" if office else "",
    }
    return {
        "name": team_name(case),
        "letterhead": _in_two_lines(expand(re.sub(r"\s+tỉnh$", "", team_name(case))).upper()),
        "superior": f"ỦY BAN NHÂN DÂN\nTỈNH {case.province.upper()}".strip() if case.province else "",
        "place": case.province,
        "symbols": {"TB": "TB-ĐKT", "CV": "ĐKT", "BC": "BC-ĐKT"},
        "signers": [deputy, head] if office else [head],
        "recipients": [
            {"name": f"UBND tỉnh {case.province}".strip(), "purpose": "b/c"},
            {"name": "Thành viên Đoàn kiểm tra", "purpose": ""},
        ],
        "addressee": f"Chủ tịch UBND tỉnh {case.province}" if case.province else "",
        "follow_up": office[1] if office else "",
        "verb": "yêu cầu",
    }


def _council(case: CaseFile) -> dict[str, Any]:
    """A committee of the people's council: it supervises and asks, it does not order."""
    name = team_name(case)
    committee = re.sub(r"\s+HĐND.*$", "", name)
    return {
        "name": name,
        "letterhead": committee.upper(),
        "superior": f"HỘI ĐỒNG NHÂN DÂN TỈNH {case.province.upper()}".strip(),
        "place": case.province,
        "symbols": {kind: f"{kind}-{_initials(committee)}" for kind in ("TB", "BC")} | {"CV": _initials(committee)},
        "signers": [
            {"name": SAMPLE_NAME, "title": "TRƯỞNG BAN", "authority": f"TM. {committee.upper()}", "second_title": ""}
        ],
        "recipients": [{"name": "Thường trực HĐND tỉnh", "purpose": "b/c"}],
        "follow_up": "",
        "verb": "đề nghị",
    }


def _province(case: CaseFile) -> dict[str, Any]:
    """UBND tỉnh, with the symbol that the title tells for a công văn."""
    told = _TITLE_SYMBOL.search(case.title)
    province = case.province.upper()
    recipients = [{"name": "Bộ Nội vụ", "purpose": "b/c"}] if case.document == "bao-cao" else []
    return {
        "name": "UBND tỉnh",
        "letterhead": f"ỦY BAN NHÂN DÂN\nTỈNH {province}".strip(),
        "superior": "",
        "place": case.province,
        "symbols": {"TB": "TB-UBND", "CV": told["symbol"] if told else "UBND-CCHC", "BC": "BC-UBND"},
        "signers": [{"name": SAMPLE_NAME, "title": "CHỦ TỊCH", "authority": "TM. ỦY BAN NHÂN DÂN", "second_title": ""}],
        "recipients": recipients,
        "follow_up": "",
        "verb": "yêu cầu",
    }


def _in_two_lines(name: str) -> str:
    """The name broken where it is read, not where the line ends."""
    return re.sub(r"^(ĐOÀN KIỂM TRA) (?=\S+ \S)", r"\1\n", name)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()).upper()
