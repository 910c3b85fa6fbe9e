"""``python -m services.enrollment VERB``."""

import sys

from services.enrollment.cli import main

raise SystemExit(main(sys.argv[1:]))
