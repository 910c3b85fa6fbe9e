from datetime import UTC, datetime, timedelta

from shared.web.ended import EndedInMemory


def test_an_ended_session_is_remembered_until_its_cookie_would_have_ended() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    ended = EndedInMemory()
    ended.add("first", until=now + timedelta(hours=1), now=now)
    assert ended.holds("first")
    assert not ended.holds("second")
    ended.add("second", until=now + timedelta(hours=5), now=now + timedelta(hours=2))
    assert not ended.holds("first")
    assert ended.holds("second")
