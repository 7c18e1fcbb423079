"""What came after a signature in a file: every revision compared with the signed one, object by object.

Nothing but this may come after a signature that allows filling in (ISO 32000-1, 12.8.2.2, P = 2):

- an empty text field gets a value, and an appearance that shows exactly that value in the field's own faces; a
  field of an annex the value of its twin on page 1, or none (``figure_faults``);
- an empty signature field is signed; its appearance stays within its rectangle, as every appearance does;
- data for long-term validation (`/DSS`) and document time stamps, which show nothing;
- the certification's own entry, and the names that tools leave in the file's metadata.

Fields themselves (their places, names, flags), the pages, attachments and everything else of the catalog stay. What
cannot be reached from the catalog cannot be seen and is not looked at. Each revision is held against the signed
one, so that nothing is shown to a signer for one update and taken back in the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

from reports.rendering.form import LEADER, fields_of, is_figure, twin_of, value_of
from reports.verifying.appearance import shown_text
from reports.verifying.fingerprint import Fingerprint, differences, digest_of, fingerprint, page_dictionaries, resolved
from reports.verifying.longterm import Answers

_FILLED = frozenset({"/V", "/AP", "/AS", "/M"})
_LOOKS = frozenset({"/AP", "/AS"})
_FORM_OWN = frozenset({"/Fields", "/SigFlags"})
_PERMISSIONS_OWN = frozenset({"/DocMDP"})
ANSWERS_TAKEN = "Dữ liệu kiểm chứng lâu dài (DSS) của tệp đã bị thay hoặc bị bớt."
_MAX_FIELDS = 1_000
_STORE_LISTS = ("/Certs", "/CRLs", "/OCSPs")
_STORE_OWN = {"/Type", "/VRI", *_STORE_LISTS}
_ENTRY_OWN = {"/Type", "/Cert", "/CRL", "/OCSP", "/TU", "/TS"}
_NOT_CERTIFIED = digest_of("")


@dataclass(frozen=True)
class _Field:
    """One topmost field: what may not change of it, and what may; ``looks`` is its appearance."""

    key: tuple[int, int] | None
    kind: str
    fixed: str
    filled: str
    looks: str
    value: str
    dictionary: Any
    invisible_stamp: bool

    def is_as(self, other: _Field) -> bool:
        """Whether neither value nor appearance differs."""
        return (self.filled, self.looks) == (other.filled, other.looks)

    def shows_value(self, fonts: frozenset[tuple[int, int] | None]) -> bool:
        """Whether it shows just what it holds, in one of these fonts; nothing where it holds nothing."""
        drawn = _appearance_fonts(self.dictionary) if self.value else frozenset()
        return shown_text(self.dictionary) == self.value and drawn <= fonts


@dataclass(frozen=True)
class _State:
    """A revision as a reader sees it."""

    seen: Fingerprint
    fields: dict[str, _Field]
    widgets: tuple[tuple[tuple[int, int] | None, ...], ...]
    form: str
    fonts: frozenset[tuple[int, int] | None]
    permissions: str
    certified: str
    answers: frozenset[str] | None


def changes_since(reader: PdfFileReader, revision: int, is_locked: Callable[[str], bool]) -> list[str]:
    """What any later revision changed beyond what may be changed, in Vietnamese sentences; empty if nothing.

    Args:
        reader: the file.
        revision: the signed (or issued) revision.
        is_locked: whether the signature locks a text field of that name.

    Raises:
        Exception: of any kind, where the file cannot be understood.
    """
    before = _state(reader.get_historical_resolver(revision))
    found: list[str] = []
    for number in range(revision + 1, reader.xrefs.total_revisions):
        found += _compared(before, _state(reader.get_historical_resolver(number)), is_locked)
    if reader.xrefs.hybrid_xrefs_present:
        found.append("Tệp có hai bảng tra đối tượng khác nhau nên phần mềm xem có thể hiện khác nhau.")
    return list(dict.fromkeys(found))


def differs(
    reader: PdfFileReader, revision: int, other: PdfFileReader, *, other_revision: int | None = None
) -> list[str]:
    """As ``changes_since``, of one revision of another file, by default its last: what an editor made of it."""
    number = other.xrefs.total_revisions - 1 if other_revision is None else other_revision
    before = _state(reader.get_historical_resolver(revision))
    return _compared(before, _state(other.get_historical_resolver(number)), lambda _name: True)


def figure_faults(reader: PdfFileReader, revision: int) -> list[str]:
    """What is wrong with number and date as filled in after a revision, in papers that have our fields.

    Whoever's rules took the update: nobody else's look at what a field shows, or know which fields say the same.

    Raises:
        Exception: of any kind, where the file cannot be understood.
    """
    before = _form(reader.get_historical_resolver(revision).root)
    found: list[str] = []
    if LEADER in before[0]:
        for number in range(revision + 1, reader.xrefs.total_revisions):
            fields, _fonts_now = _form(reader.get_historical_resolver(number).root)
            found += _figure_faults(*before, fields)
    return list(dict.fromkeys(found))


def _figure_faults(
    before: dict[str, _Field], fonts: frozenset[tuple[int, int] | None], after: dict[str, _Field]
) -> list[str]:
    changed = {
        name: field
        for name, field in after.items()
        if is_figure(name) and name in before and field.kind == "/Tx" and not field.is_as(before[name])
    }
    faults = [_shown_otherwise(name, field) for name, field in changed.items() if not field.shows_value(fonts)]
    return faults + [
        f"Ô “{name}” ở phụ lục ghi “{field.value[:20]}”, không giống ô “{twin_of(name)}” "
        f"({after[twin_of(name)].value[:20] or 'còn trống'})."
        for name, field in changed.items()
        if twin_of(name) in after and field.value != after[twin_of(name)].value
    ]


def blank_twins(reader: PdfFileReader) -> list[str]:
    """The fields of annexes that were left blank although page 1 has number or date."""
    fields = dict(fields_of(reader.root))
    return [
        name
        for name, field in fields.items()
        if twin_of(name) in fields and value_of(fields[twin_of(name)]) and not value_of(field)
    ]


def _form(root: Any) -> tuple[dict[str, _Field], frozenset[tuple[int, int] | None]]:
    """The fields of a form and the fonts that they may use."""
    form = _at(root, "/AcroForm", {})
    fields = _at(form, "/Fields", [])
    if len(fields) > _MAX_FIELDS:
        raise ValueError(len(fields))
    return _fields(fields), _fonts(_at(form, "/DR", {}))


def _state(revision: HistoricalResolver) -> _State:
    root = revision.root
    fields, fonts = _form(root)
    permissions = _at(root, "/Perms", {})
    return _State(
        seen=fingerprint(revision),
        fields=fields,
        widgets=tuple(_widgets(page) for page in page_dictionaries(root)),
        form=digest_of(_kept(_at(root, "/AcroForm", {}), _FORM_OWN)),
        fonts=fonts,
        permissions=digest_of(_kept(permissions, _PERMISSIONS_OWN)),
        certified=digest_of(_at(permissions, "/DocMDP", "")),
        answers=_answers(root),
    )


def _answers(root: Any) -> frozenset[str] | None:
    """Digests of what is stored for long-term validation; None where it has another shape than this."""
    store = _at(root, "/DSS", {})
    entries = _at(store, "/VRI", {})
    if not (set(store) <= _STORE_OWN and all(set(entries[name]) <= _ENTRY_OWN for name in entries)):
        return None
    lists = {key: _at(store, key, []) for key in _STORE_LISTS}
    kept = {digest_of([key, one.raw_get(at)]) for key, one in lists.items() for at in range(len(one))}
    return frozenset(kept | {digest_of([name, entries.raw_get(name)]) for name in entries})


def answers_only_grew(reader: PdfFileReader, revision: int) -> bool:
    """Whether no revision after this one took stored answers away: one might have said that a key is withdrawn.

    Raises:
        Exception: of any kind, where the file cannot be understood.
    """
    known: frozenset[str] | None = _answers(reader.get_historical_resolver(revision).root)
    for number in range(revision + 1, reader.xrefs.total_revisions):
        found = _answers(reader.get_historical_resolver(number).root)
        if found is None or not (known or frozenset()) <= found:
            return False
        known = found
    return True


def only_answers_since(reader: PdfFileReader, revision: int) -> bool:
    """Whether every revision after this one brought data for long-term validation and nothing else.

    Raises:
        Exception: of any kind, where the file cannot be understood.
    """
    last = reader.xrefs.total_revisions - 1
    Answers.of(reader.get_historical_resolver(last))
    stored = [
        _answers(reader.get_historical_resolver(number).root) or frozenset() for number in range(revision, last + 1)
    ]
    all_brought_some = all(before < after for before, after in pairwise(stored))
    return last > revision and all_brought_some and not changes_since(reader, revision, lambda _name: True)


def _at(dictionary: Any, key: str, otherwise: Any) -> Any:
    """What stands under a key, references followed; the library's own ``get`` leaves references be."""
    return dictionary[key] if key in dictionary else otherwise  # noqa: SIM401


def _fields(fields: Any) -> dict[str, _Field]:
    found: dict[str, _Field] = {}
    for position in range(len(fields)):
        field = fields[position]
        name = str(_at(field, "/T", f"#{position}"))
        if name in found:
            raise ValueError(name)
        found[name] = _field(fields.raw_get(position), field)
    return found


def _field(reference: Any, field: Any) -> _Field:
    kind = str(_at(field, "/FT", ""))
    changing = _FILLED if kind in {"/Tx", "/Sig"} and "/Kids" not in field else frozenset()
    value = _at(field, "/V", None)
    parent = _key(field.raw_get("/Parent")) if "/Parent" in field else None
    return _Field(
        key=_key(reference),
        kind=kind,
        fixed=f"{digest_of(_kept(field, changing))} {parent}",
        filled="" if value is None else digest_of(_kept(field, frozenset(field) - _FILLED)),
        looks=digest_of(_kept(field, frozenset(field) - _LOOKS)),
        value=value_of(field) if kind == "/Tx" else "",
        dictionary=field,
        invisible_stamp=_is_invisible_stamp(kind, field, value),
    )


def _is_invisible_stamp(kind: str, field: Any, value: Any) -> bool:
    """A document time stamp that covers no place on the page."""
    if kind != "/Sig" or value is None or "/Type" not in value or value["/Type"] != "/DocTimeStamp":
        return False
    x1, y1, x2, y2 = (float(number) for number in field["/Rect"])
    return x1 == x2 and y1 == y2


def _appearance_fonts(field: Any) -> frozenset[tuple[int, int] | None]:
    normal = _at(_at(field, "/AP", {}), "/N", {})
    return _fonts(_at(normal, "/Resources", {}))


def _fonts(resources: Any) -> frozenset[tuple[int, int] | None]:
    fonts = _at(resources, "/Font", {})
    return frozenset(_key(fonts.raw_get(name)) for name in fonts)


def _widgets(page: dict[str, Any]) -> tuple[tuple[int, int] | None, ...]:
    notes = resolved(page.get("/Annots", []))
    raw = [notes.raw_get(position) for position in range(len(notes))]
    return tuple(_key(note) for note in raw if resolved(note).get("/Subtype") == "/Widget")


def _key(reference: Any) -> tuple[int, int] | None:
    """An object's number; a direct object has none."""
    if isinstance(reference, generic.IndirectObject):
        return int(reference.idnum), int(reference.generation)
    return None


def _kept(dictionary: Any, without: frozenset[str]) -> dict[str, Any]:
    return {key: dictionary.raw_get(key) for key in dictionary if key not in without} if dictionary else {}


def _compared(before: _State, after: _State, is_locked: Callable[[str], bool]) -> list[str]:
    found = differences(before.seen, after.seen)
    for name in before.fields.keys() - after.fields.keys():
        found.append(f"Ô “{name}” đã bị gỡ khỏi tệp.")
    new = {name: field for name, field in after.fields.items() if name not in before.fields}
    stamps = {field.key for field in new.values() if field.invisible_stamp}
    found += [
        f"Tệp bị thêm ô “{name}” không có khi phát hành." for name, field in new.items() if not field.invisible_stamp
    ]
    for name in after.fields.keys() - new.keys():
        found += _field_changes(name, before, after.fields[name], locked=is_locked(name))
    if LEADER in before.fields:
        found += _figure_faults(before.fields, before.fonts, after.fields)
    for number, (old, now) in enumerate(zip(before.widgets, after.widgets, strict=False), start=1):
        if old != tuple(key for key in now if key in old or key not in stamps):
            found.append(f"Trang {number}: ô nhập hoặc ô ký đã bị thêm, bớt hoặc chuyển chỗ.")
    if after.answers is None or not (before.answers or frozenset()) <= after.answers:
        found.append(ANSWERS_TAKEN)
    if before.form != after.form:
        found.append("Thiết lập chung của các ô điền đã bị thay đổi.")
    if before.permissions != after.permissions or before.certified not in (_NOT_CERTIFIED, after.certified):
        found.append("Quyền sửa ghi trong tệp đã bị thay đổi.")
    return found


def _field_changes(name: str, before: _State, now: _Field, *, locked: bool) -> list[str]:
    old = before.fields[name]
    if (old.key, old.kind, old.fixed) != (now.key, now.kind, now.fixed):
        return [f"Ô “{name}” đã bị đổi chỗ, đổi kiểu hoặc đổi thuộc tính."]
    if now.is_as(old):
        return []
    if locked or (old.filled and now.kind == "/Sig"):
        return [f"Ô “{name}” đã ký hoặc đã khóa nhưng bị thay đổi."]
    if now.kind == "/Tx" and ((old.filled and not now.filled) or not now.shows_value(before.fonts)):
        return [_shown_otherwise(name, now)]
    return [f"Ô “{name}” bị vẽ hình khi chưa ký."] if now.kind == "/Sig" and not now.filled else []


def _shown_otherwise(name: str, field: _Field) -> str:
    return f"Ô “{name}” hiện ra khác với giá trị của ô ({field.value[:20]})."


def filled_since(reader: PdfFileReader, revision: int) -> tuple[str, ...]:
    """The names of the text fields that got a value after a revision."""
    before = _state(reader.get_historical_resolver(revision)).fields
    after = _state(reader.get_historical_resolver(reader.xrefs.total_revisions - 1)).fields
    names = (name for name, field in after.items() if field.kind == "/Tx" and name in before)
    return tuple(sorted(name for name in names if after[name].filled != before[name].filled))


def locks_of(signature: Any) -> Callable[[str], bool]:
    """Which fields a signature locks (its FieldMDP transforms, ISO 32000-1, 12.8.2.4)."""
    rules = [(str(one["/Action"]), {str(name) for name in one.get("/Fields", ())}) for one in _transforms(signature)]

    def is_locked(name: str) -> bool:
        return any(
            action == "/All" or (name in names if action == "/Include" else name not in names)
            for action, names in rules
        )

    return is_locked


def allows_filling(reader: PdfFileReader) -> bool:
    """Whether no signature of the file forbids every change (DocMDP, P = 1)."""
    return all(
        int(one["/P"]) >= 2
        for signature in reader.embedded_signatures
        for one in _transforms(signature.sig_object, "/DocMDP")
        if "/P" in one
    )


def _transforms(signature: Any, method: str = "/FieldMDP") -> list[Any]:
    references = _at(signature, "/Reference", [])
    found = (references[position] for position in range(len(references)))
    return [one["/TransformParams"] for one in found if one["/TransformMethod"] == method]
