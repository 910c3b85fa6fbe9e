from typing import Any

import pytest

from services.lane_gateway.domain.admission import Verdict
from services.lane_gateway.domain.authorisation import AuthorisationKind, Misfit
from services.lane_gateway.domain.gate_events import (
    Commit,
    Committed,
    IORestored,
    Lapsed,
    ModeSet,
    SignedOn,
)
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.signals import SHUT, Signal
from tests.unit.lane_gateway.builders import named
from tests.unit.lane_gateway.gate_bench import (
    A,
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
