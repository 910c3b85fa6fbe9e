# mypy: allow-untyped-decorators
"""A small service that uses every part of the kit: the tests' and the pictures' subject."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from shared.errors import AlreadyDone, Conflict, InvalidInput, Stale, Unavailable
from shared.events import RequestCause
from shared.web.access import allow, applicant, public, site_client, staff
from shared.web.api import ApiBlueprint
from shared.web.app import NavLink, build_app
from shared.web.forms import Form, render_form
from shared.web.idempotency import idempotent
from shared.web.language import gettext as _
from shared.web.language import lazy as _l
from shared.web.limits import body_limit
from shared.web.principal import current_principal, require_site
from shared.web.purpose import asks_purpose
from shared.web.settings import Issuer, WebSettings
from shared.web.streams import StreamEvent, event_stream
from shared.web.versions import require_version, versioned, with_etag

SECRET = b"a secret of the tests, 32 bytes."
NAMES: dict[str, str] = {}
DONE: dict[str, str] = {}


class PlateSchema(Schema):
    plate = fields.String(
        required=True,
        validate=validate.Length(max=10),
        metadata={"label": _l("License plate")},
    )
    country = fields.String(
        load_default="US",
        validate=validate.OneOf(["US", "MX"]),
        metadata={
            "label": _l("Country"),
            "choices": [("US", _l("United States")), ("MX", _l("Mexico"))],
        },
    )


class PersonSchema(Schema):
    given_names = fields.String(
        required=True,
        validate=validate.Length(max=50),
        metadata={"label": _l("Given names"), "hint": _l("As in your passport")},
        error_messages={"required": _l("Enter your given names.")},
    )
    birth_date = fields.Date(required=True, metadata={"label": _l("Date of birth")})
    email = fields.Email(metadata={"label": _l("E-mail address")}, allow_none=True)
    program = fields.String(
        required=True,
        validate=validate.OneOf(["sentri", "nexus"]),
        metadata={
            "label": _l("Program"),
            "choices": [("sentri", _l("Southern land border")), ("nexus", _l("Northern border"))],
        },
    )
    convicted = fields.Boolean(
        required=True,
        metadata={
            "label": _l("Have you ever been convicted of an offense?"),
            "choices": [("yes", _l("Yes")), ("no", _l("No"))],
        },
    )
    languages = fields.List(
        fields.String(validate=validate.OneOf(["en", "es"])),
        metadata={
            "label": _l("Languages"),
            "choices": [("en", _l("English")), ("es", _l("Spanish"))],
        },
    )
    remarks = fields.String(
        validate=validate.Length(max=20), metadata={"label": _l("Remarks")}, load_default=""
    )
    picture = fields.Raw(metadata={"label": _l("Picture"), "hint": _l("JPEG, at most 2 MB")})
    vehicles = fields.List(
        fields.Nested(PlateSchema), load_default=list, metadata={"label": _l("Vehicles")}
    )
    true = fields.Boolean(
        required=True,
        validate=validate.Equal(True),  # noqa: FBT003 - the validator's argument is a value
        metadata={"label": _l("I declare that all of this is true")},
    )


class PictureSchema(Schema):
    picture = fields.Raw(required=True, metadata={"label": _l("Picture")})


class ThingIn(Schema):
    name = fields.String(required=True, validate=validate.Length(min=1, max=20))
    count = fields.Integer(load_default=1, strict=True, validate=validate.Range(min=1, max=9))
    plates = fields.List(fields.Nested(PlateSchema), load_default=list)


class ThingOut(Schema):
    id = fields.String()
    name = fields.String()


class ThingQuery(Schema):
    after = fields.Integer(load_default=0, validate=validate.Range(min=0))


pages = Blueprint("person", __name__, url_prefix="/person")
desk = Blueprint("desk", __name__, url_prefix="/desk")
api = ApiBlueprint("things", __name__, url_prefix="/api/v1/things")


@pages.get("/welcome")
@public
def welcome() -> ResponseReturnValue:
    return render_template("sample/welcome.html", now=datetime(2026, 3, 1, 20, 30, tzinfo=UTC))


@pages.route("/<uuid:person_id>/form", methods=["GET", "POST"])
@applicant
def form(person_id: UUID) -> ResponseReturnValue:
    page = Form(PersonSchema, {"given_names": NAMES.get(str(person_id), "")}, version=3)
    if page.action == "add":
        page.add_row("vehicles")
    elif page.sent():
        try:
            save(person_id, page)
        except InvalidInput as error:
            page.reject(error)
        else:
            return redirect(url_for("person.welcome"), 303)
    return render_form("sample/form.html", page)


def save(person_id: UUID, page: Form) -> None:
    if page.version == 2:
        raise Stale("The draft is at version 3")
    for number, vehicle in enumerate(page.data["vehicles"]):
        if vehicle["plate"] == "STOLEN":
            raise InvalidInput({f"vehicles.{number}.plate": [_("This plate is not valid.")]})
    NAMES[str(person_id)] = page.data["given_names"]
    DONE[page.cause.key] = page.cause.fingerprint


@pages.route("/picture", methods=["GET", "POST"])
@body_limit(2 * 1024 * 1024)
@applicant
def picture() -> ResponseReturnValue:
    page = Form(PictureSchema)
    if page.sent():
        return {"size": len(page.data["picture"])}
    return render_form("sample/welcome.html", page, now=None)


@desk.get("/queue")
@allow("officer", "supervisor")
def queue() -> ResponseReturnValue:
    return render_template("sample/queue.html")


@desk.get("/both")
@applicant
@allow("center")
def both() -> ResponseReturnValue:
    return {"issuer": current_principal().issuer, "id": str(current_principal().id)}


@desk.get("/any")
@staff
def any_staff() -> ResponseReturnValue:
    return {"actor": current_principal().actor}


@desk.get("/file/<uuid:case_id>")
@allow("officer")
@asks_purpose
def file(case_id: UUID, *, purpose: str) -> ResponseReturnValue:
    return {"case": str(case_id), "purpose": purpose}


@desk.post("/claim")
@allow("officer")
def claim() -> ResponseReturnValue:
    raise Conflict("Claimed by a colleague")


@desk.get("/broken")
@public
def broken() -> ResponseReturnValue:
    raise RuntimeError("Canary Cantilever was born on 1986-04-28")


@desk.get("/down")
@public
def down() -> ResponseReturnValue:
    raise Unavailable("The database did not answer")


@desk.get("/live")
@public
def live() -> ResponseReturnValue:
    return event_stream(lambda _timeout: StreamEvent(data="tick", event="beat", id="1"))


@api.route("", methods=["GET"])
@public
@api.arguments(ThingQuery, location="query")
@api.response(200, ThingOut(many=True))
def list_things(query: dict[str, int]) -> list[dict[str, str]]:
    """List things."""
    return [{"id": str(query["after"]), "name": "thing"}]


@api.route("", methods=["POST"])
@applicant
@api.arguments(ThingIn)
@api.response(201, ThingOut)
@idempotent(again=lambda result: {"id": str(result), "name": "again"})
def create(data: dict[str, str], *, cause: RequestCause) -> object:
    """Create a thing once."""
    if cause.key in DONE:
        raise AlreadyDone("Done before", result=cause.key)
    DONE[cause.key] = cause.fingerprint
    return {"id": cause.fingerprint, "name": data["name"]}


@api.route("/<int:thing_id>", methods=["GET"])
@public
@api.response(200, ThingOut)
def read(thing_id: int) -> ResponseReturnValue:
    """Read a thing with its version."""
    return with_etag({"id": str(thing_id), "name": "thing"}, 7)


@api.route("/<int:thing_id>", methods=["PUT"])
@applicant
@api.arguments(ThingIn)
@api.response(200, ThingOut)
@versioned
def change(data: dict[str, str], thing_id: int, *, version: int) -> object:
    """Change a thing whose version the caller saw."""
    require_version(version, 7)
    return {"id": str(thing_id), "name": data["name"]}


@api.route("/sites/<site>", methods=["GET"])
@site_client
def of_site(site: str) -> ResponseReturnValue:
    """Give a site what is its own."""
    require_site(site)
    return {"site": site}


def settings(**changes: object) -> WebSettings:
    values: dict[str, object] = {
        "service": "sample",
        "secret_key": SECRET,
        "production": False,
        "base_url": "http://localhost:8001",
        "issuers": {
            "people": Issuer(url="http://localhost:9", client_id="sample", client_secret="s"),
            "staff": Issuer(url="http://localhost:9/staff", client_id="sample", client_secret="s"),
        },
        **changes,
    }
    return WebSettings(**values)  # type: ignore[arg-type]  # the tests' changes are typed by hand


def create_app(*more: Blueprint, **changes: object) -> Flask:
    return build_app(
        __name__,
        settings(**changes),
        title=_l("Sample service"),
        home="person.welcome",
        pages=[pages, desk, *more],
        apis=[api],
        navigation=[
            NavLink("person.welcome", _l("Welcome")),
            NavLink("desk.queue", _l("Queue")),
            NavLink("desk.any_staff", _l("Reports")),
        ],
        error_texts={"claimed": _l("A colleague has claimed it")},
    )
