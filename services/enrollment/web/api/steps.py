"""The steps of the form as JSON, one operation for each: read what was saved, save it anew."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Response

from services.enrollment.domain.application_form import Step
from services.enrollment.domain.flaws import FormInvalid
from services.enrollment.web import texts
from services.enrollment.web.answers import SCHEMAS, WRAPPED, answers_of, stored
from services.enrollment.web.doors import own_id, use_cases
from shared.errors import NotFound
from shared.web.access import applicant
from shared.web.api import ApiBlueprint
from shared.web.versions import versioned, with_etag

api = ApiBlueprint(
    "api_steps", __name__, url_prefix="/api/v1/applications/<uuid:application_id>/form"
)


def _reader(step: Step) -> Callable[[UUID], Response]:
    def read(application_id: UUID) -> Response:
        application = use_cases().read_own.application(application_id, person_id=own_id())
        if step not in application.form.done:
            raise NotFound(f"The step {step} was not answered yet")
        return with_etag(stored(step, application.form), application.version)

    read.__doc__ = f"Read the step {step} as it was saved."
    return read


def _saver(step: Step) -> Callable[..., Response]:
    def save(data: Mapping[str, Any], application_id: UUID, *, version: int) -> Response:
        try:
            application = use_cases().save_step(
                application_id,
                person_id=own_id(),
                step=step,
                answers=answers_of(step, data),
                version=version,
            )
        except FormInvalid as invalid:
            below = "" if step in WRAPPED else str(step)
            raise texts.spoken(invalid.flaws, below=below) from invalid
        return with_etag(stored(step, application.form), application.version)

    save.__doc__ = f"Save the step {step}; the whole step is replaced."
    return save


def _add(step: Step) -> None:
    schema = SCHEMAS[step]
    read = applicant(api.response(200, schema)(_reader(step)))
    save = versioned(_saver(step))
    save = applicant(api.arguments(schema)(api.response(200, schema)(save)))
    api.route(f"/{step}", methods=["GET"], endpoint=f"read_{step}")(read)
    api.route(f"/{step}", methods=["PUT"], endpoint=f"save_{step}")(save)


for _step in Step:
    _add(_step)
