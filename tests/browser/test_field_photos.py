"""Photos on the tablet: taken in the page, covered, resumed after a killed page, and the server's covered copy."""

from __future__ import annotations

import io
import os
import signal
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.field_kit import LANDSCAPE, PORTRAIT, SYNCED, MakeTablet, Tablet, item_path, journal, photo, ready
from tests.conftest import World
from tests.server import Server

pytestmark = pytest.mark.browser

FAKE = "--use-fake-device-for-media-stream"
GRANTED = "--use-fake-ui-for-media-stream"


def with_camera(tablet: Tablet, *more: str) -> Tablet:
    tablet.arguments += [FAKE, *(more or (GRANTED,))]
    return tablet


def camera(page: Page) -> None:
    page.get_by_test_id("open-camera").click()
    expect(page.get_by_test_id("shutter")).to_be_enabled()
    page.wait_for_function("() => document.querySelector('video').videoWidth > 0")


def shoot(page: Page, expected: int) -> None:
    page.get_by_test_id("shutter").click()
    expect(page.locator("h1")).to_contain_text(f"đã có {expected})")
    expect(page.get_by_test_id("shutter")).to_be_enabled()


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw over the picture between two points that are given as parts of its sides."""
    box = page.get_by_test_id("canvas").bounding_box()
    assert box is not None
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move(*at[1], steps=4)
    page.mouse.up()


def evidence(world: World) -> list[dict[str, Any]]:
    subjects = world.installation.database().execute("SELECT DISTINCT subject FROM evidence ORDER BY subject")
    return [entry.value for row in subjects for entry in journal(world).current(row[0])]


def size_of(file: Path) -> tuple[int, int]:
    with Image.open(file) as image:
        return image.size


def synced(page: Page) -> None:
    expect(page.get_by_test_id("sync-status")).to_have_text(SYNCED)


def stripes() -> bytes:
    """Fine black and white lines on the left half, blue on the right."""
    image = Image.new("RGB", (1000, 800), (0, 0, 200))
    for x in range(0, 500, 10):
        image.paste("white" if x % 20 else "black", (x, 0, x + 10, 800))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=95)
    return stream.getvalue()


def choose(page: Page, *pictures: bytes) -> None:
    files = [{"name": f"anh-{n}.jpg", "mimeType": "image/jpeg", "buffer": one} for n, one in enumerate(pictures)]
    page.get_by_test_id("file").set_input_files(files)  # type: ignore[arg-type]
    expect(page.get_by_test_id("proof")).to_have_count(len(pictures))


def test_several_photos_in_a_row_are_kept_as_the_camera_gave_them(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    page = ready(with_camera(tablets()), "binh", item_path())
    page.get_by_test_id("value-da_niem_yet-0").fill("30")
    camera(page)
    for number in (1, 2, 3):
        shoot(page, number)
    expect(page.get_by_test_id("last-shot")).to_contain_text("Đã lưu ảnh trên máy.")
    page.get_by_test_id("last-shot").get_by_test_id("personal-none").click()
    page.get_by_test_id("camera-done").click()
    expect(page.get_by_test_id("proof")).to_have_count(3)
    expect(page.get_by_test_id("unasked")).to_contain_text("2 ảnh chưa trả lời")
    expect(page.get_by_test_id("value-da_niem_yet-0")).to_have_value("30")
    assert page.evaluate("() => document.querySelector('video')") is None
    page.get_by_test_id("save").click()
    synced(page)
    values = evidence(world)
    assert len(values) == 3
    assert sorted(value.get("personal") or "" for value in values) == ["", "", "none"]
    for value in values:
        kept = world.installation.evidence_path / value["file"]["sha256"][:2] / value["file"]["sha256"]
        assert sha256(kept.read_bytes()).hexdigest() == value["file"]["sha256"]
        assert size_of(kept) == (value["width"], value["height"])
        assert "position" not in value, "nobody switched it on"


def test_the_camera_says_why_it_does_not_open_and_photos_can_still_be_taken(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    tablet = with_camera(tablets(), "--disable-extensions")
    page = ready(tablet, "binh", item_path())
    assert tablet.context is not None
    tablet.context.grant_permissions(["geolocation"])  # and with that no other one
    page.get_by_test_id("open-camera").click()
    expect(page.get_by_test_id("camera-why")).to_contain_text("Máy ảnh đang bị chặn")
    expect(page.get_by_test_id("camera-why")).to_contain_text("Ứng dụng máy ảnh")
    assert Axe().run(page).violations_count == 0
    page.get_by_test_id("camera").set_input_files(
        [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo("green")}]
    )
    expect(page.get_by_test_id("last-shot")).to_be_visible()
    page.get_by_test_id("camera-done").click()
    expect(page.get_by_test_id("proof")).to_have_count(1)


def test_a_browser_without_the_camera_api_says_so(server: Server, tablets: MakeTablet) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", item_path())
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    page.reload()
    page.get_by_test_id("open-camera").click()
    expect(page.get_by_test_id("camera-why")).to_contain_text("cần địa chỉ https")


def kill(tablet: Tablet) -> None:
    """As Android does it: no goodbye."""
    found = subprocess.run(
        ["pgrep", "-f", f"user-data-dir={tablet.profile}"], check=True, capture_output=True, text=True
    )
    for pid in found.stdout.split():
        os.kill(int(pid), signal.SIGKILL)
    for lock in tablet.profile.glob("Singleton*"):
        lock.unlink()


@pytest.mark.parametrize("how", ["reload", "kill"])
def test_a_page_that_goes_away_with_the_camera_open_comes_back_to_it(
    world: World, server: Server, tablets: MakeTablet, how: str
) -> None:
    tablet = with_camera(tablets())
    page = ready(tablet, "binh", item_path())
    page.get_by_test_id("value-da_niem_yet-0").fill("30")
    camera(page)
    shoot(page, 1)
    shoot(page, 2)
    if how == "reload":
        page.reload()
    else:
        kill(tablet)
        tablet.context = None
        page = tablet.open("/field/")
    expect(page.get_by_test_id("camera-view")).to_be_visible()
    expect(page.get_by_test_id("notice")).to_contain_text("Ảnh đã lưu vẫn còn đủ")
    assert page.url.endswith(item_path() + "/camera")
    shoot(page, 3)
    page.get_by_test_id("camera-done").click()
    expect(page.get_by_test_id("proof")).to_have_count(3)
    expect(page.get_by_test_id("value-da_niem_yet-0")).to_have_value("30")
    page.goto(server.url + "/field/")
    expect(page.get_by_test_id("taken")).to_be_visible()


def test_what_is_covered_on_the_tablet_is_gone_from_the_servers_copy(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    data = stripes()
    page = ready(tablets(), "binh", item_path())
    choose(page, data)
    page.get_by_test_id("proof").get_by_test_id("cover-it").click()
    expect(page.get_by_test_id("canvas")).to_be_visible()
    drag(page, (0.005, 0.005), (0.5, 0.5))
    page.get_by_test_id("tool-arrow").click()
    drag(page, (0.6, 0.9), (0.9, 0.6))
    page.get_by_test_id("tool-text").click()
    page.get_by_test_id("letters").fill("Thiếu bảng niêm yết")
    drag(page, (0.55, 0.3), (0.55, 0.3))
    page.get_by_test_id("tool-circle").click()
    drag(page, (0.6, 0.1), (0.9, 0.4))
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-marks", "4")
    page.get_by_test_id("undo").click()
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-marks", "3")
    assert Axe().run(page).violations_count == 0
    page.reload()
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-marks", "3")
    page.get_by_test_id("personal-covered").click()
    page.get_by_test_id("layer-done").click()
    expect(page.get_by_test_id("proof").locator("svg rect")).to_have_count(1)
    expect(page.get_by_test_id("unasked")).to_have_count(0)
    synced(page)
    [value] = evidence(world)
    assert value["personal"] == "covered"
    assert [mark["kind"] for mark in value["layer"]] == ["cover", "arrow", "text"]
    assert value["file"]["sha256"] == sha256(data).hexdigest()
    answer = page.request.get(f"{server.url}/api/evidence/{value['file']['sha256']}?nho=1")
    copy = Image.open(io.BytesIO(answer.body())).convert("L")
    covered, open_ = copy.crop((10, 10, 470, 370)), copy.crop((10, 430, 470, 790))
    assert covered.getextrema()[1] - covered.getextrema()[0] < 70
    assert open_.getextrema()[1] - open_.getextrema()[0] > 180
    original = page.request.get(f"{server.url}/api/evidence/{value['file']['sha256']}")
    assert original.body() == data


def test_the_cover_hides_on_the_screen_itself(server: Server, tablets: MakeTablet) -> None:
    page = ready(tablets(), "binh", item_path())
    choose(page, stripes())
    page.get_by_test_id("proof").get_by_test_id("cover-it").click()
    page.get_by_test_id("cover-all").click()
    page.get_by_test_id("layer-done").click()
    shown = page.get_by_test_id("thumb")
    expect(shown.locator("svg rect")).to_have_count(1)
    expect(shown.locator("img")).to_have_js_property("complete", value=True)
    low, high = Image.open(io.BytesIO(shown.screenshot())).convert("L").crop((10, 10, 160, 120)).getextrema()
    assert high - low < 12


def test_photos_are_made_smaller_by_the_installations_setting_before_they_are_hashed(
    world: World, server: Server, tablets: MakeTablet
) -> None:
    server.stop()
    server.environment = {"KIEMTRA_PHOTO_LONGEST_EDGE": "300"}
    server.start()
    page = ready(tablets(), "binh", item_path())
    choose(page, stripes())
    synced(page)
    [value] = evidence(world)
    assert (value["width"], value["height"]) == (300, 240)
    kept = world.installation.evidence_path / value["file"]["sha256"][:2] / value["file"]["sha256"]
    assert size_of(kept) == (300, 240)
    assert kept.stat().st_size == value["file"]["size"]


def test_a_photo_that_finds_no_room_is_refused_when_it_is_taken(server: Server, tablets: MakeTablet) -> None:
    tablet = tablets()
    page = ready(tablet, "binh", item_path())
    page.add_init_script("navigator.storage.estimate = () => Promise.resolve({ quota: 1e9, usage: 1e9 - 5e6 });")
    page.reload()
    page.get_by_test_id("file").set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    expect(page.get_by_test_id("notice")).to_contain_text("máy chỉ còn khoảng 5 MB trống")
    expect(page.get_by_test_id("proof")).to_have_count(0)


def test_position_is_recorded_only_where_it_was_switched_on(world: World, server: Server, tablets: MakeTablet) -> None:
    tablet = with_camera(tablets())
    page = ready(tablet, "binh", item_path())
    assert tablet.context is not None
    tablet.context.grant_permissions(["geolocation", "camera"])
    tablet.context.set_geolocation({"latitude": 10.457211, "longitude": 105.632111, "accuracy": 12})
    camera(page)
    shoot(page, 1)
    page.get_by_test_id("position").click()
    expect(page.get_by_test_id("position")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("no-fix")).to_have_count(0)
    shoot(page, 2)
    page.get_by_test_id("camera-done").click()
    synced(page)
    where = [value.get("position") for value in evidence(world)]
    assert where.count(None) == 1
    assert {"lat": "10.457211", "lon": "105.632111", "accuracy": 12, "source": "device"} in where


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
def test_camera_and_editor_have_no_fault_that_axe_finds(
    server: Server, tablets: MakeTablet, size: tuple[int, int], tmp_path: Path
) -> None:
    page = ready(with_camera(tablets(size)), "binh", item_path())
    camera(page)
    shoot(page, 1)
    found = [violation["id"] for violation in Axe().run(page).response["violations"]]
    page.get_by_test_id("cover-it").click()
    page.get_by_test_id("tool-text").click()
    found += [violation["id"] for violation in Axe().run(page).response["violations"]]
    page.get_by_test_id("layer-done").click()
    expect(page.get_by_test_id("proof")).to_be_visible()
    found += [violation["id"] for violation in Axe().run(page).response["violations"]]
    assert found == []
