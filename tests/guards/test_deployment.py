"""What the deployment files say has to agree with the code and with each other."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from deploy.compose.definitions import FILE, without_users
from deploy.compose.secrets import BROKER_USERS, PASSWORDS, write_secrets
from deploy.local.layout import SERVICES
from deploy.local.paths import ROOT
from deploy.local.people import PEOPLE
from shared.messaging.topology import topology, users

PORTS = {
    "enrollment": ["127.0.0.1:8001:8001", "127.0.0.1:9001:9001"],
    "vetting": ["127.0.0.1:8002:8002", "127.0.0.1:9002:9002"],
    "lane-gateway": ["127.0.0.1:8003:8003", "127.0.0.1:9003:9003"],
    "keycloak": ["127.0.0.1:8080:8080"],
    "simulator": ["127.0.0.1:5084:5084", "127.0.0.1:5020:5020", "127.0.0.1:5090:5090"],
}
ROLES = {"officer", "supervisor", "center", "booth", "port", "auditor", "admin"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text())
    return loaded


def realm(name: str) -> dict[str, Any]:
    text = (ROOT / "deploy" / "keycloak" / f"{name}-realm.json").read_text()
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def test_only_the_ports_of_the_contract_are_open_and_only_to_this_machine(
    compose: dict[str, Any],
) -> None:
    opened = {
        name: service["ports"]
        for name, service in compose["services"].items()
        if "ports" in service
    }

    assert opened == PORTS


def test_the_brokers_definitions_are_those_of_the_topology() -> None:
    assert json.loads(FILE.read_text()) == without_users(), "run deploy.compose.definitions"


def test_every_secret_is_written_and_every_written_one_is_used(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    write_secrets(tmp_path)
    files = {Path(secret["file"]).name for secret in compose["secrets"].values()}
    used = {
        name if isinstance(name, str) else name["source"]
        for service in compose["services"].values()
        for name in service.get("secrets", [])
    }

    assert {path.name for path in tmp_path.iterdir()} == files == used == set(compose["secrets"])


def test_writing_the_secrets_again_changes_no_password(tmp_path: Path) -> None:
    names = [*PASSWORDS, *(f"{name}-broker-url" for name in BROKER_USERS)]
    write_secrets(tmp_path)
    first = {name: (tmp_path / name).read_text() for name in names}

    write_secrets(tmp_path)

    assert {name: (tmp_path / name).read_text() for name in names} == first
    assert len(set(first.values())) == len(names)


def test_the_broker_has_one_user_per_service_and_site(tmp_path: Path) -> None:
    write_secrets(tmp_path)
    made = json.loads((tmp_path / "rabbitmq-users").read_text())["users"]

    assert {user["name"] for user in made} == set(users(topology({"sym"})))
    assert all(user["tags"] == [] for user in made), "none may administer"


def test_no_secret_stands_in_the_compose_file(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            secret = re.search("PASSWORD|SECRET|_URL$", variable)
            held = secret and "@" in str(value)
            assert not held, f"{name}: {variable}"


def test_services_of_ours_run_without_privileges(compose: dict[str, Any]) -> None:
    ours = [service for service in compose["services"].values() if "build" in service]
    assert len(ours) > len(SERVICES)
    for service in ours:
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True
    assert re.search(r"^USER 10001:10001$", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)


def test_the_staff_realm_has_the_roles_of_the_contract_as_groups() -> None:
    staff = realm("staff")

    assert {group["name"] for group in staff["groups"]} == ROLES
    assert staff["registrationAllowed"] is False
    known = {person.username: person.role for person in PEOPLE if person.issuer == "staff"}
    assert {user["username"]: user["groups"][0] for user in staff["users"]} == known
    for client in staff["clients"]:
        assert [mapper["config"]["claim.name"] for mapper in client["protocolMappers"]] == [
            "groups"
        ]


def test_people_register_themselves_and_need_no_email() -> None:
    people = realm("people")
    profile = people["components"]["org.keycloak.userprofile.UserProfileProvider"][0]
    fields = json.loads(profile["config"]["kc.user.profile.config"][0])["attributes"]

    assert people["registrationAllowed"] is True
    assert "required" not in next(field for field in fields if field["name"] == "email")
    assert "groups" not in people


@pytest.mark.parametrize("name", ["people", "staff"])
def test_realms_demand_pkce_and_hold_no_secret(name: str) -> None:
    for client in realm(name)["clients"]:
        assert client["attributes"]["pkce.code.challenge.method"] == "S256"
        assert client["directAccessGrantsEnabled"] is False
        assert re.fullmatch(r"\$\{[A-Z_]+_OIDC_SECRET\}", client["secret"])
