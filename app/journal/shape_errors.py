"""Pydantic's findings in Vietnamese, with the place of each."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

_SENTENCES = {
    "missing": "thiếu",
    "extra_forbidden": "là trường không được phép",
    "string_type": "phải là chữ",
    "string_too_short": "không được để trống",
    "string_too_long": "dài quá {max_length} ký tự",
    "string_pattern_mismatch": "không đúng dạng",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "bool_type": "phải là đúng hoặc sai",
    "list_type": "phải là danh sách",
    "dict_type": "phải là một nhóm trường",
    "model_type": "phải là một nhóm trường",
    "too_short": "phải có ít nhất {min_length} phần",
    "enum": "phải là một trong các giá trị {expected}",
    "literal_error": "phải là một trong các giá trị {expected}",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "phải từ {le} trở xuống",
}


def describe(error: ValidationError) -> list[str]:
    """One Vietnamese clause per fault: «figures.tong.0.source» phải là …"""
    return [_clause(fault) for fault in error.errors(include_url=False, include_input=False)]


def _clause(fault: Any) -> str:
    place = ".".join(str(part) for part in fault["loc"]) or "giá trị"
    sentence = _SENTENCES.get(fault["type"], "không hợp lệ")
    return f"«{place}» {sentence.format_map(fault.get('ctx') or {})}"
