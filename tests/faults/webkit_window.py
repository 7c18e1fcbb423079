"""A WebKit window that obeys lines of JSON on its standard input; runs under the system's own Python.

``gi`` comes with the system (gir1.2-webkit2-4.1), so this file imports nothing of ours. Every line in is
``{"do": …, "id": …}``; every line out is ``{"done": …}`` or ``{"failed": …}`` with the order's ``id``, or
``{"claimed": …}``.
"""

import json
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402


class Window:
    """One view with a profile of its own on the disk."""

    def __init__(self, profile: str, script: str) -> None:
        manager = WebKit2.WebsiteDataManager(
            base_data_directory=f"{profile}/data", base_cache_directory=f"{profile}/cache"
        )
        context = WebKit2.WebContext.new_with_website_data_manager(manager)
        jar = manager.get_cookie_manager()
        jar.set_persistent_storage(f"{profile}/cookies.sqlite", WebKit2.CookiePersistentStorage.SQLITE)
        content = WebKit2.UserContentManager()
        content.register_script_message_handler("claimed")
        content.connect("script-message-received::claimed", self.claimed)
        top, start = WebKit2.UserContentInjectedFrames.TOP_FRAME, WebKit2.UserScriptInjectionTime.START
        content.add_script(WebKit2.UserScript(script, top, start, None, None))
        self.view = WebKit2.WebView(web_context=context, user_content_manager=content)
        self.view.connect("run-file-chooser", self.choose)
        self.view.connect("permission-request", self.permit)
        self.view.connect("load-changed", self.loaded)
        self.files: list[str] = []
        self.opening = None
        window = Gtk.Window(default_width=820, default_height=1180)
        window.add(self.view)
        window.show_all()

    def say(self, **what: object) -> None:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()

    def claimed(self, _content: object, result: object) -> None:
        self.say(claimed=result.get_js_value().to_string())

    def choose(self, _view: object, request: object) -> bool:
        request.select_files(self.files)
        return True

    def permit(self, _view: object, request: object) -> bool:
        request.allow()
        return True

    def loaded(self, _view: object, event: object) -> None:
        if event == WebKit2.LoadEvent.FINISHED and self.opening is not None:
            self.say(done=True, id=self.opening)
            self.opening = None

    def obey(self, line: str) -> None:
        order = json.loads(line)
        if order["do"] == "open":
            self.opening = order["id"]
            self.view.load_uri(order["url"])
        elif order["do"] == "files":
            self.files = order["paths"]
            self.say(done=True, id=order["id"])
        elif order["do"] == "evaluate":
            body = f"return JSON.stringify((await ({order['script']})({json.dumps(order['argument'])})) ?? null)"
            self.view.call_async_javascript_function(body, -1, None, None, None, None, self.answered, order["id"])

    def answered(self, view: object, result: object, number: int) -> None:
        try:
            self.say(done=json.loads(view.call_async_javascript_function_finish(result).to_string()), id=number)
        except GLib.Error as error:
            self.say(failed=error.message, id=number)


def main() -> None:
    """Read orders until the other end is gone."""
    window = Window(sys.argv[1], sys.argv[2])

    def read(channel: GLib.IOChannel, condition: GLib.IOCondition) -> bool:
        line = sys.stdin.readline()
        if not line:
            Gtk.main_quit()
            return False
        window.obey(line)
        return True

    GLib.io_add_watch(
        GLib.IOChannel.unix_new(0), GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN | GLib.IOCondition.HUP, read
    )
    window.say(done="ready", id=0)
    Gtk.main()


main()
