"""The fonts of issued papers: where they lie, which letters they have, how wide a text runs.

Tinos has the metrics of Times New Roman, which NĐ 30/2020/NĐ-CP, Phụ lục I, asks for, and every Vietnamese
letter; the symbols ☐ ☑ ✓ come from Noto Sans Symbols 2. The files are put here when the product is built.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, cast

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont, TTFontFace

DIRECTORY = Path(__file__).parent / "fonts"

REGULAR = "Tinos"
BOLD = "Tinos-Bold"
ITALIC = "Tinos-Italic"
BOLD_ITALIC = "Tinos-BoldItalic"
SYMBOLS = "NotoSansSymbols2"

FILES = {
    REGULAR: "Tinos_400Regular.ttf",
    BOLD: "Tinos_700Bold.ttf",
    ITALIC: "Tinos_400Regular_Italic.ttf",
    BOLD_ITALIC: "Tinos_700Bold_Italic.ttf",
    SYMBOLS: "NotoSansSymbols2_400Regular.ttf",
}

_lock, _reading = Lock(), Lock()


class FontsMissingError(RuntimeError):
    """The font files are not there or cannot be read, so no paper can be drawn."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"Thiếu phông chữ {', '.join(names)} trong thư mục {DIRECTORY.name}/ của phần báo cáo nên chưa "
            "thể dựng văn bản; hãy chạy lại lệnh “make setup” (cần mạng) rồi thử lại."
        )
        self.names = names


class _Face(TTFontFace):
    """A face that several threads may draw with: ReportLab reads a face's file with one position for all of them."""

    def makeSubset(self, subset: Any) -> bytes:  # noqa: N802 - ReportLab's name
        with _reading:
            return bytes(super().makeSubset(subset))


@cache
def _register() -> None:
    missing = [name for name in FILES.values() if not (DIRECTORY / name).is_file()]
    if missing:
        raise FontsMissingError(missing)
    for face, name in FILES.items():
        try:
            # Shaping overflows justified lines that hold a no-break space.
            font = TTFont(face, str(DIRECTORY / name), shapable=False)
            font.face.__class__ = _Face
            pdfmetrics.registerFont(font)
        except (TTFError, OSError) as error:
            raise FontsMissingError([name]) from error
    pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, ITALIC, BOLD_ITALIC)
    pdfmetrics.registerFontFamily(SYMBOLS, SYMBOLS, SYMBOLS, SYMBOLS, SYMBOLS)


def load_fonts() -> None:
    """Make the faces known to ReportLab, once per process.

    Raises:
        FontsMissingError: a file is missing or broken.
    """
    with _lock:
        _register()


def postscript_name(face: str) -> str:
    """The face's own name, as a PDF carries it after the subset's tag."""
    load_fonts()
    name = cast("TTFont", pdfmetrics.getFont(face)).face.name
    return name.decode("ascii") if isinstance(name, bytes) else str(name)


@cache
def letters(face: str) -> frozenset[str]:
    """The characters that a face can draw."""
    load_fonts()
    font = cast("TTFont", pdfmetrics.getFont(face))
    return frozenset(map(chr, font.face.charToGlyph))


def text_width(text: str, face: str, size: float) -> float:
    """The width in points of a text on one line."""
    load_fonts()
    return float(pdfmetrics.stringWidth(text, face, size))
