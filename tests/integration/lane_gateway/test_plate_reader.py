"""The camera's link against a camera on a real socket."""

import time
from collections.abc import Iterator

import pytest

from services.lane_gateway.devices.plate_reader import LONGEST_LINE, CameraLink
from services.lane_gateway.domain.evidence import PlateRead
from services.lane_gateway.simulator.camera import Camera


@pytest.fixture
def camera() -> Iterator[Camera]:
    camera = Camera()
    camera.start()
    yield camera
    camera.stop()


@pytest.fixture
def link(camera: Camera) -> Iterator[CameraLink]:
    link = CameraLink("127.0.0.1", camera.port)
    connect(link, camera)
    yield link
    link.close()


def connect(link: CameraLink, camera: Camera) -> None:
    until = time.monotonic() + 3.0
    while camera.clients == 0 or not link.live:
        assert time.monotonic() < until
        link.poll(0.01)


def plates(link: CameraLink, count: int = 1) -> list[PlateRead]:
    found: list[PlateRead] = []
    until = time.monotonic() + 2.0
    while len(found) < count and time.monotonic() < until:
        found += link.poll(0.05)
    return found


def test_a_plate_comes_with_its_region_and_how_sure_the_camera_is(
    camera: Camera, link: CameraLink
) -> None:
    camera.see("7ABC123", "CA")

    (read,) = plates(link)

    assert (read.plate, read.region, read.confidence) == ("7ABC123", "CA", 0.96)
    assert read.taken_at is not None
    assert abs(time.monotonic() - read.arrived) < 1.0


def test_nothing_comes_when_nothing_is_seen(link: CameraLink) -> None:
    assert link.poll(0.02) == []
    assert link.fileno() >= 0
    assert not link.pending()


def test_several_plates_in_one_segment_are_all_read(camera: Camera, link: CameraLink) -> None:
    for number in range(20):
        camera.see(f"7ABC{number:03}", "CA")

    assert len(plates(link, 20)) == 20


@pytest.mark.fault(8)
def test_a_plate_that_comes_byte_by_byte_is_one_plate(camera: Camera, link: CameraLink) -> None:
    camera.faults.byte_by_byte = True
    camera.see("7ABC123", "CA")

    assert [read.plate for read in plates(link)] == ["7ABC123"]


@pytest.mark.parametrize(
    "line",
    [
        b"{broken",
        b"[]",
        b"null",
        b'{"plate": 7, "region": "CA", "confidence": 0.9}',
        b'{"plate": "7ABC123", "region": "CA", "confidence": 7}',
        b'{"plate": "7ABC123", "region": "CA", "confidence": "much"}',
        b'{"plate": "7ABC123", "region": "CA", "confidence": 0.9, "at": "noon"}',
        b'{"plate": "7ABC123"}',
        b"\xff\xfe",
        b"[" * 3000,
    ],
)
def test_a_line_that_is_no_plate_is_counted_and_skipped(
    camera: Camera, link: CameraLink, line: bytes
) -> None:
    camera.send(line)
    camera.see("7ABC123", "CA")

    assert [read.plate for read in plates(link)] == ["7ABC123"]
    assert link.bad_lines == 1


@pytest.mark.parametrize("length", [LONGEST_LINE + 1, 200_000])
def test_a_line_without_end_is_skipped_to_its_end(
    camera: Camera, link: CameraLink, length: int
) -> None:
    camera.send(b"x" * length)
    camera.see("7ABC123", "CA")

    assert [read.plate for read in plates(link)] == ["7ABC123"]
    assert link.bad_lines == 1


def test_a_time_without_a_zone_is_no_time(camera: Camera, link: CameraLink) -> None:
    camera.send(
        b'{"plate": "7ABC123", "region": "CA", "confidence": 1, "at": "2026-11-24T10:00:00"}'
    )

    assert [read.taken_at for read in plates(link)] == [None]


def test_a_lost_camera_is_no_error_and_comes_back_by_itself(
    camera: Camera, link: CameraLink
) -> None:
    camera.disconnect()
    assert link.poll(0.1) == []
    assert not link.live
    assert link.fileno() == -1

    connect(link, camera)
    camera.see("7ABC123", "CA")
    assert len(plates(link)) == 1


def test_a_camera_that_is_not_there_is_tried_again_but_not_hammered(camera: Camera) -> None:
    camera.stop()
    link = CameraLink("127.0.0.1", camera.port)
    started = time.monotonic()
    while time.monotonic() - started < 0.3:
        assert link.poll(0.01) == []
    assert not link.live
    link.close()
    link.close()


def test_a_misread_differs_in_one_sign_and_is_not_sure_of_itself() -> None:
    camera = Camera(misread_rate=1.0, seed=5)
    try:
        read = camera.see("7ABC180", "CA")
    finally:
        camera.stop()

    assert read is not None
    assert sum(one != other for one, other in zip(read, "7ABC180", strict=True)) == 1


def test_a_blind_camera_sees_nothing(camera: Camera) -> None:
    camera.faults.blind = True

    assert camera.see("7ABC123", "CA") is None
