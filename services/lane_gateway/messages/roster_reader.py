"""Read a signed roster: proved by a pinned key, then typed."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from services.lane_gateway.domain.passkey import SITE_ROLES
from services.lane_gateway.domain.roster import Roster, RosterEntry
from shared.crypto.roster import verify_roster
from shared.crypto.signing import PublicKeys
from shared.crypto.tampering import NotVerified


class RosterEntrySchema(Schema):
    """One passkey on the roster."""

    class Meta:
        """Newer senders may add fields; they are signed with the rest."""

        unknown = EXCLUDE

    passkey_id = fields.UUID(required=True)
    credential_id = fields.String(required=True)
    public_key = fields.String(required=True)
    officer = fields.String(required=True)
    authority = fields.String(required=True)
    roles = fields.List(fields.String(validate=validate.OneOf(sorted(SITE_ROLES))), required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> RosterEntry:
        """Return the entry."""
        return RosterEntry(**data | {"roles": frozenset(data["roles"])})


def roster_reader(
    keys: Callable[[], PublicKeys], site: str
) -> Callable[[Mapping[str, Any]], Roster]:
    """Return what turns a statement into this site's roster, or raises ``NotVerified``."""

    def read(statement: Mapping[str, Any]) -> Roster:
        signed = verify_roster(keys(), statement, site=site)
        try:
            entries = RosterEntrySchema(many=True).load(signed.entries)
        except ValidationError as error:
            raise NotVerified("The roster's entries cannot be read") from error
        return Roster(
            number=signed.number,
            issued_at=signed.issued_at,
            valid_until=signed.valid_until,
            entries={entry.credential_id: entry for entry in entries},
        )

    return read
