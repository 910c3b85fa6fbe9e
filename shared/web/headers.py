"""What each answer tells the browser about its own safety."""

from urllib.parse import urlsplit

from flask import Flask, Response, request, session

from shared.web.principal import principal_or_none
from shared.web.settings import WebSettings

HSTS = "max-age=63072000; includeSubDomains"


def content_policy(settings: WebSettings) -> str:
    """Return the Content-Security-Policy: our own host, and sign-out at the providers.

    Browsers check the target of a form's redirect, too, so the providers are named for forms.
    """
    origins = {
        urlsplit(issuer.url)._replace(path="").geturl() for issuer in settings.issuers.values()
    }
    return "; ".join(
        [
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            " ".join(["form-action 'self'", *sorted(origins)]),
        ]
    )


def protect_answers(app: Flask, settings: WebSettings) -> None:
    """Add the headers to every answer of ``app``."""
    fixed = {
        "Content-Security-Policy": content_policy(settings),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if settings.production:
        fixed["Strict-Transport-Security"] = HSTS

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        personal = principal_or_none() is not None or session.accessed
        if personal or request.endpoint != "assets.asset":
            response.headers.setdefault("Cache-Control", "no-store")
        return response
