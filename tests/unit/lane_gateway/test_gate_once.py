import pytest

from services.lane_gateway.domain.admission import Verdict
from services.lane_gateway.domain.authorisation import AuthorisationKind
from services.lane_gateway.domain.gate_events import (
    AttendantReset,
    Committed,
    Drive,
    FrontChanged,
    IOFailed,
    ReaderChanged,
    RecordChanged,
    Withdrawn,
)
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.domain.signals import SHUT, Lamp, Sign, Signal
from tests.unit.lane_gateway.builders import OFFICER, named
from tests.unit.lane_gateway.gate_bench import (
    A,
    Bench,
    C,
    S,
    a_bench,
    an_automatic_bench,
)


@pytest.mark.rule("R1")
def test_an_admission_waits_for_the_arm_to_come_down_behind_the_vehicle_before() -> None:
    bench = a_bench()
    bench.grant()
    bench.run(1.5)
    bench.drive_through()
    bench.run(0.5)
    assert bench.status() is GateStatus.LOWERING
    bench.feed(FrontChanged(passage_id=named("next")))
    bench.stand(A)

    bench.grant(id=named("second"), passage_id=named("next"))
    assert bench.status() is GateStatus.LOWERING
    bench.run(1.5)
    assert bench.status() is GateStatus.RISING


@pytest.mark.rule("R2")
@pytest.mark.fault(35)
def test_an_authorisation_is_used_once() -> None:
    bench = a_bench()
    bench.grant()
    bench.run(1.5)
    bench.drive_through()
    bench.run(3.0)
    assert bench.status() is GateStatus.DOWN
    bench.stand(A).run(0.1)
    bench.actions.clear()

    bench.grant()

    assert bench.lapses == ["used"]
    assert not bench.opened


@pytest.mark.rule("R2")
@pytest.mark.fault(35)
def test_the_same_authorisation_twice_at_once_opens_once() -> None:
    bench = a_bench()
    bench.commits = False
    bench.grant()
    bench.grant()
    bench.grant(id=named("second"))

    assert bench.lapses == ["used", "busy"]
    bench.feed(Committed())
    bench.feed(Committed())
    assert sum(drive.outputs.open for drive in bench.drives) == 1


@pytest.mark.rule("R1")
@pytest.mark.fault(24)
def test_a_commit_that_took_too_long_opens_nothing() -> None:
    bench = an_automatic_bench()
    bench.commits = False
    bench.grant(officer=None, open_by=bench.now + 0.25)
    bench.run(0.3)

    bench.feed(Committed())

    assert not bench.opened
    assert bench.lapses == ["expired"]


@pytest.mark.fault(24)
def test_a_card_revoked_between_decision_and_opening_opens_nothing() -> None:
    bench = a_bench()
    bench.commits = False
    bench.grant()

    bench.feed(Withdrawn(passage_id=named("front")))
    bench.feed(Committed())

    assert not bench.opened
    assert bench.lapses == ["withdrawn"]


@pytest.mark.fault(24)
def test_a_card_revoked_while_the_arm_is_up_closes_before_the_vehicle_moves() -> None:
    bench = a_bench()
    bench.grant()
    bench.run(2.0)
    assert bench.lamp() is Lamp.GREEN

    bench.feed(Withdrawn(passage_id=named("front")))

    assert bench.lamp() is Lamp.RED
    bench.run(3.0)
    assert bench.status() is GateStatus.DOWN


@pytest.mark.rule("R8")
def test_without_the_reader_nothing_is_cleared_but_an_officer_may_check() -> None:
    bench = a_bench()
    bench.feed(ReaderChanged(live=False))
    bench.grant()
    assert bench.lapses == ["reader_lost"]
    assert not bench.opened

    bench.grant(
        id=named("second"),
        kind=AuthorisationKind.AFTER_CHECKS,
        verdict=Verdict.REFER,
        reason="papers seen",
    )
    assert bench.opened


@pytest.mark.rule("R8")
@pytest.mark.fault(37)
def test_without_the_record_nothing_opens_at_all() -> None:
    bench = a_bench()
    bench.feed(RecordChanged(ok=False))
    bench.grant(kind=AuthorisationKind.SECONDARY, verdict=Verdict.REFER)
    assert bench.lapses == ["record_lost"]
    bench.override()

    bench.run(0.5)
    assert not bench.opened


@pytest.mark.rule("R8")
@pytest.mark.fault(37)
def test_a_commit_that_fails_opens_nothing() -> None:
    bench = a_bench()
    bench.commits = False
    bench.grant()
    bench.feed(RecordChanged(ok=False))
    bench.feed(RecordChanged(ok=True))
    bench.feed(Committed())

    assert not bench.opened
    assert bench.lapses == ["record_lost"]


@pytest.mark.rule("R8")
def test_without_inputs_nothing_opens() -> None:
    bench = a_bench()
    bench.feed(IOFailed())
    bench.grant(open_by=bench.now + 0.2)
    bench.now += 0.3
    bench.feed(IOFailed())

    assert not bench.opened
    assert bench.lapses == ["expired"]
    assert bench.alarms == ["io_lost"]


@pytest.mark.rule("R1")
@pytest.mark.rule("R6")
def test_a_latched_fault_keeps_the_arm_down_until_an_attendant_reset_it() -> None:
    bench = a_bench()
    bench.forced["red_proof"] = Signal.OFF
    bench.run(2.0)
    assert bench.alarms == ["lamp_proof"]
    bench.grant()
    assert not bench.opened

    del bench.forced["red_proof"]
    bench.run(1.0)
    bench.grant(id=named("second"))
    assert not bench.opened

    bench.feed(AttendantReset(officer=OFFICER))
    bench.run(0.2)
    bench.grant(id=named("third"))
    assert bench.opened


@pytest.mark.rule("R6")
def test_green_shows_only_while_the_arm_is_up_and_the_vehicle_not_yet_under_it() -> None:
    bench = a_bench()
    bench.grant()
    assert bench.lamp() is Lamp.RED
    bench.run(1.0)
    assert bench.lamp() is Lamp.RED
    bench.run(0.4)
    assert bench.status() is GateStatus.UP
    assert bench.lamp() is Lamp.GREEN

    bench.stand(A, S).scan()
    assert bench.lamp() is Lamp.RED
    bench.stand(C).run(0.2)
    assert bench.lamp() is Lamp.RED


@pytest.mark.rule("R6")
@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    ("kind", "sign"),
    [
        (AuthorisationKind.SECONDARY, Sign.SECONDARY),
        (AuthorisationKind.REDIRECT, Sign.REDIRECT),
    ],
)
def test_who_is_sent_elsewhere_sees_the_sign_and_never_green(
    kind: AuthorisationKind, sign: Sign
) -> None:
    bench = a_bench()
    bench.grant(kind=kind, verdict=Verdict.REFER)
    bench.run(2.0)
    assert bench.state.outputs.sign is sign
    bench.drive_through()
    bench.run(3.0)

    assert all(drive.outputs.lamp is Lamp.RED for drive in bench.drives)
    assert bench.state.outputs == SHUT


def test_drives_are_asked_for_only_when_they_change_something() -> None:
    bench = a_bench()
    bench.run(2.0)

    assert not [action for action in bench.actions if isinstance(action, Drive)]


def test_the_bench_has_loops_that_the_gate_reads() -> None:
    bench = Bench()

    assert bench.stand(A, S, C).inputs().closing is Signal.ON


def waiting() -> Bench:
    """Return a gate whose arm comes down while the next vehicle's admission waits."""
    bench = a_bench()
    bench.grant()
    bench.run(1.5)
    bench.drive_through()
    bench.run(0.3)
    bench.feed(FrontChanged(passage_id=named("next")))
    bench.stand(A).run(0.1)
    assert bench.status() is GateStatus.LOWERING
    bench.actions.clear()
    bench.grant(id=named("second"), passage_id=named("next"))
    return bench


@pytest.mark.rule("R1")
@pytest.mark.rule("R2")
def test_what_waits_for_the_arm_is_not_for_whoever_comes_next_onto_loop_a() -> None:
    bench = waiting()
    bench.stand().run(0.7)
    bench.stand(A).run(1.5)

    assert not bench.opened
    assert bench.lapses == ["not_at_gate"]


@pytest.mark.rule("R2")
def test_a_loop_that_flickers_does_not_take_what_waits() -> None:
    bench = waiting()
    bench.stand().run(0.2)
    bench.stand(A).run(1.5)

    assert bench.opened


@pytest.mark.rule("R2")
@pytest.mark.parametrize("over", [False, True])
def test_loops_that_cannot_be_read_end_an_authorisation_unless_its_vehicle_is_over_s(
    over: bool,  # noqa: FBT001
) -> None:
    bench = a_bench()
    bench.grant()
    bench.run(1.5)
    if over:
        bench.stand(A, S).run(0.5)
    bench.forced |= dict.fromkeys((A, S, C), Signal.UNKNOWN)
    bench.run(1.0)

    assert bench.lapses == ([] if over else ["not_at_gate"])
    assert bench.state.outputs.open, "the arm stays off whoever may be under it"
