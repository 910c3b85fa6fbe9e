"""Lines of the files that the command ``screen`` reads and writes: one JSON object each."""

import json
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.validate import Length

from services.vetting.domain.screening.matcher import Match, Screening
from services.vetting.domain.screening.query import Subject
from services.vetting.domain.watchlist.birth_date import BirthDate, parse_iso
from services.vetting.domain.watchlist.countries import country_code
from shared.errors import Unreadable


class LineUnreadable(Unreadable):
    """A line of the input is not what it should be; nothing is written."""

    code = "line_unreadable"


class Line(Schema):
    """One person to be screened."""

    class Meta:
        """A misspelt field must not be passed over."""

        unknown = RAISE

    id = fields.Raw(required=True)
    name = fields.String(required=True)
    birth_date = fields.String(allow_none=True, load_default=None)
    countries = fields.List(fields.String(), allow_none=True, load_default=list)
    documents = fields.List(
        fields.String(validate=Length(max=80)), allow_none=True, load_default=list
    )


def read_line(text: str, number: int) -> tuple[object, Subject]:
    """Return the id and the person of a line, or raise ``LineUnreadable`` with its number."""
    try:
        values: dict[str, Any] = Line().load(json.loads(text))
        return values["id"], Subject.of(
            values["name"],
            birth_date=_date(values["birth_date"]),
            countries=[_country(country) for country in values["countries"] or ()],
            documents=values["documents"] or (),
        )
    except ValidationError as error:
        wrong = ", ".join(sorted(str(name) for name in error.messages_dict))
        raise LineUnreadable(f"Line {number} of the input is wrong at: {wrong}") from None
    except ValueError:
        raise LineUnreadable(f"Line {number} of the input cannot be read") from None


def write_line(line_id: object, screening: Screening) -> str:
    """Return the line of the output: the status, and the hits with the best in front."""
    return json.dumps(
        {
            "id": line_id,
            "status": screening.status,
            "truncated": screening.truncated,
            "hits": [_hit(match) for match in screening.matches],
        },
        ensure_ascii=False,
    )


def _hit(match: Match) -> dict[str, object]:
    return {
        "list": match.list,
        "entry": match.entry.id,
        "score": match.score,
        "evidence": [line.to_json() for line in match.evidence],
    }


def _date(text: str | None) -> BirthDate | None:
    return parse_iso(text) if text else None


def _country(text: str) -> str:
    return country_code(text) or text.strip().upper()
