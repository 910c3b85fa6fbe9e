"""If-Match: whoever changes a thing names the version of it that they saw."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, jsonify, request

from shared.errors import InvalidInput, Stale
from shared.web.language import gettext as _
from shared.web.openapi import VERSIONED

TAG = re.compile(r'"([0-9]{1,9})"')
HEADER = "If-Match"


def if_match() -> int:
    """Return the version in the header, or raise ``InvalidInput``."""
    match = TAG.fullmatch(request.headers.get(HEADER, "").strip())
    if match is None:
        raise InvalidInput({HEADER: [_("Name the version that you saw, as its ETag does.")]})
    return int(match[1])


def versioned(view: Callable[..., Any]) -> Callable[..., Any]:
    """Hand the view the ``version`` that the caller saw."""

    @wraps(view)
    def checked(*args: Any, **values: Any) -> Any:
        return view(*args, version=if_match(), **values)

    setattr(checked, VERSIONED, True)
    return checked


def require_version(seen: int | None, current: int) -> None:
    """Raise ``Stale`` unless the version that was seen is still the current one."""
    if seen is not None and seen != current:
        raise Stale("The thing has changed since it was read")


def with_etag(body: object, version: int) -> Response:
    """Answer ``body`` with the version as its ETag."""
    response = body if isinstance(body, Response) else jsonify(body)
    response.set_etag(str(version))
    return response
