"""What a browser would send of a page's form, if nobody touched it."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    """Collects the fields of the form that is guarded against lost typing."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.fields: dict[str, list[str]] = {}
        self.select: str | None = None
        self.first: str | None = None
        self.chosen = False
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.inside = "data-guard" in found
        if not self.inside:
            return
        if tag == "input":
            self._input(found)
        elif tag == "select":
            self.select, self.first, self.chosen = found["name"], None, False
        elif tag == "option" and self.select:
            self._option(found)
        elif tag == "textarea":
            self.area = found["name"]
            self.fields[str(self.area)] = [""]

    def _input(self, found: dict[str, str | None]) -> None:
        box = found.get("type") in {"checkbox", "radio"}
        if not box or "checked" in found:
            self.fields.setdefault(str(found["name"]), []).append(found.get("value") or "")

    def _option(self, found: dict[str, str | None]) -> None:
        value = found.get("value") or ""
        if self.first is None:
            self.first = value
        if "selected" in found:
            self.fields[str(self.select)] = [value]
            self.chosen = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            if not self.chosen and self.first is not None:
                self.fields[self.select] = [self.first]
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area] = [self.fields[self.area][0] + data.removeprefix("\r\n").removeprefix("\n")]


def untouched(page: str) -> dict[str, list[str]]:
    """The fields of a page's form as they stand."""
    form = _Form()
    form.feed(page)
    return form.fields
