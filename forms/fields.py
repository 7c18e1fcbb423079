"""Fields and messages that every form uses. Text from people is NFC from here on; messages are Vietnamese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    PasswordField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.form import Form as PlainForm
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

# Control characters other than tab and line feed: nobody types them, and some stores refuse them.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DATE = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")

_MESSAGES = {
    "Not a valid choice.": "Giá trị này không có trong danh sách; hãy chọn lại.",
    "Not a valid choice": "Giá trị này không có trong danh sách; hãy chọn lại.",
    "Invalid Choice: could not coerce.": "Giá trị này không có trong danh sách; hãy chọn lại.",
    "Not a valid integer value.": "Hãy nhập một số nguyên.",
    "Not a valid decimal value.": "Hãy nhập một số.",
    "This field is required.": "Ô này không được để trống.",
}


class _Vietnamese:
    """What WTForms itself says, in Vietnamese."""

    def gettext(self, text: str) -> str:
        return _MESSAGES.get(text, text)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return self.gettext(singular if count == 1 else plural)


class _Meta:
    def get_translations(self, _form: object) -> _Vietnamese:
        return _Vietnamese()


class Form(FlaskForm):  # type: ignore[misc]
    """Base of every form: CSRF token, Vietnamese messages."""

    class Meta(_Meta):
        pass


class Part(PlainForm):  # type: ignore[misc]
    """Base of a group of fields inside a form; the outer form carries the token."""

    class Meta(_Meta):
        pass


def clean(text: str | None) -> str:
    """Text as it is kept: NFC, one kind of line end, no control characters, no blanks at either end."""
    text = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n")
    return _INVISIBLE.sub("", text).strip()


class Text(StringField):  # type: ignore[misc]
    """One line of text, NFC."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed."""
        if valuelist:
            self.data = clean(valuelist[0]).replace("\n", " ")


class LongText(TextAreaField):  # type: ignore[misc]
    """Several lines of text, NFC."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed."""
        if valuelist:
            self.data = clean(valuelist[0])


class Password(PasswordField):  # type: ignore[misc]
    """A password: exactly as typed; never shown again."""


def parse_date(text: str) -> str:
    """``5/9/2025``, ``05.09.2025`` or ``2025-09-05`` as ``2025-09-05``.

    Raises:
        ValueError: no such day; the message says what to type.
    """
    found = _DATE.fullmatch(text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
        if _ISO.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ValueError(f"Không có ngày «{text}»; hãy kiểm tra lại ngày, tháng, năm.") from error
    raise ValueError(f"«{text}» không phải là ngày; hãy nhập theo dạng ngày/tháng/năm, ví dụ 05/09/2025.")


def show_date(iso: str | None) -> str:
    """``2025-09-05`` as ``05/09/2025``."""
    return date.fromisoformat(iso).strftime("%d/%m/%Y") if iso else ""


class Day(Field):  # type: ignore[misc]
    """One day, typed as dd/mm/yyyy whatever the browser's language is; ``data`` is ISO text or None."""

    widget = TextInput()

    def __init__(self, label: str = "", **options: Any) -> None:
        options.setdefault("render_kw", {"placeholder": "ngày/tháng/năm", "inputmode": "numeric"})
        super().__init__(label, **options)

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else show_date(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed."""
        text = clean(valuelist[0]) if valuelist else ""
        self.data = None
        if text:
            self.data = parse_date(text)


class Days(Field):  # type: ignore[misc]
    """Several days in one box, between commas or semicolons; ``data`` is a sorted list of ISO texts."""

    widget = TextInput()

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else "; ".join(show_date(day) for day in self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed."""
        text = clean(valuelist[0]) if valuelist else ""
        self.data = sorted({parse_date(part.strip()) for part in re.split(r"[;,\n]", text) if part.strip()})


class Choice(SelectField):  # type: ignore[misc]
    """One of several; choices are given when the form is made. One that was not sent is the blank choice, if any."""

    data: Any

    def pre_validate(self, form: object) -> None:
        """Only what was offered may be chosen."""
        if not self.data and any(not value for value, *_ in self.iter_choices()):
            self.data = ""
            return
        super().pre_validate(form)


class YesNo(BooleanField):  # type: ignore[misc]
    """One box to tick."""


class Boxes(SelectMultipleField):  # type: ignore[misc]
    """Any of several, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, _form: object) -> None:
        """Only what was offered may be ticked."""
        offered = {value for value, *_ in self.iter_choices()}
        if not set(self.data or ()) <= offered:
            raise ValidationError("Có lựa chọn không nằm trong danh sách; hãy tải lại trang rồi chọn lại.")


class Needed:
    """The field must not be empty; the sentence says what to do."""

    field_flags: ClassVar[Mapping[str, bool]] = {}

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, _form: object, field: Any) -> None:
        if not field.data and not field.errors:
            raise ValidationError(self.sentence)


class AtMost:
    """No longer than so many characters."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, _form: object, field: Any) -> None:
        if len(field.data or "") > self.longest:
            raise ValidationError(f"Nội dung dài {len(field.data)} ký tự; hãy rút xuống tối đa {self.longest} ký tự.")


class Matches:
    """Of a given form; the sentence says of which."""

    def __init__(self, pattern: str, sentence: str) -> None:
        self.pattern = re.compile(pattern)
        self.sentence = sentence

    def __call__(self, _form: object, field: Any) -> None:
        if field.data and not self.pattern.fullmatch(field.data):
            raise ValidationError(self.sentence)


def options(choices: Iterable[tuple[str, str]], blank: str | None = None) -> list[SelectChoice]:
    """Pairs of value and label as choices; ``blank`` is the text of an empty first one."""
    pairs = ([("", blank)] if blank is not None else []) + list(choices)
    return [SelectChoice(value=value, label=label) for value, label in pairs]


def set_choices(field: Any, choices: Iterable[tuple[str, str]], blank: str | None = None) -> None:
    """Fill a choice field."""
    field.choices = options(choices, blank)


class Row(Part):
    """One row of a list. A row that was left blank as a whole is no row."""

    def is_blank(self) -> bool:
        """Nothing was typed or chosen in it."""
        return not any(field.data for field in self)

    def validate(self, extra_validators: Any = None) -> bool:
        """Blank rows are in order."""
        return self.is_blank() or bool(super().validate(extra_validators))


class Rows(FieldList):  # type: ignore[misc]
    """A list of rows that can grow, with scripts or without."""

    def __init__(self, label: str, row: type[Row], **options: Any) -> None:
        super().__init__(FormField(row), label, **options)

    def filled(self) -> list[Any]:
        """The rows in which something stands."""
        return [entry.form for entry in self.entries if not entry.form.is_blank()]


def grow(form: Any, name: str | None) -> bool:
    """Add a blank row to the list that the person asked for; False where none was asked for."""
    wanted = form[name] if name and name in form else None
    if not isinstance(wanted, Rows):
        return False
    wanted.append_entry()
    return True


def faults_of(form: Any) -> str:
    """Everything that a form says is wrong, in one line."""
    return " ".join(str(text) for texts in form.errors.values() for text in texts)
