"""Sentences of the conclusion."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from checklists.answers import AnswerValue, Source
from checklists.library import Library
from checklists.model import Item
from checklists.wording import (
    bases,
    compose,
    compose_answer,
    format_date,
    format_number,
    leftover_figures,
    padded,
    sentence,
    source_phrase,
)
from tests.checklists.test_rules import item

LIBRARY = Library.load()
TERMS = {"mot_cua": "Trung tâm Phục vụ hành chính công"}


def said(item_id: str, part: Any, source: Source | None = None, **figures: str) -> str:
    text = sentence(LIBRARY.item(item_id), part, figures, terms=TERMS, source=source)
    return text.replace("\u00a0", " ")


SENTENCES = [
    (
        said(
            "niem-yet.tthc-du-so-luong",
            "pass",
            Source.COUNTED,
            phai_niem_yet="30",
            da_niem_yet="30",
            so_noi_niem_yet="3",
        ),
        "Qua kiểm tra thực tế, niêm yết công khai đầy đủ 30/30 thủ tục hành chính tại 03 nơi theo quy định.",
    ),
    (
        said("niem-yet.tthc-du-so-luong", "pass", Source.REPORT, linh_vuc="47", da_niem_yet="273"),
        "Theo báo cáo của đơn vị, niêm yết công khai đầy đủ 273 thủ tục hành chính thuộc 47 lĩnh vực theo quy định.",
    ),
    (
        said("niem-yet.tthc-du-so-luong", "pass"),
        "Thường xuyên niêm yết công khai thủ tục hành chính tại Trung tâm Phục vụ hành chính công theo quy định.",
    ),
    (
        said("niem-yet.tthc-du-so-luong", "requirement", Source.COUNTED, phai_niem_yet="30", da_niem_yet="27"),
        (
            "Niêm yết bổ sung 03 thủ tục hành chính còn thiếu; đối chiếu với các quyết định công bố để bảo đảm "
            "không thừa, không thiếu."
        ),
    ),
    (
        said("niem-yet.tthc-du-so-luong", "shortcoming", phai_niem_yet="30", da_niem_yet="30"),
        "Chưa niêm yết, công khai đầy đủ thủ tục hành chính theo quy định.",
    ),
    (
        said(
            "ho-so.ket-qua-giai-quyet",
            "pass",
            Source.SOFTWARE,
            da_giai_quyet="34336",
            ty_le_dung_va_truoc_han="99.56",
            ty_le_qua_han="0.44",
        ),
        (
            "Theo số liệu trên phần mềm, việc tiếp nhận, giải quyết hồ sơ thủ tục hành chính được thực hiện cơ bản "
            "đúng quy định; đã giải quyết 34.336 hồ sơ; tỷ lệ đúng và trước hạn 99,56%, quá hạn 0,44%."
        ),
    ),
    (
        said("ho-so.ket-qua-giai-quyet", "pass", tong="13", dung_va_truoc_han="12"),
        (
            "Việc tiếp nhận, giải quyết hồ sơ thủ tục hành chính được thực hiện cơ bản đúng quy định; 12/13 hồ sơ "
            "đúng và trước hạn."
        ),
    ),
    (
        said("ho-so.ket-qua-giai-quyet", "shortcoming", tong="13", dung_va_truoc_han="12"),
        "Còn 1/13 hồ sơ cần giải trình về thời hạn giải quyết.",
    ),
    (
        said("ho-so.tre-han-tren-phan-mem", "shortcoming", Source.SOFTWARE, tre_han="3"),
        "Còn 03 hồ sơ trễ hạn trên phần mềm.",
    ),
    (
        said("ho-so.tre-han-tren-phan-mem", "shortcoming", Source.SOFTWARE, tre_han="0"),
        "Còn hồ sơ giải quyết muộn, trả quá hạn.",
    ),
    (
        said("ho-so.thanh-phan-ho-so", "shortcoming", so_thua="0", so_thieu="4"),
        "Tiếp nhận thành phần hồ sơ chưa đúng quy định: 04 hồ sơ còn thiếu giấy tờ.",
    ),
    (
        said("kien-nghi-truoc.tong-hop", "note", Source.REPORT, noi_dung="8"),
        "Theo báo cáo của đơn vị, có 08 nội dung thuộc trách nhiệm của đơn vị.",
    ),
    (
        said("kiem-soat-tthc.cong-bo", "pass", quyet_dinh="9", tthc="246"),
        "Tham mưu ban hành 09 quyết định công bố 246 thủ tục hành chính.",
    ),
    (
        said("ky-luat-cong-vu.gio-lam-viec", "shortcoming", thoi_diem="07:15", phai_co_mat="40", vang_khong_ly_do="1"),
        "Lúc 07 giờ 15, còn 1/40 người vắng mặt chưa rõ lý do.",
    ),
    (
        said("chuan-bi.diem-kiem-tra-thuc-te", "pass", Source.COUNTED, so_diem="2"),
        "Đoàn đã kiểm tra thực tế tại 02 điểm trước buổi làm việc.",
    ),
    (
        said("co-so-vat-chat.dien-tich", "shortcoming", dien_tich="8.5"),
        (
            "Diện tích Trung tâm Phục vụ hành chính công (8,5 m²) còn chật hẹp, chưa đáp ứng yêu cầu tiếp nhận, "
            "giải quyết hồ sơ."
        ),
    ),
    (
        said("niem-yet.hinh-thuc-khoa-hoc", "note"),
        LIBRARY.item("niem-yet.hinh-thuc-khoa-hoc").question,
    ),
    (
        said("niem-yet.tthc-du-so-luong", "note", phai_niem_yet="30", so_noi_niem_yet="3"),
        "Số thủ tục phải niêm yết: 30 thủ tục; số nơi niêm yết: 03 nơi.",
    ),
]


@pytest.mark.parametrize(("found", "wanted"), SENTENCES)
def test_sentence(found: str, wanted: str) -> None:
    assert found == wanted


def made(template: str, **parts: Any) -> Item:
    fields = [
        {"key": "a", "label": "Số hồ sơ", "unit": "hồ sơ"},
        {"key": "b", "label": "Tổng số", "unit": "hồ sơ"},
        {"key": "t", "label": "Tên", "type": "text"},
        {"key": "d", "label": "Ngày", "type": "date"},
        {"key": "p", "label": "Tỷ lệ", "type": "percent"},
    ]
    return item(fields=fields, **{"pass": template}, **parts)


def written(template: str, **figures: str) -> str:
    return compose(made(template), "pass", figures, terms={}).text


@pytest.mark.parametrize(
    ("template", "figures", "text"),
    [
        ("Có {a} hồ sơ.", {"a": "3"}, "Có 03\u00a0hồ sơ."),
        ("Có {a} hồ sơ.", {"a": "12"}, "Có 12\u00a0hồ sơ."),
        ("Có {a} hồ sơ.", {"a": "34336"}, "Có 34.336 hồ sơ."),
        ("Có {a} hồ sơ.", {"a": "0"}, "Có 0\u00a0hồ sơ."),
        ("Có {a}/{b} hồ sơ.", {"a": "3", "b": "9"}, "Có 3/9 hồ sơ."),
        ("Số: {a}.", {"a": "3"}, "Số: 3."),
        ("Đạt {p}.", {"p": "99.56"}, "Đạt 99,56%."),
        ("Đạt {p}%.", {"p": "0.44"}, "Đạt 0,44%."),
        ("Ngày {d}.", {"d": "2022-07-05"}, "Ngày 05/07/2022."),
        ("Tên {t}.", {"t": "Nhanh; gọn.\n "}, "Tên Nhanh; gọn."),
        ("{t} tốt.", {"t": "một cửa lưu động"}, "Một cửa lưu động tốt."),
        ("Có[[ {a} hồ sơ| {t}| gì đó]].", {"t": "x"}, "Có x."),
        ("Có[[ {a} hồ sơ| {t}| gì đó]].", {}, "Có gì đó."),
        ("Có[[ {a} hồ sơ]].", {}, "Có."),
    ],
)
def test_template(template: str, figures: dict[str, str], text: str) -> None:
    assert written(template, **figures) == text


def test_values_are_never_expanded_again() -> None:
    assert written("Tên {t}, {a} hồ sơ.", t="{a} [[x|y]] {mot_cua}", a="3") == (
        "Tên {a} [[x|y]] {mot_cua}, 03\u00a0hồ sơ."
    )


def test_values_are_nfc() -> None:
    assert written("Tên {t}.", t="Phie\u0302\u0301u") == "Tên Phiếu."


def test_plain_form_when_a_figure_is_missing() -> None:
    plain = made("Có {a}/{b} hồ sơ.", plain={"pass": "Có hồ sơ."})
    assert compose(plain, "pass", {"a": "3"}, terms={}).text == "Có hồ sơ."


def test_figures_used_and_left_over() -> None:
    listed = LIBRARY.item("niem-yet.tthc-du-so-luong")
    figures = {"phai_niem_yet": "30", "da_niem_yet": "27", "so_noi_niem_yet": "3", "linh_vuc": " "}
    used = compose(listed, "shortcoming", figures, terms=TERMS).figures_used
    assert used == {"thieu", "phai_niem_yet"}
    assert leftover_figures(listed, figures, used) == [
        "số thủ tục đang niêm yết: 27\u00a0thủ tục",
        "số nơi niêm yết: 03\u00a0nơi",
    ]


def answer(**readings: list[tuple[str, Source]]) -> AnswerValue:
    figures = {key: [{"value": value, "source": source} for value, source in given] for key, given in readings.items()}
    return AnswerValue.model_validate({"item_version": 1, "figures": figures})


POSTED = LIBRARY.item("niem-yet.tthc-du-so-luong")
COUNTED, REPORT, SOFTWARE = Source.COUNTED, Source.REPORT, Source.SOFTWARE


@pytest.mark.parametrize(
    ("value", "start"),
    [
        (answer(phai_niem_yet=[("30", REPORT)], da_niem_yet=[("30", REPORT)]), "Theo báo cáo của đơn vị, niêm"),
        (
            answer(phai_niem_yet=[("30", REPORT), ("30", COUNTED)], da_niem_yet=[("30", REPORT), ("28", COUNTED)]),
            "Qua kiểm tra thực tế, niêm yết công khai đầy đủ 28/30",
        ),
        (
            answer(phai_niem_yet=[("30", REPORT)], da_niem_yet=[("30", REPORT), ("28", COUNTED)]),
            "Niêm yết công khai đầy đủ 28/30",
        ),
        (answer(), "Thường xuyên"),
    ],
)
def test_a_source_is_named_only_if_it_gives_every_figure(value: AnswerValue, start: str) -> None:
    assert compose_answer(POSTED, "pass", value, terms=TERMS).text.startswith(start)


def test_a_derived_figure_stands_on_its_inputs() -> None:
    value = answer(phai_niem_yet=[("30", SOFTWARE)], da_niem_yet=[("27", COUNTED)])
    text = compose_answer(POSTED, "shortcoming", value, terms=TERMS).text
    assert text.startswith("Còn 3/30")


def test_missing_terms_have_a_name() -> None:
    text = sentence(POSTED, "pass", {}, terms={"mot_cua": ""})
    assert "tại Bộ phận Một cửa theo" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("34336", "34.336"),
        ("99.56", "99,56"),
        ("0.440", "0,44"),
        ("999999999999999", "999.999.999.999.999"),
        ("-3", "-3"),
        ("ba", "ba"),
        ("0.123456", "0,123456"),
    ],
)
def test_numbers_the_vietnamese_way(text: str, shown: str) -> None:
    assert format_number(text) == shown


def test_padding_and_dates() -> None:
    assert [padded(number) for number in (0, 3, 9, 10, 1234)] == ["0", "03", "09", "10", "1.234"]
    assert format_date(date(2022, 7, 5)) == format_date("2022-07-05") == "05/07/2022"
    assert format_date("hôm qua") == "hôm qua"


def test_source_phrases() -> None:
    assert [source_phrase(source) for source in Source] == [
        "theo báo cáo của đơn vị",
        "theo số liệu trên phần mềm",
        "qua kiểm tra thực tế",
    ]


def test_the_basis_is_that_of_the_day_of_the_fact() -> None:
    equipped = LIBRARY.item("co-so-vat-chat.trang-thiet-bi-du")
    assert bases(equipped, date(2018, 6, 20)) == ["Quyết định số 09/2015/QĐ-TTg"]
    assert bases(equipped, date(2018, 6, 21)) == ["Điều 13 Nghị định số 61/2018/NĐ-CP"]
    assert bases(equipped, date(2025, 7, 1)) == []


def test_an_unsure_basis_is_printed_once_confirmed() -> None:
    equipped = LIBRARY.item("co-so-vat-chat.trang-thiet-bi-du")
    confirmed = {"Nghị định số 118/2025/NĐ-CP"}
    assert bases(equipped, date(2025, 7, 1), confirmed) == ["Nghị định số 118/2025/NĐ-CP"]
