"""Every operation of every service keeps what its OpenAPI document says, to every role."""

import re
from collections.abc import Mapping

import pytest
from requests import codes
from schemathesis import Response

from deploy.local.layout import SERVICES
from shared.web.principal import ROLES as KNOWN_ROLES
from tests.e2e.api.callers import APPLICANT, ROLES, SITE_CLIENT, STAFF, TIMEOUT
from tests.e2e.api.judging import faults_in_problem
from tests.e2e.api.probing import SOAK, Probe
from tests.e2e.api.tally import Tally
from tests.e2e.api.walk import CHEN, Walk

EXCEPTIONS: Mapping[str, Mapping[str, str]] = {service: {} for service in SERVICES}
"""By service, operations that cannot answer both 2xx and 4xx here, each with the reason."""
LATER = {"integrator"}
"""Roles that have no door yet."""
ANONYMOUS = {codes.unauthorized, codes.not_found, codes.bad_request}
"""What nobody gets who is not signed in, beside what everybody may read."""


def test_every_role_of_the_staff_has_somebody() -> None:
    assert set(STAFF) == KNOWN_ROLES - LATER


def test_the_main_job_goes_by_calls(walk: Walk, tally: Tally) -> None:
    assert walk.job.ids["hold"]
    assert "\n".join(tally.faults.values()) == ""


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_keeps_its_document(
    walk: Walk,
    tally: Tally,
    seed: int,
    soak: bool,  # noqa: FBT001 - a fixture, given by its name
    service: str,
    role: str,
) -> None:
    probe = Probe(talk=walk.talk, ground=walk.ground, seed=seed, times=SOAK if soak else 1)
    if (service, role) == ("enrollment", APPLICANT):
        probe.prepare = lambda: walk.keep_a_draft(CHEN)
    probe.everything(service, role)

    assert "\n".join(tally.faults_of(service, role)) == ""


@pytest.mark.parametrize(
    ("service", "role"),
    [("enrollment", APPLICANT), ("vetting", "supervisor"), ("lane_gateway", "port")],
)
def test_other_methods_are_refused(walk: Walk, service: str, role: str) -> None:
    caller, paths = walk.ground.callers.of(service, role), dict[str, set[str]]()
    for operation in walk.talk.documents[service].operations.values():
        paths.setdefault(operation.path, set()).add(operation.method.upper())

    for path, known in paths.items():
        names = frozenset(re.findall(r"{(\w+)}", path))
        values = walk.ground.places(names)[0].values if names else {}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
            url = caller.address + path.format(**values)
            answer = caller.session.request(method, url, headers=caller.headers(), timeout=TIMEOUT)
            assert answer.status_code == codes.method_not_allowed, (method, path)
            assert set(answer.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == known
            assert not list(faults_in_problem(Response.from_requests(answer, verify=True)))


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_has_succeeded_and_refused(walk: Walk, tally: Tally, service: str) -> None:
    operations = walk.talk.documents[service].operations
    lacking = tally.lacking(service, operations)

    assert lacking.keys() == EXCEPTIONS[service].keys(), lacking
    assert set(EXCEPTIONS[service]) <= set(operations)
    assert all(EXCEPTIONS[service].values())


@pytest.mark.parametrize("service", SERVICES)
def test_every_role_was_really_signed_in(walk: Walk, tally: Tally, service: str) -> None:
    document = walk.talk.documents[service]
    for role in ROLES:
        statuses = tally.statuses(service, role)
        if tally.signed_in[service, role]:
            assert statuses - ANONYMOUS, role
        invited = [each for each in document.operations.values() if document.invites(each, role)]
        if len(invited) > len(document.public()):
            assert tally.signed_in[service, role], role
    assert {role for at, role in tally.signed_in if at == service} == set(ROLES)


@pytest.mark.parametrize("role", [APPLICANT, SITE_CLIENT])
def test_what_belongs_to_others_was_asked_for(walk: Walk, tally: Tally, role: str) -> None:
    answers = {status for (who, status), number in tally.foreign.items() if who == role and number}

    assert walk.ground.applicants
    assert answers & {codes.forbidden, codes.not_found}
