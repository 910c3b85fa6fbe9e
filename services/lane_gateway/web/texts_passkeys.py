"""What goes wrong with passkeys, in plain words."""

from collections.abc import Mapping

from shared.web.language import Text
from shared.web.language import lazy as _l

PROBLEMS: Mapping[str, Text] = {
    "passkey_refused": _l("The passkey was not accepted. Try again."),
    "challenge_gone": _l("That took longer than a minute, or was sent twice. Try again."),
    "roster_too_old": _l(
        "Passkeys do not work now: this port has had no list of its officers from headquarters for "
        "seven days. Sign in as staff, or call your supervisor."
    ),
    "passkey_unknown": _l(
        "Nobody at this port has this passkey, or it was dropped. Sign in as staff and add it."
    ),
    "passkey_unconfirmed": _l(
        "This passkey is not confirmed yet. A port supervisor confirms it; then it takes a moment "
        "until headquarters has signed the list."
    ),
    "passkey_copied": _l(
        "This passkey seems to be used by two devices, so it was refused. Your supervisor was "
        "alarmed."
    ),
    "passkey_known": _l("This passkey was added before."),
    "too_many_passkeys": _l("You have as many passkeys as one may have. Drop one first."),
    "other_officer": _l("This is another officer's passkey."),
}

ROLES: Mapping[str, Text] = {
    "booth": _l("Booth officer"),
    "port": _l("Port supervisor"),
}

STANDINGS: Mapping[str, Text] = {
    "waiting": _l("Waits for a port supervisor"),
    "confirmed": _l("Confirmed; headquarters has not signed it yet"),
    "works": _l("Works"),
}
