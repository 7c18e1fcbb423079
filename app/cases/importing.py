"""A case file becomes inspections: one per unit, with answers, notes and requirements, in one transaction.

Ids are derived from the contents (UUID version 5), so the same file imported again finds what is there and
writes nothing. Units and issuing bodies of the same name are shared.

A unit with ``parent`` has no paper of its own: it is inspected on the same visit, and the paper of the unit
above tells of it as of one of its places.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

from app.accounts.accounts import accounts_with
from app.accounts.shapes import Role
from app.cases.issuing import document_kind, issuer_of_case, title_of
from app.cases.mapping import Placement, Placer
from app.cases.reading import bad_case, read_case
from app.cases.shapes import Ask, CaseFile, CaseUnit, Fact
from app.database import writing
from app.errors import KiemtraError
from app.identity import SYSTEM, Identity
from app.installation import Installation
from app.text import slug
from checklists.answers import Source, Verdict
from checklists.library import Library, UnknownPackError
from checklists.model import FieldType, Item, Plain
from checklists.rules import check_value, propose_verdict
from checklists.wording import compose, placeholders
from reports.composing.prose import NBSP, bare, deadline_text, due_day, expand, short_date
from reports.composing.requirements import product_text
from reports.composing.sentences import REPEATS_ITEM
from reports.document import DocumentKind

NAMESPACE = uuid.UUID("6f1f7c52-7f7e-5d0e-9a5c-2f5a3c1b9e44")
_ISO_DAY = re.compile(r"(?P<before>trước)\s+(?:ngày\s+)?(?P<day>\d{4}-\d\d-\d\d)")
_TERM = re.compile(r"(?:trước|chậm nhất|muộn nhất|đến hết) (?:là )?ngày \d{1,2}/\d{1,2}/\d{4}")
_SOFTWARE = re.compile(r"trên phần mềm", re.IGNORECASE)

Lines = dict[tuple[str | int, ...], int]


@dataclass
class Imported:
    """What an import made.

    Attributes:
        inspections: ids, in the order of the units.
        existed: the file had been imported before; nothing was written.
        remarks: Vietnamese sentences on what was placed with little certainty.
    """

    inspections: list[str]
    existed: bool = False
    remarks: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {"inspections": self.inspections, "existed": self.existed, "remarks": self.remarks}

    def lines(self) -> list[str]:
        """What happened, for people."""
        told = "Tệp này đã được nhập trước đây; không ghi gì thêm." if self.existed else "Đã nhập."
        return [told, *(f"Cuộc kiểm tra {id_}" for id_ in self.inspections), *self.remarks]


def import_case(installation: Installation, path: Path, *, writer: Identity) -> Imported:
    """Import a case file: one inspection per unit, all or nothing.

    Raises:
        BadCaseError: the file is refused, with file, line and remedy; nothing was written.
    """
    case, lines = read_case(path)
    job = _Import(installation, writer, case, lines, path.name)
    with writing(installation.database()):
        return job.run()


@dataclass
class _Plan:
    """What one unit's facts become, gathered before anything is written."""

    unit: CaseUnit
    inspection: str
    place: tuple[str | int, ...]
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    remedies: list[dict[str, Any]] = field(default_factory=list)

    def packs(self) -> set[str]:
        return {item.partition(".")[0] for item in self.answers}


class _Import:
    """One file under way."""

    def __init__(self, installation: Installation, writer: Identity, case: CaseFile, lines: Lines, file: str) -> None:
        self.journal = installation.journal()
        self.db = installation.database()
        self.writer = writer
        self.case = case
        self.lines = lines
        self.file = file
        self.library: Library = installation.library()
        self.placer = Placer(self.library)
        self.remarks: list[str] = []
        self.visit = self._id("visit")

    def run(self) -> Imported:
        plans = [self._plan(number, unit) for number, unit in enumerate(self.case.units)]
        ids = [plan.inspection for plan in plans]
        known = {id_ for id_ in ids if self.journal.current(f"inspection/{id_}/setup")}
        if known == set(ids):
            return Imported(ids, existed=True)
        units = {plan.unit.name: self._unit_id(plan.unit) for plan in plans}
        issuer = self._write_issuer()
        for plan in plans:
            self._write_unit(plan, units)
        for plan in plans:
            if plan.inspection not in known:
                self._write_plan(plan, units, issuer)
        return Imported(ids, remarks=self.remarks)

    # --- reading the facts ---------------------------------------------------------------------------

    def _plan(self, number: int, unit: CaseUnit) -> _Plan:
        place = ("units", number)
        if unit.parent is not None and unit.parent not in {other.name for other in self.case.units}:
            raise self._fault((*place, "parent"), f"không có đơn vị «{unit.parent}» trong tệp")
        plan = _Plan(unit, self._id("inspection", unit.model_dump(mode="json")), place)
        for index, fact in enumerate(unit.facts):
            self._plan_fact(plan, (*place, "facts", index), fact)
        for index, ask in enumerate(unit.ask):
            plan.remedies.append(self._remedy(plan, (*place, "ask", index), ask))
        return plan

    def _plan_fact(self, plan: _Plan, place: tuple[str | int, ...], fact: Fact) -> None:
        items = self._items(plan, place, fact)
        figures, stray = self._figures(place, fact, items)
        for item in items:
            self._answer(plan, place, item, fact, figures.get(item.id, {}))
        text = self._filled(fact, items, figures)
        if stray:
            text += f" ({'; '.join(stray)})"
        kind = "nhan_xet" if not stray and self._says_all(fact, items, figures) else "dien_dat"
        plan.notes += [(item.id, {"kind": kind, "text": text, "good": fact.good}) for item in items]
        if fact.repeat:
            plan.rows.append({"muc": items[0].id})
            plan.rows += [{"muc": item.id} for item in items[1:]]
            self._verdict(plan, self.library.item(REPEATS_ITEM), Verdict.FAIL)

    def _filled(self, fact: Fact, items: Sequence[Item], figures: dict[str, dict[str, Any]]) -> str:
        """The proposed sentence with its figures in place of ``{key}``: people read it on every screen."""
        text = fact.wording or fact.text
        for item in items:
            known = {key: readings[0]["value"] for key, readings in figures.get(item.id, {}).items()}
            if placeholders(text) and placeholders(text) <= set(known):
                own = item.model_copy(update={"pass_": text, "plain": Plain()})
                return bare(compose(own, "pass", known, terms={}).text.replace(NBSP, " "))
        return text

    def _says_all(self, fact: Fact, items: Sequence[Item], figures: dict[str, dict[str, Any]]) -> bool:
        """Whether the item's own sentence has every word and every figure of the fact: then it speaks for it."""
        if fact.wording or fact.good is None or len(items) != 1 or not fact.figures:
            return False
        known = {key: readings[0]["value"] for key, readings in figures.get(items[0].id, {}).items()}
        told = compose(items[0], "pass" if fact.good else "shortcoming", known, terms={})
        return set(known) <= told.figures_used and _words(fact.text) <= _words(told.text)

    def _items(self, plan: _Plan, place: tuple[str | int, ...], fact: Fact) -> list[Item]:
        told = fact.items or ((fact.item,) if fact.item else ())
        placed = Placement(told, 1.0) if told else self._place_fact(plan, fact)
        if placed.unsure:
            self.remarks.append(
                f"Dòng {self._line(place)}: «{fact.text}» được xếp vào mục {placed.items[0]}; hãy xem lại."
            )
        found = [self._item((*place, "items" if fact.items else "item"), item) for item in placed.items]
        return [item for item in found if item.id != REPEATS_ITEM or not fact.repeat] or found

    def _place_fact(self, plan: _Plan, fact: Fact) -> Placement:
        """An item that tells other figures already cannot tell these."""
        keys = set(fact.figures)
        taken = {item for item, answer in plan.answers.items() if keys & set(answer["figures"])}
        return self.placer.fact(fact.text, fact.topic, fact.figures, good=fact.good, taken=taken)

    def _item(self, place: tuple[str | int, ...], item: str) -> Item:
        try:
            return self.library.item(item)
        except UnknownPackError as error:
            raise self._fault(place, f"không có mục «{item}» trong các phiếu kiểm tra") from error

    def _figures(
        self, place: tuple[str | int, ...], fact: Fact, items: Sequence[Item]
    ) -> tuple[dict[str, dict[str, Any]], list[str]]:
        """Each figure goes to the first of the items that asks for it; others are kept in words."""
        source = fact.source or (Source.SOFTWARE if _SOFTWARE.search(fact.text) else Source.REPORT)
        found: dict[str, dict[str, Any]] = {}
        stray = []
        for key, raw in fact.figures.items():
            item = next((item for item in items if any(one.key == key for one in item.fields)), None)
            if item is None:
                stray.append(f"{key.replace('_', ' ')}: {raw}")
                self.remarks.append(f"Dòng {self._line(place)}: số liệu «{key}» không có ô trong {items[0].id}.")
                continue
            value = self._figure((*place, "figures", key), item, key, raw)
            found.setdefault(item.id, {})[key] = [{"value": value, "source": source.value, **self._when()}]
        return found, stray

    def _figure(self, place: tuple[str | int, ...], item: Item, key: str, raw: int | str) -> str:
        asked = next(one for one in item.fields if one.key == key)
        text = str(raw).strip()
        if asked.type in {FieldType.NUMBER, FieldType.PERCENT}:
            text = _plain_number(text)
        faults = [one for one in check_value(key, asked.label, asked.type, asked.unit, text) if one.level == "error"]
        if faults:
            raise self._fault(place, faults[0].text.rstrip("."))
        return text

    def _when(self) -> dict[str, Any]:
        if self.case.period:
            start, end = self.case.period.split("/")
            return {"period": {"start": start, "end": end}}
        return {}

    def _answer(
        self, plan: _Plan, place: tuple[str | int, ...], item: Item, fact: Fact, figures: dict[str, Any]
    ) -> None:
        answer = plan.answers.setdefault(item.id, {"item_version": item.version, "verdict": None, "figures": {}})
        twice = sorted(set(figures) & set(answer["figures"]))
        if twice:
            raise self._fault(place, f"số liệu «{twice[0]}» của mục {item.id} đã được ghi ở dữ kiện khác")
        answer["figures"].update(figures)
        if fact.good is None:
            return
        verdict = Verdict.PASS if fact.good else Verdict.FAIL
        known = {key: readings[0]["value"] for key, readings in answer["figures"].items()}
        proposed = propose_verdict(item, known, plan.unit.level)
        if fact.good and proposed in {Verdict.PARTIAL, Verdict.FAIL}:
            verdict = Verdict.PARTIAL
            answer["reason"] = "Nguồn ghi nhận là kết quả đạt được; số liệu cho thấy còn nội dung cần giải trình."
        self._verdict(plan, item, verdict)

    def _verdict(self, plan: _Plan, item: Item, verdict: Verdict) -> None:
        """Praise and blame of one item together are "đạt một phần"; their wordings tell which is which."""
        answer = plan.answers.setdefault(item.id, {"item_version": item.version, "verdict": None, "figures": {}})
        earlier = answer["verdict"]
        answer["verdict"] = verdict.value if earlier in {None, verdict.value} else Verdict.PARTIAL.value

    def _remedy(self, plan: _Plan, place: tuple[str | int, ...], ask: Ask) -> dict[str, Any]:
        told = ask.items or ((ask.item,) if ask.item else ())
        placed = Placement(told, 1.0) if told else self.placer.ask(ask.text)
        if placed.unsure:
            self.remarks.append(f"Dòng {self._line(place)}: yêu cầu «{ask.text}» chưa rõ thuộc mục nào; hãy xem lại.")
        items = [self._item((*place, "items"), item) for item in placed.items]
        text, due = _with_days(ask.wording or ask.text)
        deadline, deadline_due = _with_days(ask.deadline)
        item = items[0]
        if not deadline and due is not None:
            deadline = _term_in(text)
        if not deadline and self.case.document != "bao-cao" and not placed.unsure:
            deadline = self._suggested(item)
        blamed = {Verdict.FAIL.value, Verdict.PARTIAL.value}
        found = [item.id for item in items if plan.answers.get(item.id, {}).get("verdict") in blamed]
        group = plan.unit.level == "nhom"
        return {
            "text": text,
            "findings": [f"answer/{item_id}" for item_id in found],
            "addressee": ask.addressee,
            "addressee_kind": "co_quan_khac" if ask.addressee else "tat_ca" if group else "don_vi",
            "product": ask.product or ("" if placed.unsure else product_text(item.product)),
            "owner": ask.owner,
            "deadline_text": deadline,
            "due": _iso(deadline_due or due),
        }

    def _suggested(self, item: Item) -> str:
        year = int((self.case.date or (self.case.period or "").partition("/")[2] or "0")[:4] or 0)
        return deadline_text(item.deadline, DocumentKind(document_kind(self.case)), year) if year else ""

    # --- writing --------------------------------------------------------------------------------------

    def _write_issuer(self) -> str:
        value = issuer_of_case(self.case)
        row = self.db.execute(
            "SELECT id FROM issuers WHERE name = ? AND json_extract(value, '$.place') = ?",
            [value["name"], value["place"]],
        ).fetchone()
        if row:
            return str(row[0])
        issuer = str(uuid.uuid5(NAMESPACE, f"issuer/{value['place']}/{value['name']}"))
        self._write(f"issuer/{issuer}", value)
        return issuer

    def _unit_id(self, unit: CaseUnit) -> str:
        row = self.db.execute(
            "SELECT id FROM units WHERE name = ? AND level = ? AND value != 'null'", [unit.name, unit.level]
        ).fetchone()
        found = str(uuid.uuid5(NAMESPACE, f"unit/{self.case.province}/{unit.level}/{unit.name}"))
        return str(row[0]) if row and not self._elsewhere(row[0]) else found

    def _elsewhere(self, unit: str) -> bool:
        """A unit of that name that an import for another province made is another unit."""
        made = uuid.UUID(unit).version == 5 if _is_uuid(unit) else False
        ours = {str(uuid.uuid5(NAMESPACE, f"unit/{self.case.province}/{u.level}/{u.name}")) for u in self.case.units}
        return made and unit not in ours

    def _write_unit(self, plan: _Plan, units: dict[str, str]) -> None:
        id_ = units[plan.unit.name]
        if self.journal.current(f"unit/{id_}"):
            return
        parent = units[plan.unit.parent] if plan.unit.parent else None
        self._write(f"unit/{id_}", {"name": plan.unit.name, "level": plan.unit.level, "parent": parent})

    def _write_plan(self, plan: _Plan, units: dict[str, str], issuer: str) -> None:
        root = f"inspection/{plan.inspection}"
        self._write(f"{root}/setup", self._setup(plan, units[plan.unit.name], issuer))
        for item, answer in plan.answers.items():
            self._write(f"{root}/answer/{item}", answer)
        version = self.library.item(REPEATS_ITEM).version if plan.rows else 0
        for number, row in enumerate(plan.rows, 1):
            self._write(f"{root}/answer/{REPEATS_ITEM}/r-{number:02d}", {"item_version": version, "row": row})
        for number, (item, note) in enumerate(plan.notes, 1):
            self._write(f"{root}/note/{item}/n-{number:02d}", note)
        for number, remedy in enumerate(plan.remedies, 1):
            self._write(f"{root}/remedy/y-{number:02d}", remedy)

    def _setup(self, plan: _Plan, unit: str, issuer: str) -> dict[str, Any]:
        used = plan.packs()
        setup: dict[str, Any] = {
            "title": title_of(self.case),
            "unit": unit,
            "issuer": issuer,
            "kind": self._kind(),
            "document_kind": document_kind(self.case),
            "dates": [self.case.date] if self.case.date else [],
            "sites": list(self._sites(plan)),
            "members": self._members(),
            "checklists": [pack.ref for pack in self.library.packs() if pack.main or pack.id in used],
            "team": self.case.team,
            "visit": self.visit if len(self.case.units) > 1 else None,
            "cause": plan.unit.cause,
            **self._when(),
        }
        for name in ("plan", "decision"):
            paper = getattr(self.case, name)
            if paper is not None:
                setup[name] = paper.model_dump(mode="json")
        return setup

    def _kind(self) -> str:
        if re.match(r"giám sát", self.case.title, re.IGNORECASE):
            return "giam_sat"
        return {"follow-up": "phuc_tra", "unannounced": "dot_xuat"}.get(self.case.kind or "", "dinh_ky")

    def _sites(self, plan: _Plan) -> Iterator[dict[str, str]]:
        for unit in self.case.units:
            if unit.parent == plan.unit.name:
                yield {"id": slug(unit.name), "name": unit.name, "kind": "don-vi-truc-thuoc"}

    def _members(self) -> list[dict[str, Any]]:
        """All leads (the first as head), all members, and the administrator who imports."""
        leads = accounts_with(self.db, Role.LEAD)
        functions = ["truong_doan", *["pho_truong_doan"] * len(leads)]
        found = [(one, function) for one, function in zip(leads, functions, strict=False)]
        found += [(one, "thanh_vien") for one in accounts_with(self.db, Role.MEMBER)]
        members = [
            {"account": id_, "name": name, "position": position, "functions": [function]}
            for (id_, name, _role, position), function in found
        ]
        if self.writer.account != SYSTEM and all(one["account"] != self.writer.account for one in members):
            own = {"account": self.writer.account, "name": self.writer.name or self.writer.account, "position": ""}
            members.append({**own, "functions": ["thu_ky"]})
        return members

    def _write(self, subject: str, value: dict[str, Any]) -> None:
        try:
            self.journal.write(self.writer, subject, value)
        except KiemtraError as error:
            raise bad_case(self.file, 1, f"không ghi được {subject} ({error.message.rstrip('.')})") from error

    def _id(self, *parts: object) -> str:
        head = self.case.model_dump(mode="json", exclude={"units"})
        return str(uuid.uuid5(NAMESPACE, orjson.dumps([*parts, head], option=orjson.OPT_SORT_KEYS).decode()))

    def _line(self, place: tuple[str | int, ...]) -> int:
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def _fault(self, place: tuple[str | int, ...], reason: str) -> KiemtraError:
        return bad_case(self.file, self._line(place), reason)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", expand(text).lower()))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plain_number(text: str) -> str:
    """A number as people write it: "99,56%" and "34.336" as 99.56 and 34336; what is none stays."""
    bare = text.rstrip("%").strip()
    if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+(,\d+)?", bare):
        bare = bare.replace(".", "")
    bare = bare.replace(",", ".")
    return str(Decimal(bare)) if re.fullmatch(r"\d+(\.\d+)?", bare) else text


def _with_days(text: str) -> tuple[str, date | None]:
    """A text with its ISO days written the Vietnamese way, and the last day that it sets."""
    shown = _ISO_DAY.sub(lambda match: f"trước ngày {short_date(date.fromisoformat(match['day']))}", text)
    term = _term_in(shown)
    return shown, due_day(term, date.min) if term else None


def _term_in(text: str) -> str:
    """The part of a text that names the day on which a term ends."""
    found = _TERM.search(text)
    return found[0] if found else ""
