"""Style sheets, fonts and pictures, from our own host, under addresses that change with them."""

import gzip
import hashlib
import json
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from shared.web.access import public
from shared.web.kit import current_kit

OWN = Path(__file__).parent / "static"
YEAR = 365 * 24 * 3600  # seconds; the address of a changed file is another one
COMPRESSED = frozenset({".css", ".js", ".svg"})
SERVED = COMPRESSED | {".woff2", ".ttf", ".png", ".jpg", ".webp", ".ico"}

assets = Blueprint("assets", __name__)


class Assets:
    """The files of one application: the design system's, the kit's and the service's own.

    An installation without the design system's files stops in production, and shows plain pages
    elsewhere, where tests may not need them.
    """

    def __init__(self, front_end: Path, service: Path | None, *, production: bool) -> None:
        manifest = front_end / "package.json"
        if production and not manifest.is_file():
            raise FileNotFoundError(f"The front-end packages are not installed: {manifest}")
        self._version = (
            str(json.loads(manifest.read_text())["version"]) if manifest.is_file() else "none"
        )
        self._folders = {"uswds": front_end / "dist", "trustlane": OWN}
        if service is not None and service.is_dir():
            self._folders["service"] = service

    def url(self, package: str, name: str) -> str:
        """Return the address of the file ``name``."""
        stamp = self._version if package == "uswds" else self._digest(package, name)
        return f"/assets/{package}/{stamp}/{name}"

    def path(self, package: str, name: str) -> Path:
        """Return the place of the file ``name``, or raise ``NotFound``."""
        folder = self._folders.get(package)
        joined = safe_join(str(folder), name) if folder else None
        path = Path(joined) if joined else None
        if path is None or path.suffix not in SERVED or not path.is_file():
            raise NotFound
        return path

    def _digest(self, package: str, name: str) -> str:
        try:
            return _digest(self.path(package, name))
        except NotFound:
            return "none"


@assets.get("/assets/<package>/<stamp>/<path:name>")
@public
def asset(package: str, stamp: str, name: str) -> Response:
    """Give one file, compressed where that helps."""
    del stamp  # it only makes the address another one when the file changes
    path = current_kit().assets.path(package, name)
    small = path.suffix in COMPRESSED and bool(request.accept_encodings["gzip"])
    response = Response(_compressed(path) if small else path.read_bytes())
    response.content_type = mimetypes.types_map.get(path.suffix, "font/woff2")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if small:
        response.headers["Content-Encoding"] = "gzip"
    return response


@assets.get("/favicon.ico")
@public
def favicon() -> Response:
    """Answer the browsers that ask for it without having read the page."""
    response = Response((OWN / "favicon.svg").read_bytes(), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@lru_cache(maxsize=64)
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


@lru_cache(maxsize=64)
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
