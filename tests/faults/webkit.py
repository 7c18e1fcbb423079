"""A tablet whose browser is WebKit, as on an iPad: the same face as the Chromium one."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.faults.page import RECORDER
from tests.faults.tablet import PATIENCE_MS, Claimed, LostError

SYSTEM_PYTHON = "/usr/bin/python3"
WINDOW = Path(__file__).with_name("webkit_window.py")
ONE = '(document.querySelectorAll(`[data-testid="${id}"]`))'
CLICK = f"""({{ id }}) => {{
  const found = [...{ONE}].at(-1);
  if (!found || found.disabled) return false;
  found.click();
  return true;
}}"""
FILL = f"""({{ id, text }}) => {{
  const found = [...{ONE}].at(-1);
  if (!found) return false;
  found.focus();
  const kind = found.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(found, text);
  found.dispatchEvent(new InputEvent("input", {{ bubbles: true }}));
  found.blur();
  return true;
}}"""


@cache
def missing() -> str:
    """What this machine lacks for WebKit trials; empty where it lacks nothing."""
    if shutil.which("Xvfb") is None:
        return "Xvfb is not installed (apt-get install xvfb)"
    probe = "import gi; gi.require_version('WebKit2', '4.1'); from gi.repository import WebKit2"
    done = subprocess.run([SYSTEM_PYTHON, "-c", probe], capture_output=True, check=False)
    return "" if done.returncode == 0 else "WebKit is not installed (apt-get install gir1.2-webkit2-4.1 python3-gi)"


@contextmanager
def display() -> Iterator[str]:
    """A screen that nobody sees."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1300x1300x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        os.close(write)
        try:
            with os.fdopen(read) as number:
                yield f":{number.readline().strip()}"
        finally:
            server.terminate()


class WebKit:
    """One device: its profile outlives its window."""

    def __init__(self, url: str, claimed: Claimed, profile: Path, screen: str) -> None:
        self.url = url
        self.claimed = claimed
        self.profile = profile
        self.screen = screen
        self.process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._number = 0

    def open(self, path: str = "/field/") -> None:
        if self.process is None:
            self._start()
        self._order(do="open", url=self.url + path)

    def _start(self) -> None:
        self.profile.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "DISPLAY": self.screen,
            "GDK_BACKEND": "x11",
            "LANG": "C.UTF-8",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            "NO_AT_BRIDGE": "1",
        }
        self._answers = queue.Queue()
        with (self.profile / "window.log").open("ab") as log:
            self.process = subprocess.Popen(
                [SYSTEM_PYTHON, str(WINDOW), str(self.profile), RECORDER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment,
                start_new_session=True,
            )
        self._listener = threading.Thread(target=self._listen, args=(self.process, self._answers), daemon=True)
        self._listener.start()
        self._answer(0, 30)

    def _listen(self, process: subprocess.Popen[str], answers: queue.Queue[dict[str, Any]]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            self._sort(lines, answers)

    def _sort(self, lines: Iterable[str], answers: queue.Queue[dict[str, Any]]) -> None:
        for line in lines:
            # A killed window may leave half a line behind.
            if not line.endswith("}\n"):
                break
            said = json.loads(line)
            if "claimed" in said:
                self.claimed(json.loads(said["claimed"]))
            else:
                answers.put(said)
        answers.put({"failed": "the window is gone"})

    def _answer(self, number: int, seconds: float = PATIENCE_MS / 1000) -> Any:
        while True:
            try:
                said = self._answers.get(timeout=seconds)
            except queue.Empty as error:
                raise LostError("the window does not answer") from error
            # An order that a page load overtook is answered late, or never.
            if said.get("id", number) == number:
                break
        if "failed" in said:
            raise LostError(said["failed"])
        return said["done"]

    def _order(self, **order: Any) -> Any:
        if self.process is None or self.process.stdin is None:
            raise LostError("no window")
        self._number += 1
        try:
            self.process.stdin.write(json.dumps({**order, "id": self._number}) + "\n")
            self.process.stdin.flush()
        except OSError as error:
            raise LostError(str(error)) from error
        return self._answer(self._number)

    def evaluate(self, script: str, argument: Any = None) -> Any:
        return self._order(do="evaluate", script=script, argument=argument)

    def kill(self) -> None:
        """SIGKILL to the window and all of WebKit's processes."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it for good; WebKit's own processes end with the window."""
        if self.process is None:
            return
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait(5)
        self._listener.join(5)
        self.process = None

    def restart(self, path: str = "/field/") -> None:
        self.close()
        self.open(path)

    # What a person does.

    def click(self, test_id: str) -> None:
        self._until(CLICK, {"id": test_id})

    def fill(self, test_id: str, text: str) -> None:
        self._until(FILL, {"id": test_id, "text": text})

    def _until(self, script: str, argument: dict[str, str]) -> None:
        wait = f"""async (given) => {{
          for (let n = 0; n < 150; n++) {{
            if (({script})(given)) return true;
            await new Promise((done) => setTimeout(done, 30));
          }}
          return false;
        }}"""
        if not self.evaluate(wait, argument):
            raise LostError(f"not there: {argument}")

    def upload(self, test_id: str, name: str, content: bytes) -> None:
        file = self.profile / "files" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self._order(do="files", paths=[str(file)])
        self.click(test_id)

    def count(self, test_id: str) -> int:
        return int(self.evaluate(f"({{ id }}) => {ONE}.length", {"id": test_id}))

    def text(self, test_id: str) -> str:
        return str(self.evaluate(f"({{ id }}) => {ONE}[0]?.innerText ?? ''", {"id": test_id}))
