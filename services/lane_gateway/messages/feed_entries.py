"""Read entries of the credential feed: proved by the chain and by signed heads, then typed."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from services.lane_gateway.domain.credentials import AgeBand, CardRecord, CardStatus
from services.lane_gateway.domain.feed import CredentialChange, FeedHead
from shared.crypto.feed import HEAD, FeedMark, follow, verify_head
from shared.crypto.signing import PublicKeys
from shared.errors import Unreadable

ERASED = "erased"


class _Hex(fields.Field[bytes]):
    """Bytes, written as hexadecimal digits."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bytes:
        del attr, data, kwargs
        try:
            return bytes.fromhex(value)
        except (TypeError, ValueError):
            raise self.make_error("validator_failed") from None


class CredentialEntrySchema(Schema):
    """An entry about one card (contract B)."""

    class Meta:
        """Newer senders may add fields."""

        unknown = EXCLUDE

    credential_id = fields.UUID(required=True)
    epc = _Hex(required=True)
    tid_digest = _Hex(required=True)
    status = fields.Enum(CardStatus, by_value=True, required=True)
    programs = fields.List(fields.String(), required=True)
    age_band = fields.Enum(AgeBand, by_value=True, required=True)
    valid_until = fields.Date(required=True)
    grace_until = fields.Date(allow_none=True, load_default=None)
    list_age_limit_s = fields.Integer(allow_none=True, load_default=None)
    plates = fields.List(_Hex(), required=True, validate=validate.Length(max=4))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> CardRecord:
        """Return the card."""
        return CardRecord(
            **data | {"programs": frozenset(data["programs"]), "plates": tuple(data["plates"])}
        )


def read_entry(
    data: bytes | Mapping[str, Any], mark: FeedMark, keys: PublicKeys
) -> tuple[FeedMark, CredentialChange, FeedHead | None]:
    """Return the place after the entry, what it changes, and the head if it is one.

    Raise ``ChainBroken`` where it does not follow ``mark``, ``NotVerified`` for a head that the
    pinned keys did not sign, and marshmallow's ``ValidationError`` for a card we cannot read.
    """
    entry = _parsed(data) if isinstance(data, bytes) else data
    after = follow(mark, entry)
    kind = str(entry.get("kind"))
    if kind == HEAD:
        head = verify_head(keys, entry)
        stated = FeedHead(position=after.number, at=head.at)
        return after, CredentialChange(position=after.number, hash=after.hash, kind=kind), stated
    if kind == ERASED:
        erased = UUID(str(entry["credential_id"]))
        change = CredentialChange(position=after.number, hash=after.hash, kind=kind, erased=erased)
        return after, change, None
    record = CredentialEntrySchema().load(entry)
    change = CredentialChange(position=after.number, hash=after.hash, kind=kind, record=record)
    return after, change, None


def _parsed(data: bytes) -> Mapping[str, Any]:
    try:
        entry = json.loads(data)
    except ValueError as error:
        raise Unreadable("The feed's entry is not JSON") from error
    if not isinstance(entry, dict):
        raise Unreadable("The feed's entry is not an object")
    return entry
