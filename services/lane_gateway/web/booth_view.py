"""What the booth's screen shows, as plain values: two screens that show the same are equal."""

from dataclasses import dataclass, field
from uuid import UUID, uuid5

from services.lane_gateway.domain.live import LiveCard, LiveList, LivePassage, LiveState
from services.lane_gateway.use_cases.reads import LaneRow
from services.lane_gateway.web.holders import Holder, Holders, Standing
from services.lane_gateway.web.live_hub import LaneLive, main_passage
from services.lane_gateway.web.words import Spoken, Word, word_of

ONCE = UUID("5f0c7f5b-6f0a-4f8c-a8b5-02f4a1f6f1c8")
"""The name space of the keys that make a double click count once."""

SECOND_STEPS = 60  # an age is written in minutes from here on, and does not change every second
HOUR = 3600
DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class CardView:
    """One card in the vehicle, with its holder as far as the officer may see them."""

    credential_id: UUID | None
    reasons: tuple[str, ...]
    in_grace: bool
    age_band: str | None
    by_officer: bool
    holder: Holder | None = field(repr=False)
    """``None`` where nobody is signed on who handles the passage, or the card is unknown."""


@dataclass(frozen=True, kw_only=True)
class PassageView:
    """The vehicle that the officer deals with; ``place`` is front, approaching or passing."""

    passage_id: UUID
    place: str
    state: str
    verdict: str | None
    reasons: tuple[str, ...]
    cards: tuple[CardView, ...]
    cards_counted: int
    counted: int | None
    plate: str | None = field(repr=False)
    region: str | None
    plate_by_officer: bool
    plate_confidence: int | None
    """In percent."""
    authorisation: str | None
    vehicle_proved: bool

    @property
    def open(self) -> bool:
        """Tell whether the officer can still say what becomes of the vehicle."""
        return self.place == "front" and self.state in {"approaching", "decided"}


@dataclass(frozen=True, kw_only=True)
class ListAge:
    """The age of the card list, as coarse as it is written."""

    number: int
    standing: str
    amount: int | None
    unit: str


@dataclass(frozen=True, kw_only=True)
class BoothView:
    """One lane, for one officer, at one moment; ``age_ms`` alone does not make two unequal."""

    lane: str
    spoken: Spoken
    age_ms: int | None = field(compare=False)
    at_work: bool
    mode: str
    wanted_mode: str
    health: str | None
    gate: str | None
    faults: tuple[str, ...]
    troubles: tuple[str, ...]
    """Devices that do not answer: reader, camera, inputs, record."""
    card_list: ListAge | None
    passage: PassageView | None
    behind: int
    signed_on: str | None
    mine: bool
    pending: bool
    """A command was written that the lane has not taken in."""
    refused: str | None
    once: str

    @property
    def word(self) -> Word:
        """Return the word to show."""
        return self.spoken.word

    @property
    def advice(self) -> str:
        """Return the code of what to do now."""
        if self.word is Word.STOP:
            return "closed" if self.mode == "closed" else "fault"
        if self.spoken.expired:
            return "expired"
        on_its_way = self.passage is not None and self.passage.authorisation is not None
        return "released" if on_its_way else self.word.value


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Who looks at the screen, and what the desk knows of the lane."""

    row: LaneRow
    officer: str
    newest_command: int

    @property
    def mine(self) -> bool:
        """Tell whether the viewer is the officer signed on to the lane."""
        return self.row.signed_on == self.officer


def booth_view(live: LaneLive | None, now: float, *, seat: Seat, holders: Holders) -> BoothView:
    """Return what the screen shows at ``now`` (the hub's clock)."""
    spoken = word_of(live, now)
    state = live.state if live is not None and spoken.word is not Word.NOT_LIVE else None
    age = None if live is None else live.age(now)
    return BoothView(
        lane=seat.row.lane,
        spoken=spoken,
        age_ms=None if age is None else round(age * 1000),
        at_work=state is not None,
        mode=state.mode if state else seat.row.mode.value,
        wanted_mode=seat.row.mode.value,
        health=state.health if state else None,
        gate=state.gate if state else None,
        faults=state.faults if state else (),
        troubles=troubles_of(state) if state else (),
        card_list=list_age(state.card_list) if state else None,
        passage=_passage(state, seat, holders) if state else None,
        behind=_behind(state) if state else 0,
        signed_on=seat.row.signed_on,
        mine=seat.mine,
        pending=state is not None and seat.newest_command > state.last_command,
        refused=_refused(state, seat) if state else None,
        once=_once(state, seat),
    )


def _passage(state: LiveState, seat: Seat, holders: Holders) -> PassageView | None:
    main = main_passage(state)
    if main is None:
        return None
    sure = main.plate_confidence
    return PassageView(
        passage_id=main.passage_id,
        place=_place(state, main),
        state=main.state,
        verdict=main.verdict,
        reasons=main.reasons,
        cards=tuple(_card(card, main, seat, holders) for card in main.cards),
        cards_counted=main.cards_counted,
        counted=main.counted,
        plate=main.plate if seat.mine else None,
        region=main.region,
        plate_by_officer=main.plate_by_officer,
        plate_confidence=None if sure is None else round(sure * 100),
        authorisation=main.authorisation,
        vehicle_proved=main.vehicle_proved,
    )


def _card(card: LiveCard, passage: LivePassage, seat: Seat, holders: Holders) -> CardView:
    holder = None
    if seat.mine and card.credential_id is not None:
        holder = holders.shown_at_lane(card.credential_id, passage.passage_id)
    return CardView(
        credential_id=card.credential_id,
        reasons=card.reasons,
        in_grace=card.in_grace,
        age_band=card.age_band,
        by_officer=card.by_officer,
        holder=holder,
    )


def _place(state: LiveState, main: LivePassage) -> str:
    if main is state.front:
        return "front"
    return "passing" if main is state.passing else "approaching"


def _behind(state: LiveState) -> int:
    """Count the vehicles that come after the one shown."""
    shown_is_coming = state.front is None and bool(state.approaching)
    return len(state.approaching) - int(shown_is_coming)


def troubles_of(state: LiveState) -> tuple[str, ...]:
    """Name what does not answer; the reader is not missed where the lane is closed."""
    works = {
        "reader": state.reader_live,
        "camera": state.camera_live,
        "inputs": state.inputs_live,
        "record": state.record_ok,
    }
    return tuple(name for name, fine in works.items() if not fine)


def list_age(card_list: LiveList) -> ListAge:
    """Return the age of the list in the unit that it is written in."""
    age = card_list.age_s
    amount, unit = None, "unknown"
    if age is not None and age < SECOND_STEPS:
        amount, unit = 0, "now"
    elif age is not None and age < HOUR:
        amount, unit = int(age // SECOND_STEPS), "minutes"
    elif age is not None and age < 2 * DAY:
        amount, unit = int(age // HOUR), "hours"
    elif age is not None:
        amount, unit = int(age // DAY), "days"
    return ListAge(number=card_list.number, standing=card_list.standing, amount=amount, unit=unit)


def _refused(state: LiveState, seat: Seat) -> str | None:
    """Return why the newest command had no effect; an older refusal is over with the next."""
    newest = state.last_command >= seat.newest_command
    return state.last_command_refused if newest and seat.mine else None


def _once(state: LiveState | None, seat: Seat) -> str:
    main = main_passage(state) if state else None
    passage = main.passage_id if main else None
    return str(uuid5(ONCE, f"{seat.officer} {seat.row.lane} {passage} {seat.newest_command}"))


def is_asking(view: BoothView) -> bool:
    """Tell whether a name or picture is still on its way."""
    cards = view.passage.cards if view.passage else ()
    return any(card.holder and card.holder.standing is Standing.ASKING for card in cards)
