from dataclasses import replace

import pytest

from services.vetting.domain.officer import SupervisorNeeded
from services.vetting.domain.watchlist import synthetic
from services.vetting.domain.watchlist.birth_date import BirthDate
from services.vetting.domain.watchlist.release import ListShrank
from services.vetting.domain.watchlist.synthetic import Invented
from services.vetting.domain.watchlist.unreadable import ListUnreadable
from services.vetting.domain.watchlist.watchlist import Format
from tests.integration.vetting.conftest import OLGA, SARA, Vetting

NEW = Invented(number=0, given="Fenton", surnames="Coldharbour", born=BirthDate(1970, 2, 3))


def test_a_new_version_keeps_what_changed_and_shows_it(vetting: Vetting) -> None:
    vetting.load()
    people = synthetic.invented_people(40, seed=7)
    kept = (replace(people[0], born=BirthDate(1971, 1, 2)), *people[1:])
    files = synthetic.ofac_files((*kept[:39], replace(NEW, number=1)))

    loaded = vetting.use_cases.load_watchlist(Format.OFAC_SDN, files, staff=OLGA)

    assert (loaded.version, loaded.entries) == (2, 40)
    diff = vetting.parts.queries().diff("ofac-sdn", 2)
    assert (diff.version.added, diff.version.changed, diff.version.removed) == (1, 1, 1)
    assert diff.added == [("1", "Fenton COLDHARBOUR")]
    assert diff.changed[0][1] == f"{people[0].given} {people[0].surnames.upper()}"
    assert diff.removed[0][0] == str(people[39].number)


def test_the_same_list_again_makes_no_new_version(vetting: Vetting) -> None:
    vetting.load()
    again = vetting.load()

    assert (again.version, again.new) == (1, False)


def test_a_list_that_shrank_by_over_a_fifth_needs_a_supervisor(vetting: Vetting) -> None:
    vetting.load(count=40)

    with pytest.raises(ListShrank):
        vetting.load(count=31, staff=OLGA)
    with pytest.raises(SupervisorNeeded):
        vetting.load(count=31, staff=OLGA, accept_shrunken=True)
    assert vetting.parts.queries().lists()[0].number == 1
    assert vetting.load(count=31, staff=SARA, accept_shrunken=True).version == 2


@pytest.mark.parametrize("name", ["sdn.csv", "alt.csv", "add.csv"])
def test_a_file_cut_in_half_changes_nothing(vetting: Vetting, name: str) -> None:
    vetting.load()
    files = synthetic.ofac_files(synthetic.invented_people(44, seed=7))
    files[name] = files[name][: len(files[name]) // 2]

    with pytest.raises(ListUnreadable) as refusal:
        vetting.use_cases.load_watchlist(Format.OFAC_SDN, files, staff=SARA)

    assert refusal.value.file == name
    assert vetting.parts.queries().lists()[0].number == 1


def test_several_lists_are_screened_together(vetting: Vetting) -> None:
    vetting.load()
    local = (
        b"entry,name,aliases,birth_date,countries,documents,program\n"
        b"L1,Zenobia Quijorna Zarzalejo,,1984-05-17,MX,,local\n"
    )
    vetting.use_cases.load_watchlist(Format.CSV, {"local.csv": local}, staff=SARA)

    case_id = vetting.claimed(vetting.submit())

    file = vetting.use_cases.open_file(case_id, staff=OLGA, purpose="own_case")
    assert [(hit.list, hit.entry) for hit in file.hits] == [("local", "L1")]
    assert file.case.list_version == "local 1, ofac-sdn 1"
