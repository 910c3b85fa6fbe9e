"""The scanner finds a value in whatever form it lies, and nothing where there is none."""

import base64
import html
import json
import random
import unicodedata
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import pytest

from tests.guards.test_tree import tracked
from tests.leaks import canaries
from tests.leaks.canaries import CANARIES, Canary
from tests.leaks.forms import is_long_enough, patterns_of_bytes
from tests.leaks.pattern import Pattern
from tests.leaks.scanner import WINDOW, Scanner, canary_patterns

Form = Callable[[str], bytes]

FORMS: dict[str, Form] = {
    "plain": str.encode,
    "UTF-16, little end first": lambda text: text.encode("utf-16-le"),
    "UTF-16, big end first": lambda text: text.encode("utf-16-be"),
    "UTF-16 with its mark": lambda text: text.encode("utf-16"),
    "Latin-1": lambda text: text.encode("latin-1"),
    "capitals": lambda text: text.upper().encode(),
    "small letters": lambda text: text.lower().encode(),
    "capitals in UTF-16": lambda text: text.upper().encode("utf-16-le"),
    "letters composed": lambda text: unicodedata.normalize("NFC", text).encode(),
    "letters taken apart": lambda text: unicodedata.normalize("NFD", text).encode(),
    "letters without marks": lambda text: _bare(text).encode(),
    "capitals without marks": lambda text: _bare(text).upper().encode(),
    "Base64, nothing before": lambda text: base64.b64encode(f"{text} after".encode()),
    "Base64, a byte before": lambda text: base64.b64encode(f"b{text} after".encode()),
    "Base64, two bytes before": lambda text: base64.b64encode(f"be{text} after".encode()),
    "Base64, many before": lambda text: base64.b64encode(f"before {text}".encode()),
    "Base64 for URLs": lambda text: base64.urlsafe_b64encode(f"?~?~{text}ÿ".encode()),
    "Base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")),
    "Base64 of JSON": lambda text: base64.b64encode(json.dumps({"name": text}).encode()),
    "Base64 of Latin-1": lambda text: base64.b64encode(text.encode("latin-1")),
    "Base64 of capitals": lambda text: base64.b64encode(text.upper().encode()),
    "a query": lambda text: urlencode({"name": text, "page": 2}).encode(),
    "percent": lambda text: quote(text).encode(),
    "percent, nothing safe": lambda text: quote(text, safe="").encode(),
    "percent in small figures": lambda text: quote(text, safe="").lower().encode(),
    "percent and plus": lambda text: quote_plus(text).encode(),
    "percent twice": lambda text: quote(quote(text, safe=""), safe="").encode(),
    "percent, every byte": lambda text: text.encode().hex("%").join(("%", "")).encode(),
    "JSON": lambda text: json.dumps({"name": text}).encode(),
    "JSON with its letters": lambda text: json.dumps({"name": text}, ensure_ascii=False).encode(),
    "JSON in JSON": lambda text: json.dumps({"body": json.dumps({"name": text})}).encode(),
    "HTML": lambda text: html.escape(text).encode(),
    "HTML, ASCII alone": lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace"),
    "hex": lambda text: text.encode().hex().encode(),
    "hex in capitals": lambda text: text.encode().hex().upper().encode(),
    "hex of UTF-16": lambda text: text.encode("utf-16-be").hex().encode(),
    "a row of bytea": lambda text: b"\\x00ff" + f"\0{text}\0".encode().hex().encode() + b"00",
    "bytes in Python": lambda text: repr(f"<{text}>".encode()).encode(),
    "a text in Python": lambda text: repr([text]).encode(),
}


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def noise(length: int) -> bytes:
    return random.Random(7).randbytes(length)  # noqa: S311 - the same noise each time


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner(canary_patterns())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.what)
def test_every_form_of_every_value_is_found(scanner: Scanner, canary: Canary, form: str) -> None:
    for text in canary.written:
        data = noise(1000) + b"," + FORMS[form](text) + b"," + noise(1000)

        assert canary.what in {finding.what for finding in scanner.find(data)}, text


@pytest.mark.parametrize("carrier", [bytes.hex, base64.b64encode, repr, bytes])
def test_nothing_is_found_where_nothing_is(
    scanner: Scanner, carrier: Callable[[bytes], str | bytes]
) -> None:
    carried = carrier(noise(2 * WINDOW))
    data = carried.encode() if isinstance(carried, str) else carried

    assert scanner.find(data) == []


@pytest.mark.parametrize("data", [b"", b"x", b"Zephir", b"an applicant with a vehicle, 1971"])
def test_little_data_hold_nothing(scanner: Scanner, data: bytes) -> None:
    assert scanner.find(data) == []


@pytest.mark.parametrize("at", [0, 1, WINDOW - 12, WINDOW - 1, WINDOW, 2 * WINDOW - 3])
def test_a_value_is_found_once_wherever_it_lies(scanner: Scanner, at: int) -> None:
    data = bytearray(noise(3 * WINDOW))
    value = canaries.DOCUMENT.encode()
    data[at : at + len(value)] = value

    (found,) = scanner.find(bytes(data))

    assert (found.what, found.at) == ("document number", at)


def test_figures_in_a_long_row_of_figures_are_chance(scanner: Scanner) -> None:
    day = canaries.BORN_ON.strftime("%Y%m%d")

    assert scanner.find(f"born {day}, a6{day}".encode())[0].at == len("born ")
    assert scanner.find(f"a6{day}b7".encode()) == []


def test_a_finding_does_not_show_the_value(scanner: Scanner) -> None:
    (found,) = scanner.find(canaries.OTHER_NAME.encode())

    assert canaries.OTHER_NAME not in repr(found)


@pytest.mark.parametrize("carrier", [bytes, base64.b64encode, bytes.hex])
def test_a_piece_of_a_picture_is_found(carrier: Callable[[bytes], str | bytes]) -> None:
    picture = noise(3000)
    scanner = Scanner(patterns_of_bytes("picture", picture[1500:1532]))
    carried = carrier(picture)

    found = scanner.find(carried.encode() if isinstance(carried, str) else carried)

    assert {finding.what for finding in found} == {"picture"}
    assert scanner.find(noise(1000)) == []


def test_what_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        Scanner([Pattern(what="initials", form="plain", data=b"abc")])


def test_the_values_are_long_and_differ() -> None:
    written = [text.lower() for canary in CANARIES for text in canary.written]

    assert all(is_long_enough(text) for text in written)
    assert len({canary.value for canary in CANARIES}) == len(CANARIES)


def test_the_values_occur_nowhere_else_in_the_tree(scanner: Scanner) -> None:
    home = canaries.__file__
    found = {
        str(path): sorted({finding.what for finding in findings})
        for path in tracked()
        if str(path) != home and (findings := scanner.find(path.read_bytes()))
    }

    assert found == {}
