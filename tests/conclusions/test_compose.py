from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reports.composing.asking import verb_for
from reports.composing.conclusion import compose, plan
from reports.composing.facts import Override, PaperFact, RepeatFact, RequirementFact
from reports.composing.prose import due_day, expand
from reports.composing.review import review
from reports.document import Heading, Paragraph, Table
from tests.conclusions.facts import LIBRARY, entry, facts, figures, finding, note


def texts(document) -> list[str]:
    return [block.text.replace("\u00a0", " ") for block in document.blocks if isinstance(block, Paragraph | Heading)]


def said(document, part: str) -> str:
    return next(b.text.replace("\u00a0", " ") for b in document.blocks if isinstance(b, Paragraph) and b.id == part)


def test_the_source_of_a_figure_leads_its_sentence():
    late = finding("ho-so.tre-han-tren-phan-mem", "chua_dat", given=figures("bao_cao", tre_han=3))

    assert said(compose(facts(late)), "fail.ho-so.tre-han-tren-phan-mem") == (
        "Theo báo cáo của đơn vị, còn 03 hồ sơ trễ hạn trên phần mềm."
    )


def test_a_figure_that_no_sentence_prints_follows_with_its_name():
    given = figures("doan_kiem_dem", phai_niem_yet=140, linh_vuc=30)
    asked = finding("niem-yet.tthc-du-so-luong", "dat", given=given, notes=(note("Đã yêu cầu niêm yết bộ TTHC"),))

    assert said(compose(facts(asked)), "pass.niem-yet.tthc-du-so-luong") == (
        "Đã yêu cầu niêm yết bộ thủ tục hành chính, cụ thể: qua kiểm tra thực tế, 30 lĩnh vực, "
        "số thủ tục phải niêm yết là 140 thủ tục."
    )


def test_two_figures_of_one_fraction_stand_as_one():
    given = figures(tong=13, dung_va_truoc_han=12)
    right = finding("ho-so.ket-qua-giai-quyet", "dat", given=given, notes=(note("Tiếp nhận đúng quy định", good=True),))

    assert said(compose(facts(right)), "pass.ho-so.ket-qua-giai-quyet") == (
        "Tiếp nhận đúng quy định, cụ thể: theo báo cáo của đơn vị, 12/13 hồ sơ đúng và trước hạn."
    )


def test_a_proposed_wording_prints_its_figures_by_name():
    given = figures(da_giai_quyet=34336, ty_le_dung_va_truoc_han="99.56")
    words = "Đã giải quyết {da_giai_quyet} hồ sơ, đúng và trước hạn {ty_le_dung_va_truoc_han}"
    solved = finding("ho-so.ket-qua-giai-quyet", "dat", given=given, notes=(note(words, good=True),))

    assert said(compose(facts(solved)), "pass.ho-so.ket-qua-giai-quyet") == (
        "Theo báo cáo của đơn vị, đã giải quyết 34.336 hồ sơ, đúng và trước hạn 99,56%."
    )


def test_figures_written_into_a_wording_tell_whose_they_are_and_stand_once():
    given = figures(tong=13, dung_va_truoc_han=12)
    right = finding(
        "ho-so.ket-qua-giai-quyet", "dat", given=given, notes=(note("Có 12/13 hồ sơ đúng và trước hạn", good=True),)
    )

    assert said(compose(facts(right)), "pass.ho-so.ket-qua-giai-quyet") == (
        "Theo báo cáo của đơn vị, có 12/13 hồ sơ đúng và trước hạn."
    )


def test_a_wording_with_an_unknown_placeholder_is_not_printed():
    late = finding(
        "ho-so.tre-han-tren-phan-mem", "chua_dat", given=figures(tre_han=3), notes=(note("Còn {bao_nhieu} hồ sơ"),)
    )

    assert "{" not in " ".join(texts(compose(facts(late))))


def test_the_same_sentence_at_several_places_stands_once():
    given = figures("doan_kiem_dem", phai_niem_yet=30, da_niem_yet=30)
    places = [
        finding("niem-yet.tthc-du-so-luong", "dat", site=name, given=given) for name in ("Một cửa", "Trang tin", "Xã B")
    ]
    document = compose(facts(*places))
    found = [block for block in document.blocks if isinstance(block, Paragraph) and block.id.startswith("pass.")]

    assert len(found) == 1
    assert found[0].text.replace("\u00a0", " ") == (
        "Tại 03 nơi gồm Một cửa, Trang tin và Xã B: qua kiểm tra thực tế, "
        "đơn vị niêm yết công khai đầy đủ 30/30 thủ tục hành chính theo quy định."
    )
    assert len(found[0].rests_on) == 3


@pytest.mark.parametrize("verdict", ["khong_phat_sinh", "khong_ap_dung", "chua_den_han", "cho_bo_sung"])
def test_what_was_not_found_is_not_told(verdict):
    document = compose(facts(finding("ho-so.tre-han-tren-phan-mem", verdict), finding("dao-tao.kinh-phi", "dat")))

    assert not any(
        block.id.endswith("tre-han-tren-phan-mem") for block in document.blocks if isinstance(block, Paragraph)
    )


def test_praise_and_blame_of_one_item_both_stand():
    both = finding(
        "niem-yet.tthc-du-so-luong",
        "dat_mot_phan",
        notes=(note("Niêm yết thường xuyên", good=True), note("Một số cơ quan niêm yết chưa kịp thời", good=False)),
    )
    drafted = plan(facts(both))

    assert [part.text for part in drafted.of("pass")] == ["Niêm yết thường xuyên."]
    assert [part.text for part in drafted.of("fail")] == ["Một số cơ quan niêm yết chưa kịp thời."]


def test_fixed_on_site_is_praised_and_asks_for_nothing():
    fixed = finding("ho-so.tre-han-tren-phan-mem", "da_khac_phuc_tai_cho", given=figures(tre_han=2))
    drafted = plan(facts(fixed))

    assert drafted.of("pass")[0].text.endswith("đã được đơn vị tiếp thu, khắc phục ngay trong buổi kiểm tra.")
    assert not drafted.requirements


def test_a_repeat_names_the_earlier_notice():
    again = finding(
        "ho-so.dong-bo-giay-phan-mem", "chua_dat", repeat=RepeatFact("Thông báo số 05/TB-SNV ngày 20/7/2025")
    )

    assert "đã được nhắc nhở tại Thông báo số 05/TB-SNV ngày 20/7/2025 nhưng tiếp tục tái diễn" in said(
        compose(facts(again)), "fail.ho-so.dong-bo-giay-phan-mem"
    )


def test_several_repeats_are_introduced_once():
    again = [
        finding(item, "chua_dat", repeat=RepeatFact()) for item in ("ho-so.so-hoa-dau-vao", "ho-so.thanh-phan-ho-so")
    ]
    drafted = plan(facts(*again))

    assert "tiếp tục tái diễn" in drafted.of("repeat")[0].text
    assert not any("tái diễn" in part.text for part in drafted.of("fail"))


def test_groups_stand_in_the_order_of_the_fields_of_work():
    document = compose(
        facts(
            finding("chinh-quyen-so.ke-hoach", "dat"),
            finding("dao-tao.kinh-phi", "dat"),
            finding("chi-dao.tuyen-truyen", "dat"),
        )
    )

    assert [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 2] == [
        "1. Về công tác chỉ đạo, điều hành",
        "2. Về cải cách chế độ công vụ",
        "3. Về xây dựng, phát triển chính quyền điện tử, chính quyền số",
    ]


def test_what_is_unknown_of_the_orders_is_left_out():
    bare = compose(facts(finding("dao-tao.kinh-phi", "dat")))
    known = compose(
        facts(
            finding("dao-tao.kinh-phi", "dat"),
            about={"plan": PaperFact("26/KH-UBND", date(2026, 1, 5), "UBND tỉnh", "Kiểm tra CCHC năm 2026")},
        )
    )

    assert said(bare, "opening").startswith(
        "Ngày 20/11/2026, Đoàn kiểm tra cải cách hành chính tỉnh Đồng Tháp đã kiểm tra"
    )
    assert said(known, "opening").startswith(
        "Thực hiện Kế hoạch số 26/KH-UBND ngày 05/01/2026 của Ủy ban nhân dân tỉnh "
        "về kiểm tra cải cách hành chính năm 2026, "
        "ngày 20/11/2026,"
    )


def test_each_shortcoming_asks_with_term_and_product():
    late = finding("ho-so.tre-han-tren-phan-mem", "chua_dat", given=figures(tre_han=3))
    document = compose(facts(late))

    assert "hoàn thành trong thời hạn 05 ngày làm việc kể từ ngày ban hành Thông báo này; sản phẩm: " in said(
        document, "req.ho-so.tre-han-tren-phan-mem"
    )
    assert (
        document.annexes[0].blocks[0].rows[0][4] == "Trong thời hạn 05 ngày làm việc kể từ ngày ban hành Thông báo này"
    )


def test_a_written_requirement_stands_for_its_finding():
    late = finding("ho-so.tre-han-tren-phan-mem", "chua_dat", given=figures(tre_han=3))
    own = RequirementFact(
        "y-01", "Xử lý ngay 03 hồ sơ trễ hạn", findings=(late.key,), deadline_text="trước ngày 30/3/2027"
    )
    drafted = plan(facts(late, requirements=(own,)))

    assert [one.id for one in drafted.requirements] == ["req.y-01"]
    assert drafted.of("req")[0].text.startswith(
        "Xử lý ngay 03 hồ sơ trễ hạn; hoàn thành trước ngày 30/3/2027; sản phẩm:"
    )
    assert due_day(drafted.requirements[0].deadline, date(2026, 12, 1)) == date(2027, 3, 29)


def test_equal_requirements_are_one_and_keep_all_findings():
    places = [finding("niem-yet.hinh-thuc-khoa-hoc", "chua_dat", site=name) for name in ("Xã A", "Xã B")]
    wanted = plan(facts(*places)).requirements

    assert [len(one.findings) for one in wanted] == [2]


def ask(id_: str, text: str, addressee: str, **more: object) -> RequirementFact:
    return RequirementFact(id_, text, addressee=addressee, addressee_kind="co_quan_khac", **more)  # type: ignore[arg-type]


def test_what_other_bodies_are_asked_stands_apart():
    late = finding("ho-so.tre-han-tren-phan-mem", "chua_dat", given=figures(tre_han=3))
    others = (
        ask("y-1", "Khắc phục lỗi phần mềm", "Sở Thông tin và Truyền thông", deadline_text="trước ngày 30/3/2027"),
        ask("y-2", "Bố trí kinh phí", "UBND tỉnh"),
        ask("y-3", "Hướng dẫn khai thác phần mềm", "Sở Thông tin và Truyền thông"),
    )
    document = compose(facts(late, requirements=others))
    told = [(block.lead_in, block.text) for block in document.blocks if isinstance(block, Paragraph)]

    start = told.index(("1.", "Từ kết quả kiểm tra nêu trên, Đoàn kiểm tra yêu cầu Sở A:"))
    assert told[start + 2 : start + 7] == [
        ("2.", "Đề nghị Sở Thông tin và Truyền thông:"),
        ("a)", "Khắc phục lỗi phần mềm; hoàn thành trước ngày 30/3/2027."),
        ("b)", "Hướng dẫn khai thác phần mềm."),
        ("3.", "Kiến nghị Ủy ban nhân dân tỉnh:"),
        ("", "Bố trí kinh phí."),
    ]
    assert [f"{one.name} ({one.purpose})" for one in document.recipients[:3]] == [
        "Sở A (t/h)",
        "Sở Thông tin và Truyền thông (p/h)",
        "Ủy ban nhân dân tỉnh (b/c)",
    ]


def test_the_list_of_requirements_is_grouped_by_whom_they_are_for():
    late = finding("ho-so.tre-han-tren-phan-mem", "chua_dat", given=figures(tre_han=3))
    other = ask("y-1", "Khắc phục lỗi phần mềm", "Sở Thông tin và Truyền thông")
    (both,) = compose(facts(late, requirements=(other,))).annexes
    (alone,) = compose(facts(late)).annexes

    assert [block.text for block in both.blocks if isinstance(block, Heading)] == [
        "1. Sở A",
        "2. Sở Thông tin và Truyền thông",
    ]
    assert [row[0] for block in both.blocks if isinstance(block, Table) for row in block.rows] == ["1", "2"]
    assert (both.title, alone.title) == (
        "Danh mục nội dung yêu cầu, đề nghị thực hiện",
        "Danh mục nội dung yêu cầu thực hiện",
    )
    assert [type(block) for block in alone.blocks] == [Table]


def test_where_only_others_are_asked_the_unit_is_asked_for_no_plan():
    document = compose(facts(finding("dao-tao.kinh-phi", "dat"), requirements=(ask("y-1", "Hỗ trợ", "Sở Tư pháp"),)))

    lead = next(b.text for b in document.blocks if isinstance(b, Paragraph) and b.id.startswith("lead"))
    assert lead == "Từ kết quả kiểm tra nêu trên, Đoàn kiểm tra đề nghị Sở Tư pháp:"
    assert "kế hoạch khắc phục" not in " ".join(texts(document))


@pytest.mark.parametrize(
    ("issuer", "addressee", "verb"),
    [
        ("Đoàn kiểm tra CCHC tỉnh", "Sở Tư pháp", "đề nghị"),
        ("Đoàn kiểm tra CCHC tỉnh", "UBND tỉnh", "kiến nghị"),
        ("Đoàn kiểm tra CCHC tỉnh", "Văn phòng UBND tỉnh", "đề nghị"),
        ("Đoàn kiểm tra CCHC tỉnh", "UBND phường 1, thành phố Cao Lãnh", "đề nghị"),
        ("Sở Nội vụ", "Bộ Nội vụ", "kiến nghị"),
        ("Sở Nội vụ", "Bộ Chỉ huy Quân sự tỉnh", "đề nghị"),
        ("Sở Nội vụ", "Chủ tịch UBND thành phố Huế", "kiến nghị"),
        ("Sở Nội vụ", "Doanh nghiệp cung cấp phần mềm", "đề nghị"),
        ("UBND tỉnh", "UBND cấp huyện", "yêu cầu"),
        ("UBND tỉnh", "Sở Tư pháp", "yêu cầu"),
        ("UBND tỉnh", "Chính phủ", "kiến nghị"),
        ("UBND xã Hòa Long", "UBND tỉnh", "kiến nghị"),
    ],
)
def test_how_another_body_is_asked_follows_who_stands_above_whom(issuer, addressee, verb):
    about = facts()
    speaking = replace(about, issuer=replace(about.issuer, name=issuer))

    assert verb_for(expand(addressee), speaking) == verb


def test_the_verb_is_the_issuers():
    late = finding("ho-so.tre-han-tren-phan-mem", "chua_dat")

    assert "đề nghị Sở A:" in said(compose(facts(late, verb="đề nghị")), "lead")


def test_the_leads_words_stand_as_written():
    drafted = facts(
        finding("dao-tao.kinh-phi", "dat"),
        overrides={"pass.dao-tao.kinh-phi": Override("Kinh phí CCHC đủ.", entry=entry())},
    )
    block = next(b for b in compose(drafted).blocks if isinstance(b, Paragraph) and b.id == "pass.dao-tao.kinh-phi")

    assert (block.text, block.edited, block.rests_on) == ("Kinh phí CCHC đủ.", True, ("answer/dao-tao.kinh-phi",))


def test_a_dropped_shortcoming_asks_for_nothing():
    late = finding("ho-so.tre-han-tren-phan-mem", "chua_dat", given=figures(tre_han=3))
    dropped = {"fail.ho-so.tre-han-tren-phan-mem": Override(dropped=True, reason="đã giải trình", entry=entry())}
    document = compose(facts(late, finding("dao-tao.kinh-phi", "dat"), overrides=dropped))

    assert "trễ hạn" not in " ".join(texts(document))
    assert not document.annexes


@pytest.mark.parametrize(
    ("kind", "first", "last"), [("CV", "Trên cơ sở kết quả", "thực hiện./."), ("BC", "Đoàn kiểm tra", "năm 2026./.")]
)
def test_letters_and_reports_have_their_own_frame(kind, first, last):
    document = compose(facts(finding("ho-so.tre-han-tren-phan-mem", "chua_dat"), kind=kind, level="nhom"))

    assert said(document, "opening").startswith(first)
    assert said(document, "closing").endswith(last)
    assert bool(document.addressees) == (kind == "CV")


def test_the_manifest_leads_from_each_sentence_to_its_entries():
    late = finding("ho-so.tre-han-tren-phan-mem", "chua_dat", given=figures("phan_mem", tre_han=3))
    told = compose(facts(late, head={"seq": 7, "hash": "ab"})).manifest
    part = next(one for one in told["paragraphs"] if one["id"] == "fail.ho-so.tre-han-tren-phan-mem")

    assert part["entries"] == [late.entries[0].id]
    assert told["findings"][0]["figures"]["tre_han"][0]["source"] == "phan_mem"
    assert told["head"] == {"seq": 7, "hash": "ab"}


def test_the_same_facts_give_the_same_paper():
    late = facts(finding("ho-so.tre-han-tren-phan-mem", "chua_dat", given=figures(tre_han=3)))

    assert compose(late) == compose(late)


def test_nothing_is_called_an_offence():
    all_items = [
        finding(item.id, verdict) for pack in LIBRARY.packs() for item in pack.items for verdict in ("chua_dat",)
    ]

    assert "vi phạm" not in " ".join(texts(compose(facts(*all_items)))).lower()


def test_review_reports_what_differs_and_repairs_nothing():
    readings = {"tre_han": [{"value": "3", "source": "phan_mem"}, {"value": "5", "source": "bao_cao"}]}
    late = finding("ho-so.tre-han-tren-phan-mem", "chua_dat", given=readings)
    remarks = [remark.text for remark in review(facts(late))]

    assert any("khác nhau giữa các nguồn" in text and "5" in text and "3" in text for text in remarks)
    assert "03 hồ sơ" in said(compose(facts(late)), "fail.ho-so.tre-han-tren-phan-mem")


def test_review_blocks_an_open_disagreement_and_an_empty_inspection():
    disputed = replace(finding("dao-tao.kinh-phi", "dat"), disputed=True)

    assert [one.place for one in review(facts(disputed)) if one.level == "block"] == ["answer/dao-tao.kinh-phi"]
    assert any(one.level == "block" for one in review(facts()))


def test_review_tells_that_a_finding_changed_after_it_was_reworded():
    early = Override("Lời cũ.", entry=entry())
    changed = finding("dao-tao.kinh-phi", "dat")

    assert any(
        "đã thay đổi sau khi sửa" in one.text
        for one in review(facts(changed, overrides={"pass.dao-tao.kinh-phi": early}))
    )


def test_words_for_a_paragraph_that_is_gone_are_reported():
    gone = facts(
        finding("dao-tao.kinh-phi", "dat"), overrides={"fail.dao-tao.kinh-phi": Override("Còn chậm.", entry=entry())}
    )

    assert plan(gone).orphans == ("fail.dao-tao.kinh-phi",)
    assert any("không còn chỗ đứng" in one.text for one in review(gone))
