"""``python -m services.lane_gateway VERB``."""

import sys

from services.lane_gateway.cli import main

raise SystemExit(main(sys.argv[1:]))
