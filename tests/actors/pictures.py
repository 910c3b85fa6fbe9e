"""Synthetic pictures, such as the center's camera would make."""

import io

from PIL import Image, ImageDraw

SIZE = (480, 600)


def a_picture(*, comment: str = "") -> bytes:
    """Return a drawn face as JPEG; ``comment`` stands in the file beside the picture."""
    image = Image.new("RGB", SIZE, (214, 219, 222))
    draw = ImageDraw.Draw(image)
    draw.ellipse((140, 110, 340, 370), fill=(196, 150, 118))
    draw.ellipse((195, 210, 220, 230), fill=(40, 34, 30))
    draw.ellipse((260, 210, 285, 230), fill=(40, 34, 30))
    draw.arc((195, 250, 285, 320), 20, 160, fill=(120, 60, 56), width=6)
    draw.rectangle((90, 400, 390, 600), fill=(58, 84, 120))
    data = io.BytesIO()
    image.save(data, "JPEG", quality=85, comment=comment.encode())
    return data.getvalue()
