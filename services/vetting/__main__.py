"""``python -m services.vetting``."""

import sys

from services.vetting.cli import main

raise SystemExit(main(sys.argv[1:]))
