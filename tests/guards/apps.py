"""Every web application of the product, for the guards that look at all of them.

A service adds its factory here. Nothing behind the factory is called: access is decided before a
view runs, so use cases may be missing.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from flask import Flask

from services.enrollment.web.app import described_app as enrollment
from services.lane_gateway.web.app import described_app as lane_gateway
from services.vetting.bootstrap import documented as vetting
from tests.unit.shared.web import sample_app

ROOT = Path(__file__).parents[2]

APPS: Mapping[str, Callable[[], Flask]] = {
    "sample": sample_app.create_app,
    "enrollment": enrollment,
    "lane_gateway": lane_gateway,
    "vetting": vetting,
}

TEXT_PACKAGES = [
    ROOT / "shared" / "web",
    *sorted(path for path in (ROOT / "services").glob("*/web") if path.is_dir()),
]
