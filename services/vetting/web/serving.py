"""What the views have at hand."""

from typing import cast

from flask import current_app

from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.reading import Queries
from services.vetting.use_cases.use_cases import UseCases
from shared.web.principal import current_principal


def use_cases() -> UseCases:
    """Return what this application was built with."""
    return cast("UseCases", current_app.extensions["use_cases"])


def queries() -> Queries:
    """Return the read models."""
    return cast("Queries", current_app.extensions["queries"])


def staff() -> Staff:
    """Return who is signed in, as vetting knows them."""
    principal = current_principal()
    return Staff(subject=principal.subject, supervisor=principal.has("supervisor"))
