"""``/api/openapi.json``: OpenAPI 3.1 with the schemas of every journal value, made from the same models.

The tablet's TypeScript types come from this document.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.journal.kinds import Kind
from app.kinds import REGISTRY
from app.tablets.shapes import TabletReport
from app.web import answer, public
from checklists.model import Pack

blueprint = Blueprint("openapi", __name__, url_prefix="/api")

_ID = {"type": "string", "format": "uuid"}
_STRING = {"type": "string"}
_INTEGER = {"type": "integer"}
_DEVICE = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,63}$"}
_SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


@blueprint.get("/openapi.json")
@public
def show() -> Response:
    """The description of this API."""
    return answer(openapi())


@cache
def openapi() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "kiemtra", "version": version("kiemtra"), "description": _DESCRIPTION},
        "servers": [{"url": "/"}],
        "security": [{"session": [], "csrf": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "kiemtra"},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
            },
            "schemas": _schemas(),
        },
    }


_DESCRIPTION = (
    "Everything that anybody does is one entry of a journal. A device makes entries, pushes them in batches and "
    "pulls those of others; bytes of evidence travel by their SHA-256. The API is additive only. The header X-Device "
    "names the tablet; one that was reported lost is refused with 403 tablet_revoked."
)


def _schemas() -> dict[str, Any]:
    models: set[type[BaseModel]] = {Pack, TabletReport}
    models |= {model for kind in REGISTRY.kinds for model in kind.shapes.values()}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, generated = models_json_schema(
        [(model, "validation") for model in ordered], ref_template="#/components/schemas/{model}"
    )
    return {
        **generated["$defs"],
        "Error": _object(error=_object(code=_STRING, message=_STRING, details={"type": "object"})),
        "Entry": _entry(),
        "StoredEntry": {
            "allOf": [
                {"$ref": "#/components/schemas/Entry"},
                _object(seq=_INTEGER, received_at={"type": "string", "format": "date-time"}, uploader=_STRING),
            ]
        },
        "Result": _object(
            id={"type": ["string", "null"]},
            status={"enum": ["stored", "known", "refused"]},
            code=_STRING,
            message=_STRING,
        ),
        "Head": _object(seq=_INTEGER, hash=_STRING),
        "Session": _session(),
        "InspectionSummary": _object(
            id=_STRING,
            title=_STRING,
            unit=_STRING,
            unit_name=_STRING,
            dates=_list({"type": "string", "format": "date"}),
            kind=_STRING,
            document_kind=_STRING,
            state={"enum": ["open", "signed", "registered", "replaced"]},
            opened={"anyOf": [_ref("FieldOpening"), {"type": "null"}]},
        ),
        "Bundle": _bundle(),
        "CampaignLine": _object(id=_STRING, title=_STRING, year=_INTEGER, may_open={"type": "boolean"}),
        "CampaignBundle": _campaign_bundle(),
        "Receipt": _receipt(),
    }


def _entry() -> dict[str, Any]:
    subjects = [_subject_of(kind) for kind in REGISTRY.kinds]
    return {
        **_object(
            id=_ID,
            subject={"type": "string", "description": "One of:\n" + "\n".join(subjects)},
            v={"type": "integer", "minimum": 1},
            value={"description": "The whole new value by the subject's shape; null withdraws. No floats."},
            author=_STRING,
            device=_STRING,
            made_at={"type": "string", "format": "date-time"},
            supersedes=_list(_ID),
        ),
        "x-subjects": [
            {
                "pattern": kind.pattern.pattern.replace("(?P<", "(?<"),
                "class": kind.subject_class.value,
                "shapes": {str(v): {"$ref": f"#/components/schemas/{m.__name__}"} for v, m in kind.shapes.items()},
            }
            for kind in REGISTRY.kinds
        ],
    }


def _subject_of(kind: Kind) -> str:
    shapes = ", ".join(f"v{v} {model.__name__}" for v, model in kind.shapes.items())
    return f"- {kind.name} ({kind.subject_class.value}; {shapes})"


def _session() -> dict[str, Any]:
    account = _object(id=_STRING, name=_STRING, username=_STRING, role=_STRING, unit={"type": ["string", "null"]})
    moment = {"type": "string", "format": "date-time"}
    return _object(account=account, csrf_token=_STRING, server_time=moment, version=_STRING)


def _finding() -> dict[str, Any]:
    return _object(
        inspection=_STRING,
        remedy=_STRING,
        title=_STRING,
        date=_STRING,
        sentence=_STRING,
        due={"type": ["string", "null"]},
        item={"type": ["string", "null"]},
        site={"type": ["string", "null"]},
    )


def _campaign_bundle() -> dict[str, Any]:
    day = {"type": "string", "format": "date"}
    profile = _object(id=_STRING, name=_STRING, level=_STRING, sites=_list(_ref("Site")), terms={"type": "object"})
    profile["properties"] |= dict.fromkeys(("parent", "code", "address"), _STRING)
    return _object(
        campaign=_object(id=_STRING, value=_ref("CampaignValue"), entry=_ID),
        may_open={"type": "boolean"},
        units=_list(profile),
        issuer={"type": "object"},
        people=_list(_object(account=_STRING, name=_STRING, position=_STRING)),
        checklists=_list(_ref("Pack")),
        open_findings={"type": "object", "additionalProperties": _list(_finding())},
        inspections=_list(_object(id=_STRING, unit=_STRING, title=_STRING, dates=_list(day))),
        limits=_limits(),
        day=day,
        server_time={"type": "string", "format": "date-time"},
    )


def _limits() -> dict[str, Any]:
    return _object(batch_entries=_INTEGER, batch_bytes=_INTEGER, evidence_bytes=_INTEGER, photo_longest_edge=_INTEGER)


def _bundle() -> dict[str, Any]:
    setup = {"$ref": "#/components/schemas/SetupValue"}
    return _object(
        inspection=_object(id=_STRING, setup=setup, setup_entry=_ID),
        unit={"type": "object"},
        issuer={"type": "object"},
        members=_list({"$ref": "#/components/schemas/Member"}),
        functions=_list(_STRING),
        checklists=_list({"$ref": "#/components/schemas/Pack"}),
        open_findings=_list(_finding()),
        limits=_limits(),
        fact_day={"type": "string", "format": "date"},
        server_time={"type": "string", "format": "date-time"},
    )


def _receipt() -> dict[str, Any]:
    return _object(
        missing=_object(entries=_list(_ID), evidence=_list(_SHA256)),
        quarantined=_list(_object(id=_STRING, code=_STRING, message=_STRING)),
        held=_object(entries=_INTEGER, evidence=_INTEGER),
        head={"$ref": "#/components/schemas/Head"},
    )


def _paths() -> dict[str, Any]:
    inspection = _parameter("id", "path", _STRING)
    sha256 = _parameter("sha256", "path", _SHA256)
    pull = _object(entries=_list({"$ref": "#/components/schemas/StoredEntry"}), next=_STRING, more={"type": "boolean"})
    return {
        "/api/session": {
            "get": _operation("Who is signed in", _ref("Session"), errors=(401,)),
            "post": {
                **_operation(
                    "Sign in", _ref("Session"), _object(username=_STRING, password=_STRING), errors=(400, 401)
                ),
                "security": [],
            },
            "delete": _operation("Sign out", {"type": "object"}, errors=(401,)),
        },
        "/api/inspections": {"get": _operation("Inspections of the account", _list(_ref("InspectionSummary")))},
        "/api/campaigns": {"get": _operation("Running campaigns of the account", _list(_ref("CampaignLine")))},
        "/api/campaigns/{id}/bundle": {
            "parameters": [inspection],
            "get": _operation(
                "All that a tablet needs to open an inspection offline; gzip where the client takes it",
                _ref("CampaignBundle"),
                errors=(401, 403, 404),
            ),
        },
        "/api/inspections/{id}/bundle": {
            "parameters": [inspection],
            "get": _operation("All that a tablet needs offline", _ref("Bundle"), errors=(401, 403, 404)),
        },
        "/api/inspections/{id}/receipt": {
            "parameters": [inspection],
            "post": _operation(
                "What the server does not hold of a tablet's set",
                _ref("Receipt"),
                _object(entries=_list(_ID), evidence=_list(_SHA256)),
                errors=(400, 401, 403, 404, 413),
            ),
        },
        "/api/sync/push": {
            "post": _operation(
                "Push a batch of at most 500 entries and 4 MB (both configurable)",
                _object(results=_list(_ref("Result"))),
                _object(entries=_list(_ref("Entry"))),
                errors=(400, 401, 403, 413),
            )
        },
        "/api/sync/pull": {
            "get": {
                **_operation("Entries after a cursor", pull, errors=(400, 401, 403, 404, 409)),
                "parameters": [
                    _parameter("inspection", "query", _STRING),
                    {**_parameter("after", "query", _STRING), "required": False},
                    {**_parameter("limit", "query", {"type": "integer", "maximum": 1000}), "required": False},
                ],
            }
        },
        "/api/evidence/{sha256}": {
            "parameters": [sha256],
            "put": _put_evidence(),
            "get": {
                **_bytes(
                    "The bytes, for those who may see an entry that speaks of them; nho: a photo's smaller copy with "
                    "what was drawn and covered on it"
                ),
                "parameters": [{**_parameter("nho", "query", _STRING), "required": False}],
            },
            "head": _bytes("Whether the server holds the bytes"),
        },
        "/api/tablets/{device}": {
            "parameters": [_parameter("device", "path", _DEVICE)],
            "put": _operation(
                "A tablet reports what it holds, before and after each sync",
                _object(kept=_list(_STRING)),
                _ref("TabletReport"),
                errors=(400, 401, 403, 413),
            ),
        },
        "/healthz": {"get": {**_operation("Alive", _object(status=_STRING)), "security": []}},
    }


def _put_evidence() -> dict[str, Any]:
    operation = _operation(
        "Store bytes under their hash", _object(sha256=_SHA256, status=_STRING), errors=(401, 403, 413, 422)
    )
    operation["responses"]["201"] = operation["responses"]["200"]
    operation["requestBody"] = {"required": True, "content": {"application/octet-stream": {}}}
    return operation


def _bytes(summary: str) -> dict[str, Any]:
    return {"summary": summary, "responses": {"200": {"description": "Bytes"}, **_errors((401, 404))}}


def _operation(
    summary: str, result: dict[str, Any], body: dict[str, Any] | None = None, errors: tuple[int, ...] = (401,)
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": summary,
        "responses": {"200": {"description": "Done", "content": _json(result)}, **_errors(errors)},
    }
    if body is not None:
        operation["requestBody"] = {"required": True, "content": _json(body)}
    return operation


def _errors(statuses: tuple[int, ...]) -> dict[str, Any]:
    return {str(status): {"description": "Refused", "content": _json(_ref("Error"))} for status in statuses}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _parameter(name: str, place: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": True, "schema": schema}
