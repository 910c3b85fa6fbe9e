"""What a person types into the sample form."""

from flask.testing import FlaskClient

from tests.signing_in import csrf_token

FORM = "/person/6fa459ea-ee8a-3ca4-894e-db77e160355e/form"


def filled(client: FlaskClient, **changes: object) -> dict[str, object]:
    """Return a form that is valid, with ``changes`` (``None`` leaves one out)."""
    values: dict[str, object] = {
        "csrf_token": csrf_token(client),
        "once": "0b6f3a3e-6a0a-4b86-9d0c-0d1f0f1c2a3b",
        "version": "3",
        "given_names": " María  ",
        "birth_date-month": "4",
        "birth_date-day": "28",
        "birth_date-year": "1986",
        "program": "sentri",
        "convicted": "no",
        "languages": ["en", "es"],
        "true": "yes",
        **changes,
    }
    return {name.replace("__", "-"): value for name, value in values.items() if value is not None}
