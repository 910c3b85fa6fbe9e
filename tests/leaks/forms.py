"""Every form in which a text may lie in bytes: letters, character sets, escapes, carriers."""

import base64
import html
import json
import unicodedata
from collections.abc import Iterator
from html.entities import codepoint2name
from urllib.parse import quote, quote_plus

from tests.leaks.pattern import SHORTEST, Pattern

CHARACTER_SETS = ("utf-8", "utf-16-le", "utf-16-be", "latin-1")
READ_AS_THEY_ARE = ("!'()*~@:/ -.,+", "/@ ")
"""Signs that one program or another leaves alone when it writes an address."""


def patterns(what: str, text: str) -> Iterator[Pattern]:
    """Yield what to look for, so that no form of ``text`` is passed over."""
    for letters in letterings(text):
        for form, data in plain(letters):
            yield Pattern(what=what, form=form, data=data)
            yield from _carried(what, form, data)
        for form, escaped in escapes(letters):
            yield Pattern(what=what, form=form, data=escaped.encode())


def patterns_of_bytes(what: str, data: bytes) -> Iterator[Pattern]:
    """Yield what to look for where ``data`` is no text, as a piece of a picture."""
    yield Pattern(what=what, form="raw", data=data, exact=True)
    yield from _carried(what, "raw", data)


def _carried(what: str, form: str, data: bytes) -> Iterator[Pattern]:
    for carrier, carried in carriers(data):
        yield Pattern(what=what, form=f"{carrier} of {form}", data=carried, exact=True)
    yield Pattern(what=what, form=f"hex of {form}", data=data.hex().encode())


def letterings(text: str) -> set[str]:
    """Return the text in both normal forms and without marks, as it is, small and in capitals."""
    composed = unicodedata.normalize("NFC", text)
    taken_apart = unicodedata.normalize("NFD", text)
    bare = "".join(sign for sign in taken_apart if not unicodedata.combining(sign))
    written = {text, composed, taken_apart, bare}
    return written | {one.lower() for one in written} | {one.upper() for one in written}


def plain(letters: str) -> Iterator[tuple[str, bytes]]:
    """Yield the text in each character set that has its letters, and as JSON writes it."""
    for character_set in CHARACTER_SETS:
        try:
            yield character_set, letters.encode(character_set)
        except UnicodeEncodeError:
            continue
    if not letters.isascii():
        yield "JSON", json.dumps(letters)[1:-1].encode()


def carriers(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the data in Base64 of both alphabets, wherever in a longer text it begins."""
    for before in range(3):
        padded = bytes(before) + data
        whole = base64.b64encode(padded)
        # What depends on the bytes before and after is cut off.
        inside = whole[-(-8 * before // 6) : 8 * len(padded) // 6]
        yield "Base64", inside
        yield "Base64 for URLs", inside.translate(bytes.maketrans(b"+/", b"-_"))


def escapes(letters: str) -> Iterator[tuple[str, str]]:
    """Yield the text as URLs, HTML, JSON within JSON, Python and SQL write it."""
    yield from _percent(letters)
    yield from _html(letters)
    yield "JSON in JSON", json.dumps(json.dumps(letters)[1:-1])[1:-1]
    yield "JSON, every sign", "".join(f"\\u{unit:04x}" for unit in _units(letters))
    yield "bytes in Python", repr(letters.encode())[2:-1]
    yield (
        "octal",
        "".join(chr(byte) if byte < 128 else f"\\{byte:o}" for byte in letters.encode()),
    )
    yield (
        "quoted-printable",
        "".join(chr(byte) if byte < 128 else f"={byte:02X}" for byte in letters.encode()),
    )


def _percent(letters: str) -> Iterator[tuple[str, str]]:
    for safe in ("", *READ_AS_THEY_ARE):
        yield "percent", quote(letters, safe=safe)
        yield "percent and plus", quote_plus(letters, safe=safe.replace(" ", "").replace("+", ""))
    yield "percent twice", quote(quote(letters, safe=""), safe="")
    yield "percent, every byte", "".join(f"%{byte:02x}" for byte in letters.encode())


def _html(letters: str) -> Iterator[tuple[str, str]]:
    yield "HTML", html.escape(letters)
    yield "HTML", html.escape(letters).replace("&#x27;", "&#39;")
    yield (
        "HTML, names",
        "".join(
            f"&{codepoint2name[ord(sign)]};" if ord(sign) in codepoint2name else sign
            for sign in letters
        ),
    )
    for form in ("&#{:d};", "&#x{:x};"):
        yield (
            "HTML, figures",
            "".join(sign if _is_harmless(sign) else form.format(ord(sign)) for sign in letters),
        )
        yield "HTML, every sign", "".join(form.format(ord(sign)) for sign in letters)


def _is_harmless(sign: str) -> bool:
    return sign.isascii() and sign not in "&<>\"'"


def _units(letters: str) -> Iterator[int]:
    data = letters.encode("utf-16-be")
    yield from (int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2))


def is_long_enough(text: str) -> bool:
    """Whether every form of ``text`` is long enough to be looked for."""
    return len(text) > SHORTEST
