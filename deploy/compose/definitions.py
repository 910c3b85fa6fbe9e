"""Write ``deploy/rabbitmq/definitions.json`` from the topology: ``... deploy.compose.definitions``.

Everything but the users, who come with their passwords from a secret file. A guard keeps the file
and the topology equal.
"""

import json
import sys

from deploy.compose.secrets import SITE
from deploy.local.paths import ROOT
from shared.messaging.topology import definitions, topology, users

FILE = ROOT / "deploy" / "rabbitmq" / "definitions.json"


def without_users() -> dict[str, object]:
    """Return the definitions of the composed system, less its users."""
    layout = topology({SITE})
    whole = definitions(layout, {user: f"unused-{user}" for user in users(layout)})
    return {name: value for name, value in whole.items() if name != "users"}


def main() -> int:
    """Write the file."""
    FILE.write_text(json.dumps(without_users(), indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
