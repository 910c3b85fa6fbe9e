from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.unit.shared.web.sample_app import DONE, NAMES, create_app


class StoppedClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **step: float) -> None:
        self.now += timedelta(**step)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def app(clock: StoppedClock) -> Flask:
    NAMES.clear()
    DONE.clear()
    return create_app(clock=clock)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
