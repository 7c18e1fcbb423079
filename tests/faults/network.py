"""Faults of the way to the server: what it loses, what it doubles, what answers in the server's place."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable

from tests.faults.acts import Act, attempt
from tests.faults.proxy import ROUTES, Rule
from tests.faults.tablet import Chromium
from tests.faults.trial import Ground, Trial

Kind = Callable[[Ground, int], Trial]
JSON = "application/json"
STATUSES = (301, 302, 401, 403, 413, 500, 503)
CODES = {401: "not_signed_in", 403: "forbidden", 413: "too_large", 500: "internal", 503: "unavailable"}


def spoiled(trial: Trial, *rules: Rule) -> Trial:
    """Work goes on while requests are spoiled; then the way is clear again."""
    with trial.running() as tablet:
        trial.begin(tablet)
        acts = trial.script()
        moment = trial.rng.randrange(len(acts))
        person = trial.person(tablet)
        attempt(person, acts[:moment])
        trial.proxy.spoil(*rules)
        attempt(person, acts[moment:])
        try_to_send(trial, tablet)
        trial.before_mending()
        trial.proxy.heal()
        mend(trial, tablet)
    return trial


def try_to_send(trial: Trial, tablet: Chromium) -> None:
    """What can be sent in this weather is sent; the person leaves the place before."""
    person = trial.person(tablet)
    acts = [act for act in trial.record.acts() if act.kind != "sync"]
    if acts:
        attempt(person, [Act("leave", acts[-1].place), Act("sync", acts[-1].place)])
    tablet.evaluate("() => new Promise((done) => setTimeout(done, 150))")


def mend(trial: Trial, tablet: Chromium) -> None:
    """Sometimes the page is opened anew, sometimes it just goes on."""
    if trial.rng.random() < 0.5:
        tablet.restart()
    trial.survived(tablet)
    if "/inspection/" not in str(tablet.evaluate("() => location.pathname")):
        tablet.open(f"/field/inspection/{trial.inspection}")
    trial.finish(tablet)


def status(code: int) -> Kind:
    """A status on one route or all, with our error's shape or a stranger's page."""

    def trial(ground: Ground, seed: int) -> Trial:
        made = Trial(ground, seed)
        route = made.rng.choice([*ROUTES, "api"])
        ours = json.dumps({"error": {"code": CODES.get(code, "x"), "message": "Bị từ chối.", "details": {}}}).encode()
        shapes = [{"body": ours, "kind": JSON}] if code in CODES else []
        shape = made.rng.choice([*shapes, {}])
        times = made.rng.choice([1, 2, 1_000_000])
        return spoiled(made, Rule(route, "status", times, status=code, **shape))

    return trial


def html_for_json(ground: Ground, seed: int) -> Trial:
    """200 with somebody's page on one route of ours, once or always."""
    trial = Trial(ground, seed)
    rule = Rule(trial.rng.choice(list(ROUTES)), "status", trial.rng.choice([1, 1_000_000]), status=200)
    return spoiled(trial, rule)


def strange_json(ground: Ground, seed: int) -> Trial:
    """200 with JSON that is not what was asked for."""
    trial = Trial(ground, seed)
    body = trial.rng.choice([b"{}", b"[]", b"null", b'{"results":[]}', b'{"ok":true}', b'{"entries":[]}'])
    route = trial.rng.choice(list(ROUTES))
    return spoiled(trial, Rule(route, "status", trial.rng.choice([1, 1_000_000]), status=200, body=body, kind=JSON))


def captive_portal(ground: Ground, seed: int) -> Trial:
    """200 with the portal's page for everything, the shell and the worker too; the person opens anew."""
    trial = Trial(ground, seed)
    with trial.running() as tablet:
        trial.begin(tablet)
        acts = trial.script()
        moment = trial.rng.randrange(len(acts))
        attempt(trial.person(tablet), acts[:moment])
        trial.proxy.spoil(Rule("all", "status", status=200))
        tablet.evaluate(
            "() => navigator.serviceWorker.getRegistration('/field/').then((r) => r.update()).catch(() => 0)"
        )
        if trial.rng.random() < 0.5:
            tablet.restart(f"/field/inspection/{trial.inspection}")
        attempt(trial.person(tablet), acts[moment:])
        try_to_send(trial, tablet)
        trial.before_mending()
        trial.proxy.heal()
        mend(trial, tablet)
    return trial


def broken(how: str, *routes: str) -> Kind:
    """A connection that breaks in one of the ways of the proxy, once or a few times."""

    def trial(ground: Ground, seed: int) -> Trial:
        made = Trial(ground, seed)
        return spoiled(made, Rule(made.rng.choice(routes), how, made.rng.choice([1, 2, 4])))

    return trial


def unreachable(ground: Ground, seed: int) -> Trial:
    """No answer at all, while the work goes on."""
    trial = Trial(ground, seed)
    return spoiled(trial, Rule("all", "drop_request"))


def server_killed(ground: Ground, seed: int) -> Trial:
    """The server is killed at a chance moment of a sync and started again."""
    trial = Trial(ground, seed)
    with trial.running() as tablet:
        trial.begin(tablet)
        acts = trial.script()
        trial.proxy.spoil(Rule("all", "drop_request"))
        attempt(trial.person(tablet), acts)
        trial.proxy.heal()
        killer = threading.Timer(trial.rng.uniform(0.0, 0.25), trial.stage.server.stop, [signal.SIGKILL])
        killer.start()
        try_to_send(trial, tablet)
        killer.join()
        trial.before_mending()
        trial.stage.server.start()
        mend(trial, tablet)
    return trial


def upgraded_while_typing(ground: Ground, seed: int) -> Trial:
    """The server goes down and comes back between two acts, as an upgrade does."""
    trial = Trial(ground, seed)
    with trial.running() as tablet:
        trial.begin(tablet)
        acts = trial.script()
        moment = trial.rng.randrange(len(acts))
        attempt(trial.person(tablet), acts[:moment])
        trial.stage.server.stop()
        attempt(trial.person(tablet), acts[moment : moment + 2])
        trial.stage.server.start()
        attempt(trial.person(tablet), acts[moment + 2 :])
        trial.before_mending()
        mend(trial, tablet)
    return trial


NETWORK: dict[str, Kind] = {
    **{f"http_{code}": status(code) for code in STATUSES},
    "html_200": html_for_json,
    "strange_json": strange_json,
    "captive_portal": captive_portal,
    "lost_request": broken("drop_request", "push", "evidence", "receipt"),
    "lost_acknowledgement": broken("drop_answer", "push", "evidence", "receipt"),
    "half_upload": broken("half_request", "evidence", "push"),
    "half_answer": broken("half_answer", "pull", "push", "receipt", "session"),
    "doubled": broken("twice", "push", "evidence", "receipt"),
    "unreachable": unreachable,
    "server_killed": server_killed,
    "server_upgraded": upgraded_while_typing,
}
