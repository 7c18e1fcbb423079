"""Page images of papers held against references: ``python -m tests.reports.images`` makes the references anew.

Pages are rasterised by poppler, in grey. Two pictures are the same if, both slightly blurred, no point differs by
more than ``TOLERANCE`` of 255 levels: another way of smoothing edges passes, a line or a rule that stands 2 mm lower
does not (``test_images.py`` shows both).
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageOps

from tests.reports.sample_papers import drawn_papers

DPI = 50
TOLERANCE = 68
SHADES = 16
_BLUR = 1.2  # pixels
ROOT = Path(__file__).parents[2]
REFERENCES = Path(__file__).with_name("pages")
DIFFERENCES = ROOT / "build/page-differences"


def rasterised(pdf: bytes, pages: Sequence[int], dpi: int = DPI, *options: str) -> Iterator[Image.Image]:
    """Pages of a PDF, counted from 1, as grey pictures; -1 is the last."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "paper.pdf")
        path.write_bytes(pdf)
        for page in pages:
            number = str(page if page > 0 else page_count(path) + 1 + page)
            command = ["pdftoppm", "-r", str(dpi), "-gray", "-f", number, "-l", number, *options, str(path)]
            done = subprocess.run(command, check=True, capture_output=True, timeout=60)
            picture = Path(folder, "page.pgm")
            picture.write_bytes(done.stdout)
            with Image.open(picture) as image:
                yield image.convert("L")


def page_count(path: Path) -> int:
    """How many pages a PDF has."""
    told = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, timeout=60).stdout.decode()
    return int(next(line for line in told.splitlines() if line.startswith("Pages:")).split()[1])


def small(image: Image.Image) -> Image.Image:
    """The picture in few shades of grey, as references are kept."""
    step = 255 / (SHADES - 1)
    return image.point([round(round(level / step) * step) for level in range(256)])


def difference(reference: Image.Image, image: Image.Image) -> tuple[int, Image.Image]:
    """The largest difference of two pictures, slightly blurred, and where they differ."""
    if reference.size != image.size:
        return 255, Image.new("L", image.size, 255)
    blurred = [one.filter(ImageFilter.GaussianBlur(_BLUR)) for one in (reference, image)]
    apart = ImageChops.difference(*blurred)
    return int(apart.getextrema()[1]), apart


def shown(reference: Image.Image, image: Image.Image, apart: Image.Image) -> Image.Image:
    """Reference, new page, and the new page with what differs in red, beside each other."""
    size = (max(reference.width, image.width), max(reference.height, image.height))
    sheet = Image.new("RGB", (3 * size[0] + 20, size[1]), "grey")
    marked = Image.composite(
        Image.new("RGB", image.size, "red"), ImageOps.colorize(image, "black", "white"), apart.point(lambda x: x * 4)
    )
    for place, one in enumerate((reference.convert("RGB"), image.convert("RGB"), marked)):
        sheet.paste(one, (place * (size[0] + 10), 0))
    return sheet


def make_references(folder: Path = REFERENCES) -> list[Path]:
    """Draw all references anew; what is no reference any more is taken away."""
    folder.mkdir(exist_ok=True)
    made = []
    for name, pdf, pages in drawn_papers():
        for page, image in zip(pages, rasterised(pdf, pages), strict=True):
            target = folder / file_name(name, page)
            made.append(target)
            if not _still_good(target, image):
                small(image).quantize(SHADES).save(target, optimize=True)
    for old in set(folder.glob("*.png")) - set(made):
        old.unlink()
    return made


def _still_good(reference: Path, image: Image.Image) -> bool:
    """A reference that differs by hardly anything stays, so that a change shows only what it changed."""
    if not reference.exists():
        return False
    with Image.open(reference) as old:
        return difference(old.convert("L"), image)[0] <= TOLERANCE // 4


def file_name(paper: str, page: int) -> str:
    """The reference of a page; the last page is called so."""
    return f"{paper}-{page if page > 0 else 'last'}.png"


if __name__ == "__main__":
    for path in make_references():
        print(path.relative_to(ROOT))
