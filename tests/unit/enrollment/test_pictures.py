import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from services.enrollment.web.pictures import LONGEST_SIDE, clean_picture
from shared.errors import InvalidInput

SECRET = b"taken at 32.5427,-117.0300"


def picture(kind: str, size: tuple[int, int] = (1200, 900), **more: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (200, 150, 120)).save(out, kind, **more)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of some bytes that claims 50,000 by 50,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_small_jpeg(kind: str) -> None:
    with Image.open(BytesIO(clean_picture(picture(kind)))) as cleaned:
        assert cleaned.format == "JPEG"
        assert max(cleaned.size) == LONGEST_SIDE


def test_what_the_camera_wrote_beside_the_picture_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    taken = picture("JPEG", exif=exif, comment=SECRET) + SECRET
    assert SECRET in taken

    assert SECRET not in clean_picture(taken)


def test_a_picture_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter

    with Image.open(BytesIO(clean_picture(picture("JPEG", exif=exif)))) as cleaned:
        assert cleaned.size == (600, 800)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"%PDF-1.7",
        b"\xff\xd8\xff\xe0 cut off",
        picture("JPEG")[:300],
        picture("GIF"),
        picture("PNG", (199, 400)),
        bomb(),
    ],
)
def test_what_is_no_picture_is_refused_at_its_field(data: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        clean_picture(data)
    assert set(refused.value.fields) == {"picture"}
