"""Idempotency-Key: a creating request that is sent again has its effect once."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request

from shared.context import current_context
from shared.errors import AlreadyDone, Unreadable
from shared.events import RequestCause
from shared.web.forms import fingerprint
from shared.web.openapi import IDEMPOTENT

KEY = re.compile(r"[\x21-\x7e]{1,200}")
HEADER = "Idempotency-Key"


class IdempotencyKeyMissing(Unreadable):
    """A creating request came without a key, or with one that is none."""

    code = "idempotency_key_missing"


def request_cause() -> RequestCause:
    """Return the cause that the headers of the current request name."""
    key = request.headers.get(HEADER, "").strip().strip('"')
    if not KEY.fullmatch(key):
        raise IdempotencyKeyMissing(f"The header {HEADER} must hold 1 to 200 visible characters")
    body = request.get_data(cache=True).decode("latin-1")
    return RequestCause(
        actor=current_context().actor,
        key=key,
        fingerprint=fingerprint(request.method, request.full_path, body),
    )


def idempotent(
    *, again: Callable[[str | None], Any]
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Hand the view its ``cause``; a repeated request gets ``again(result)`` of the first one."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def once(*args: Any, **values: Any) -> Any:
            try:
                return view(*args, cause=request_cause(), **values)
            except AlreadyDone as done:
                return again(done.result)

        setattr(once, IDEMPOTENT, True)
        return once

    return decorate
