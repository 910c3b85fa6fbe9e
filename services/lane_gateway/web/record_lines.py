"""The entries of a lane's record in words, one line each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.lane_gateway.use_cases.reads import RecordEntry
from services.lane_gateway.web import texts
from services.lane_gateway.web.texts_record import CHIPS, ENDS, ENTRIES, REFUSALS
from shared.web.language import gettext as _

Body = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class RecordLine:
    """One entry: when, what, and the rest in a few words."""

    number: int
    at: datetime
    device_time: datetime | None
    title: str
    text: str = field(repr=False)


def record_lines(entries: Sequence[RecordEntry]) -> list[RecordLine]:
    """Return the entries in words."""
    return [
        RecordLine(
            number=entry.number,
            at=entry.at,
            device_time=entry.device_time,
            title=texts.say(ENTRIES, entry.kind),
            text=_TELL.get(entry.kind, _nothing)(entry.body),
        )
        for entry in entries
    ]


def entry_rows(lines: Sequence[RecordLine], zone: str) -> list[tuple[str, str, str]]:
    """Return the lines as rows of a table, each time to the millisecond in the port's zone."""
    here = ZoneInfo(zone)
    return [
        (f"{line.at.astimezone(here):%H:%M:%S.%f}"[:-3], line.title, line.text or "—")
        for line in lines
    ]


def _nothing(_body: Body) -> str:
    return ""


def _decided(body: Body) -> str:
    decision = body["decision"]
    reasons = [texts.say(texts.REASONS, reason) for reason in decision["reasons"]]
    return _join(texts.say(texts.VERDICTS, decision["verdict"]), *reasons)


def _authorised(body: Body) -> str:
    given = body["authorisation"]
    counted = given["counted"]
    return _join(
        texts.say(texts.AUTHORISATIONS, given["kind"]),
        given["officer"],
        _("%(number)s occupants counted", number=counted) if counted is not None else None,
        given.get("reason"),
    )


def _commanded(body: Body) -> str:
    refused = body["refused"]
    why = texts.say(REFUSALS, refused) if refused else None
    return _join(
        texts.say(texts.COMMANDS, body["kind"]),
        body["officer"],
        _("Refused: %(why)s", why=why) if why else None,
    )


def _card(body: Body) -> str:
    return _join(
        _("chip's number read") if body["tid_read"] else _("chip's number not read"),
        _("antenna %(number)s", number=body["antenna"]) if body["antenna"] else None,
    )


def _chip(body: Body) -> str:
    return texts.say(CHIPS, body["outcome"])


def _plate(body: Body) -> str:
    sure = _("%(percent)s percent sure", percent=round(100 * body["confidence"]))
    return _join(
        body.get("plate"), body["region"], _("by the officer") if body["by_officer"] else sure
    )


def _ended(body: Body) -> str:
    said = body.get("why")
    why = texts.say({**ENDS, **REFUSALS}, said) if said else None
    return _join(texts.say(texts.STATES, body["end"]), body["officer"], why)


def _gate(body: Body) -> str:
    return _change(texts.GATES, body)


def _mode(body: Body) -> str:
    return _change(texts.MODES, body)


def _change(words: Mapping[str, Any], body: Body) -> str:
    return f"{texts.say(words, body['before'])} → {texts.say(words, body['after'])}"


def _closed(body: Body) -> str:
    ends = {**texts.AUTHORISATIONS, **texts.STATES}
    return _join(texts.say(ends, body["end"]), body["officer"], body.get("reason"))


def _alarm(body: Body) -> str:
    return texts.say(texts.ALARMS, body["code"])


def _returned(body: Body) -> str:
    return texts.say(REFUSALS, body["why"])


_TELL: Mapping[str, Callable[[Body], str]] = {
    "passage_decided": _decided,
    "passage_authorised": _authorised,
    "passage_returned": _returned,
    "officer_commanded": _commanded,
    "card_seen": _card,
    "chip_judged": _chip,
    "plate_seen": _plate,
    "passage_ended": _ended,
    "gate_moved": _gate,
    "mode_changed": _mode,
    "referral_closed": _closed,
    "alarm_raised": _alarm,
}


def _join(*said: object) -> str:
    return " · ".join(str(each) for each in said if each)
