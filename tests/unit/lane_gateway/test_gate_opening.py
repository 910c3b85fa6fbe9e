from typing import Any

import pytest

from services.lane_gateway.domain.admission import Verdict
from services.lane_gateway.domain.authorisation import AuthorisationKind, Misfit
from services.lane_gateway.domain.gate_events import (
    AttendantReset,
    Commit,
    Committed,
    Drive,
    FrontChanged,
    IOFailed,
    IORestored,
    Lapsed,
    ModeSet,
    ReaderChanged,
    RecordChanged,
    SignedOn,
    Withdrawn,
)
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.domain.lane_policy import LaneMode
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
def test_an_admitted_vehicle_raises_the_arm_after_the_commit() -> None:
    bench = a_bench()
    bench.commits = False

    asked = bench.grant()
    assert [type(action) for action in asked] == [Commit]
    assert not bench.opened

    bench.feed(Committed())
    assert bench.opened
    assert bench.status() is GateStatus.RISING


@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("arming", Signal.OFF, "not_at_gate"),
        ("arming", Signal.UNKNOWN, "not_at_gate"),
        ("safety", Signal.ON, "safety_not_clear"),
        ("safety", Signal.UNKNOWN, "safety_not_clear"),
        ("closing", Signal.ON, "closing_not_clear"),
        ("closing", Signal.UNKNOWN, "closing_not_clear"),
        ("arm_down", Signal.UNKNOWN, "arm_not_down"),
    ],
)
def test_an_input_that_does_not_fit_keeps_the_arm_down(name: str, value: Signal, why: str) -> None:
    bench = a_bench()
    bench.forced[name] = value
    bench.scan()

    bench.grant(open_by=bench.now + 0.1)
    bench.run(0.2)

    assert not bench.opened
    assert bench.lapses[0] in {why, "expired", "arm_moved"}


@pytest.mark.rule("R1")
def test_inputs_of_more_than_a_quarter_second_ago_open_nothing() -> None:
    bench = a_bench()
    bench.now += 0.26

    bench.grant()
    assert not bench.opened
    bench.scan()
    assert bench.opened


@pytest.mark.rule("R1")
@pytest.mark.fault(35)
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"lane": "l2"}, "other_lane"),
        ({"passage_id": named("behind")}, "other_passage"),
        ({"open_by": 999.0}, "expired"),
    ],
)
def test_an_authorisation_bound_elsewhere_opens_nothing(changes: dict[str, Any], why: str) -> None:
    bench = a_bench()
    bench.grant(**changes)
    bench.run(0.5)

    assert not bench.opened
    assert bench.lapses == [why]


@pytest.mark.rule("R1")
@pytest.mark.statement(46)
@pytest.mark.statement(50)
@pytest.mark.parametrize(
    ("changes", "misfit"),
    [
        ({"counted": 2}, Misfit.COUNT_DIFFERS),
        ({"verdict": Verdict.REFER}, Misfit.NOT_CLEAR),
        ({"officer": None}, Misfit.NO_OFFICER),
        ({"officer": "somebody"}, Misfit.NO_OFFICER),
        (
            {"kind": AuthorisationKind.SECONDARY, "officer": None, "verdict": Verdict.REFER},
            Misfit.NO_OFFICER,
        ),
        ({"kind": AuthorisationKind.REDIRECT, "officer": "somebody"}, Misfit.NO_OFFICER),
        ({"kind": AuthorisationKind.AFTER_CHECKS}, Misfit.CLEAR_ALREADY),
        (
            {"kind": AuthorisationKind.AFTER_CHECKS, "verdict": Verdict.REFER, "reason": " "},
            Misfit.NO_REASON,
        ),
    ],
)
def test_an_authorisation_of_a_kind_that_does_not_fit_opens_nothing(
    changes: dict[str, Any], misfit: Misfit
) -> None:
    bench = a_bench()
    lapsed = bench.grant(**changes)[-1]

    assert not bench.opened
    assert isinstance(lapsed, Lapsed)
    assert lapsed.misfit is misfit


@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (AuthorisationKind.SECONDARY, Verdict.CLEAR),
        (AuthorisationKind.SECONDARY, Verdict.REFER),
        (AuthorisationKind.REDIRECT, Verdict.REDIRECT),
        (AuthorisationKind.AFTER_CHECKS, Verdict.REFER),
    ],
)
def test_an_officer_may_let_pass_under_another_name(
    kind: AuthorisationKind, verdict: Verdict
) -> None:
    bench = a_bench()
    bench.grant(kind=kind, verdict=verdict, reason="papers seen")

    assert bench.opened


@pytest.mark.rule("R1")
def test_a_closed_lane_opens_for_nobody() -> None:
    bench = a_bench()
    bench.feed(ModeSet(mode=LaneMode.CLOSED))

    assert isinstance(bench.grant()[-1], Lapsed)
    assert not bench.opened


@pytest.mark.rule("R1")
def test_an_officer_who_signed_off_admits_nobody() -> None:
    bench = a_bench()
    bench.feed(SignedOn(officer=None))
    bench.grant()

    assert not bench.opened


@pytest.mark.rule("R1")
def test_a_counter_that_agrees_opens_alone() -> None:
    bench = an_automatic_bench(occupants=2)
    bench.grant(officer=None, counted=2, cards_counted=2)

    assert bench.opened


@pytest.mark.rule("R1")
@pytest.mark.statement(46)
@pytest.mark.parametrize("occupants", [None, 3])
def test_without_a_counter_that_agrees_nothing_opens_alone(occupants: int | None) -> None:
    bench = an_automatic_bench(occupants)
    bench.grant(officer=None, counted=2, cards_counted=2)

    assert not bench.opened


@pytest.mark.rule("R1")
def test_alone_the_lane_makes_clear_and_nothing_else() -> None:
    bench = an_automatic_bench()
    bench.grant(officer=None, kind=AuthorisationKind.SECONDARY, verdict=Verdict.REFER)

    assert not bench.opened


@pytest.mark.fault(29)
def test_a_module_without_a_watchdog_never_opens_alone() -> None:
    bench = an_automatic_bench()
    bench.feed(IORestored(outputs=SHUT, zeroed=True, watchdog=0.0, has_counter=True))
    bench.stand().run(0.2)
    bench.stand(A).run(0.1)
    lapsed = bench.grant(officer=None)[-1]

    assert not bench.opened
    assert isinstance(lapsed, Lapsed)
    assert lapsed.misfit is Misfit.NO_WATCHDOG


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
