"""Where things are in a checkout of the project."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The top of the tree."""

RUN = ROOT / ".run"
"""Everything the demo and the tests write; safe to delete while neither runs."""
