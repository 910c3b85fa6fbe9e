"""Every variable that a service reads is documented, and no other; demo and compose set them."""

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from deploy.local.layout import SERVICES, plan_layout
from deploy.local.paths import ROOT
from deploy.local.postgres import PostgresServer
from deploy.local.processes import service_environment

DOCUMENT = ROOT / "docs" / "operations.md"
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
FROM_FILE = ("DATABASE_URL_FILE", "BROKER_URL_FILE")
READ_BY = [name for name in SERVICES if (ROOT / "services" / name / "config.py").exists()]


def read_by(service: str) -> set[str]:
    """Return the names, without prefix, that the service's ``config.py`` looks up."""
    prefix = f"{service.upper()}_"
    tree = ast.parse((ROOT / "services" / service / "config.py").read_text())
    words = {
        node.value.removeprefix(prefix)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {word for word in words if NAME.fullmatch(word)}


def documented(heading: str) -> set[str]:
    text = DOCUMENT.read_text()
    section = text.partition(f"\n### {heading}\n")[2].partition("\n## ")[0].partition("\n### ")[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE))


def composed(service: str) -> Mapping[str, str]:
    whole: dict[str, Any] = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text())
    environment: Mapping[str, str] = whole[f"x-{service.replace('_', '-')}-environment"]
    return environment


def given(environment: Mapping[str, str], service: str) -> set[str]:
    prefix = f"{service.upper()}_"
    names = {name.removeprefix(prefix) for name in environment if name.startswith(prefix)}
    return {name.removesuffix("_FILE") if name in FROM_FILE else name for name in names}


@pytest.mark.parametrize("service", READ_BY)
def test_every_variable_is_documented_and_no_other(service: str) -> None:
    assert read_by(service) == documented("Every service") | documented(service)


@pytest.mark.parametrize("service", READ_BY)
def test_demo_and_compose_set_what_is_read(service: str, tmp_path: Path) -> None:
    layout = plan_layout(tmp_path)
    demo = service_environment(layout, PostgresServer(layout.postgres), service)

    assert read_by(service) <= given(demo, service)
    assert read_by(service) <= given(composed(service), service)
