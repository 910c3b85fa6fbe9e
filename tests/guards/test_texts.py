from pathlib import Path

import pytest

from shared.web.language import CATALOG
from shared.web.texts import bare_texts, faults, main, refresh
from tests.guards.apps import ROOT, TEXT_PACKAGES

PAGE = """{% extends "layout.html" %}
<h1>{{ _("Your card") }}</h1>
{{ ngettext("%(num)s card", "%(num)s cards", 2) }}
"""


@pytest.mark.parametrize("package", TEXT_PACKAGES, ids=lambda path: path.parent.name)
def test_every_text_has_its_spanish_and_no_spanish_is_left_over(package: Path) -> None:
    assert faults(package) == []


@pytest.mark.parametrize("package", TEXT_PACKAGES, ids=lambda path: path.parent.name)
def test_no_template_holds_a_text_of_one_language_alone(package: Path) -> None:
    assert bare_texts(package) == []


def test_the_list_of_packages_is_not_empty() -> None:
    assert ROOT / "shared" / "web" in TEXT_PACKAGES


def test_missing_unused_fuzzy_and_empty_texts_are_found(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "code.py").write_text('from x import lazy as _l\nTITLE = _l("Cards")\n')

    assert refresh(tmp_path) == 3
    catalog = tmp_path / CATALOG
    text = catalog.read_text()
    assert len(faults(tmp_path)) == 3
    text = text.replace('"Your card"\nmsgstr ""', '"Your card"\nmsgstr "Su tarjeta"')
    text = text.replace('"Cards"\nmsgstr ""', '"Cards"\nmsgstr "Tarjetas"')
    text = text.replace('msgstr[0] ""', 'msgstr[0] "%(num)s tarjeta"')
    catalog.write_text(text.replace('msgstr[1] ""', 'msgstr[1] "%(num)s tarjetas"'))
    assert faults(tmp_path) == []

    (tmp_path / "code.py").write_text("")
    assert faults(tmp_path) == ["unused: 'Cards'"]
    (tmp_path / "code.py").write_text('_l("Cards")\n_("Passports")\n')
    assert faults(tmp_path) == ["missing: 'Passports'"]
    catalog.write_text(catalog.read_text().replace('msgid "Cards"', '#, fuzzy\nmsgid "Cards"'))
    assert "fuzzy: 'Cards'" in faults(tmp_path)


def test_a_translation_that_loses_a_value_is_found(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text('{{ _("Hello %(name)s", name=name) }}')
    refresh(tmp_path)
    catalog = tmp_path / CATALOG
    catalog.write_text(catalog.read_text().replace('s"\nmsgstr ""', 's"\nmsgstr "Hola %(nombre)s"'))
    assert len(faults(tmp_path)) == 1


def test_a_bare_text_is_found_in_a_page_and_in_an_attribute(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '<p>Welcome {{ name }}</p><img alt="A card"><b>&middot;</b>'
    )
    assert bare_texts(tmp_path) == ["page.html: Welcome", "page.html: A card"]


def test_the_command_says_how_many_texts_wait(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    assert main([str(tmp_path)]) == 0
    assert "2 texts wait" in capsys.readouterr().out
    assert main([]) == 2
