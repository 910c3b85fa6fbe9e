"""Pictures as they are let in: decoded within limits, turned upright, and encoded anew.

What comes out holds the pixels and nothing else: no place, no device, no hidden second file.
"""

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from shared.errors import InvalidInput
from shared.web.language import gettext as _

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
"""A phone's picture is below this; a bomb of a few kilobytes claims more."""
LEAST_SIDE = 200
LONGEST_SIDE = 800
"""Enough to compare a face on the booth's screen, small enough for a line of a slow site."""
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")


def clean_picture(data: bytes) -> bytes:
    """Return the picture as a small JPEG, or raise ``InvalidInput`` at ``picture``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=FORMATS) as opened:
                return _encode(opened)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        SyntaxError,
    ) as error:
        raise InvalidInput(
            {"picture": [_("This file is not a picture that we can read.")]}
        ) from error


def _encode(opened: Image.Image) -> bytes:
    if opened.width * opened.height > MOST_PIXELS:
        raise InvalidInput({"picture": [_("This picture is too large.")]})
    if min(opened.size) < LEAST_SIDE:
        raise InvalidInput({"picture": [_("This picture is too small to recognize a face.")]})
    upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    out = BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
