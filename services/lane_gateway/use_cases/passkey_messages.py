"""What headquarters hears of officers' passkeys; no name is in it."""

from datetime import datetime
from uuid import UUID

from services.lane_gateway.domain.passkey import Passkey
from shared.events import Outgoing


def added(passkey: Passkey) -> Outgoing:
    """Tell of a passkey that waits for its confirmation."""
    body: dict[str, object] = {
        "passkey_id": str(passkey.id),
        "credential_id": passkey.credential_id,
        "public_key": passkey.public_key,
        "officer": passkey.officer,
        "authority": passkey.authority,
        "roles": sorted(passkey.roles),
        "at": _instant(passkey.added_at),
    }
    return _message("lane_gateway.passkey_added.v1", passkey, body)


def confirmed(passkey: Passkey, *, by: str, at: datetime) -> Outgoing:
    """Tell who confirmed a passkey."""
    return _message("lane_gateway.passkey_confirmed.v1", passkey, _word(passkey, by, at))


def dropped(passkey: Passkey, *, by: str, at: datetime) -> Outgoing:
    """Tell who dropped a passkey."""
    return _message("lane_gateway.passkey_dropped.v1", passkey, _word(passkey, by, at))


def alarm(alarm_id: UUID, code: str, *, at: datetime) -> Outgoing:
    """Raise an alarm of the whole site: it belongs to no lane."""
    return Outgoing(
        type="lane_gateway.alarm_raised.v1",
        subject=f"alarm-{alarm_id}",
        body={
            "alarm_id": str(alarm_id),
            "code": code,
            "lane": None,
            "at": _instant(at),
        },
    )


def _word(passkey: Passkey, by: str, at: datetime) -> dict[str, object]:
    return {"passkey_id": str(passkey.id), "officer": by, "at": _instant(at)}


def _message(kind: str, passkey: Passkey, body: dict[str, object]) -> Outgoing:
    return Outgoing(type=kind, subject=f"passkey-{passkey.id}", body=body)


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
