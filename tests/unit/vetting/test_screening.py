import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.vetting.domain.screening.evidence import DateAgreement
from services.vetting.domain.screening.matcher import (
    ALERT_SCORE,
    Match,
    Screener,
    Source,
    Status,
    points_at,
    score_of,
)
from services.vetting.domain.screening.normal import LONGEST_NAME, normal_name, normal_number
from services.vetting.domain.screening.pairing import pair
from services.vetting.domain.screening.phonetics import skeleton, spanish_key
from services.vetting.domain.screening.query import Subject
from services.vetting.domain.watchlist.birth_date import parse_iso
from services.vetting.domain.watchlist.entry import Entry
from services.vetting.domain.watchlist.ofac_sdn import parse_ofac_sdn
from services.vetting.domain.watchlist.synthetic import invented_people, ofac_files
from tests.unit.vetting.builders import entry

CROWD = parse_ofac_sdn(ofac_files(invented_people(600, seed=20)))
TARGET = entry(aliases=("Xenobia Quijorna",), weak=("La Impresora",), documents=("G-112233.44",))


def screener(*entries: Entry) -> Screener:
    return Screener([Source(list="test", version=3, entries=[*CROWD, *(entries or (TARGET,))])])


SCREENER = screener()


def best(
    name: str,
    born: str = "1984-05-17",
    of: Screener = SCREENER,
    number: str = "900100",
    **more: object,
) -> Match | None:
    date = parse_iso(born) if born else None
    found = of.screen(Subject.of(name, birth_date=date, **more))  # type: ignore[arg-type]
    return next((match for match in found.matches if match.entry.id == number), None)


def alerts(name: str, born: str = "1984-05-17", **more: object) -> bool:
    match = best(name, born, **more)  # type: ignore[arg-type]
    return match is not None and match.score >= ALERT_SCORE


@pytest.mark.parametrize(
    "name",
    [
        "Zenobia Quijorna Zarzalejo",
        "ZARZALEJO QUIJORNA, ZENOBIA",
        "Zenobia Quijorna",
        "Zenobia Zarzalejo",
        "Zenobia María Quijorna Zarzalejo",
        "Zénobia Quíjorna Zarzaléjo",
        "Zenobia de la Quijorna y Zarzalejo",
        "Zenobia Quijorna-Zarzalejo",
        "Zenobia QuijornaZarzalejo",
        "Zenobia Quiyorna Zarzalejo",
        "Senobia Kijorna Sarsalejo",
        "Z. Quijorna Zarzalejo",
        "Zenobai Quijorna Zarzalejo",
        "Zenoba Quijrona Zarzalejo",
        "Xenobia Quijorna",
        "Зенобия Кихорна Zarzalejo",
    ],
)
def test_the_same_person_is_found_however_the_name_is_written(name: str) -> None:
    assert alerts(name)


@pytest.mark.parametrize(
    "name",
    ["Zenobia Fallowfield", "Gwyneth Quijorna Mossbank", "María López", "Zenobia", "Quijorna"],
)
def test_another_name_with_another_birth_date_does_not_alert(name: str) -> None:
    assert not alerts(name, "1971-11-02")


@pytest.mark.parametrize(
    ("born", "how"),
    [
        ("1984-05-17", DateAgreement.SAME),
        ("1984-05", DateAgreement.SAME_YEAR_KNOWN),
        ("1984", DateAgreement.SAME_YEAR_KNOWN),
        ("1985-05-17", DateAgreement.OTHER_YEAR_NEAR),
        ("1948-05-17", DateAgreement.OTHER_YEAR_SLIP),
        ("1984-05-18", DateAgreement.OTHER_DAY),
        ("1984-06-17", DateAgreement.OTHER_MONTH),
        ("1984-06-18", DateAgreement.OTHER_DAY_AND_MONTH),
        ("1985-06-18", DateAgreement.CLOSE_CONFLICT),
        ("1971-11-02", DateAgreement.CONFLICT),
        ("", DateAgreement.UNKNOWN),
    ],
)
def test_birth_dates_are_graded(born: str, how: DateAgreement) -> None:
    match = best("Zenobia Quijorna Zarzalejo", born)
    assert match is not None
    (line,) = [line for line in match.evidence if line.kind == "birth_date"]
    assert line.how == how


def test_day_and_month_swapped_is_nearly_as_good_as_the_same_date() -> None:
    listed = screener(entry(born=("1984-05-07",)))
    swapped = best("Zenobia Quijorna", "1984-07-05", of=listed)
    assert swapped is not None
    assert any(line.how == DateAgreement.SWAPPED for line in swapped.evidence)
    assert not swapped.strong


@given(st.sampled_from(["1984-05-17", "1984", "1985-05-17", "1984-06-18", "1971-11-02", ""]))
def test_a_conflicting_date_never_hides_the_exact_name(born: str) -> None:
    assert best("Zenobia Quijorna Zarzalejo", born) is not None


def test_a_hit_is_strong_only_if_a_full_date_or_a_document_agrees_beside_the_name() -> None:
    assert best("Zenobia Quijorna Zarzalejo").strong  # type: ignore[union-attr]
    assert not best("Zenobia Quijorna Zarzalejo", "1984").strong  # type: ignore[union-attr]
    by_document = best("Zenobia Quijorna Zarzalejo", "", documents=["G11223344"])
    assert by_document is not None
    assert by_document.strong
    date_alone = best("Gwyneth Mossbank")
    assert date_alone is None or not date_alone.strong


def test_the_same_document_is_found_under_a_wholly_different_name() -> None:
    match = best("Gwyneth Mossbank", "1971-11-02", documents=["g 11223344"])
    assert match is not None
    assert any(line.kind == "document" for line in match.evidence)
    assert not match.strong


def test_countries_add_and_take() -> None:
    same = best("Zenobia Quijorna", countries=["MX"])
    other = best("Zenobia Quijorna", countries=["CA"])
    unknown = best("Zenobia Quijorna")
    assert same is not None
    assert other is not None
    assert unknown is not None
    assert other.points < unknown.points < same.points


@pytest.mark.statement(26)
def test_the_explanation_adds_up_to_the_score() -> None:
    for name in ("Zenobia María Quijorna", "Z. Quijorna Zarzalejo", "Senobia Kijorna"):
        match = best(name, countries=["MX"])
        assert match is not None
        told = sum(line.points for line in match.evidence)
        assert told == pytest.approx(match.points, abs=0.3)
        assert match.score == pytest.approx(score_of(match.points), abs=1e-3)


def test_a_weak_alias_counts_less_than_a_name() -> None:
    listed = screener(entry(name="La Impresora"))
    as_name = best("Impresora Luna", of=listed)
    as_alias = best("Impresora Luna")
    assert as_name is not None
    assert as_alias is None or as_alias.points < as_name.points


@pytest.mark.parametrize(
    ("name", "born", "status"),
    [
        ("Zenobia Quijorna", "", Status.SCREENED),
        ("Quijorna", "1984-05-17", Status.SCREENED),
        ("Z. Quijorna", "1984-05-17", Status.SCREENED),
        ("Quijorna", "1984", Status.TOO_LITTLE),
        ("Z. Q.", "1984-05-17", Status.TOO_LITTLE),
        ("曾秀芳", "1984-05-17", Status.TOO_LITTLE),
        ("12345", "1984-05-17", Status.TOO_LITTLE),
        ("", "1984-05-17", Status.TOO_LITTLE),
        ("\u202e\u202d", "", Status.TOO_LITTLE),
    ],
)
def test_what_is_too_little_is_said_to_be(name: str, born: str, status: Status) -> None:
    date = parse_iso(born) if born else None
    assert SCREENER.screen(Subject.of(name, birth_date=date)).status is status


@given(st.text(max_size=60))
def test_any_name_gets_an_answer(name: str) -> None:
    SCREENER.screen(Subject.of(name))


def test_a_name_of_ten_thousand_characters_is_cut_and_answered() -> None:
    long = normal_name("Zenobia Quijorna " * 700)
    assert sum(map(len, long.parts)) <= LONGEST_NAME


def test_an_empty_list_finds_nobody() -> None:
    empty = Screener([])
    assert empty.screen(Subject.of("Zenobia Quijorna")).matches == ()


def test_only_the_entries_asked_for_are_reported() -> None:
    subject = Subject.of("Zenobia Quijorna Zarzalejo", birth_date=parse_iso("1984-05-17"))
    other = SCREENER.screen(subject, only={("test", CROWD[0].id)})
    wanted = SCREENER.screen(subject, only={("test", "900100")})
    assert "900100" not in {match.entry.id for match in other.matches}
    assert [match.entry.id for match in wanted.matches] == ["900100"]
    assert (wanted.matches[0].list, wanted.matches[0].version) == ("test", 3)


def test_names_that_mean_the_same_stand_for_each_other() -> None:
    listed = screener(entry(name="Guadalupe Quijorna"), entry("2", "Muhammad al-Robregordo"))
    assert alerts_in(listed, "Lupita Quijorna", "900100")
    assert alerts_in(listed, "Mohamed Robregordo", "2")


def alerts_in(of: Screener, name: str, number: str) -> bool:
    match = best(name, of=of, number=number)
    return match is not None and match.score >= ALERT_SCORE


@pytest.mark.parametrize(
    ("first", "second"), [("vazquez", "basques"), ("ximena", "jimena"), ("llerena", "yerena")]
)
def test_spanish_spellings_of_one_sound_have_one_key(first: str, second: str) -> None:
    assert spanish_key(first) == spanish_key(second)


def test_foreign_spellings_have_one_skeleton() -> None:
    assert skeleton("yusif") == skeleton("youssef")
    assert skeleton("khalid") == skeleton("halid")


def test_particles_go_unless_nothing_else_is_there() -> None:
    assert normal_name("Juan de la Cruz y Vega").parts == ("juan", "cruz", "vega")
    assert normal_name("Abd al-Rahman bin Said").parts == ("abd", "rahman", "said")
    assert normal_name("De La").parts == ("de", "la")
    assert normal_number(" g-1122 33/44 ") == "G11223344"


def test_points_and_scores_are_two_sides_of_one_thing() -> None:
    for points in (-4.0, 0.0, 12.0, 31.5):
        assert points_at(score_of(points)) == pytest.approx(points)


Change = Callable[[str, random.Random], str]


def dropped_surname(name: str, _: random.Random) -> str:
    return " ".join(name.split()[:-1]) if len(name.split()) > 2 else name


def swapped_letters(name: str, chance: random.Random) -> str:
    word = max(name.split(), key=len)
    at = chance.randrange(1, len(word) - 2)
    return name.replace(word, word[:at] + word[at + 1] + word[at] + word[at + 2 :])


def shuffled(name: str, chance: random.Random) -> str:
    return " ".join(chance.sample(name.split(), len(name.split())))


@pytest.mark.parametrize("change", [dropped_surname, swapped_letters, shuffled])
def test_nobody_on_a_list_is_lost_to_a_small_change(change: Change) -> None:
    chance = random.Random(5)  # noqa: S311 - the same changes in each run
    lost = []
    for listed in chance.sample(CROWD, 60):
        if not listed.birth_dates:
            continue
        name = change(listed.names[0].text, chance)
        found = SCREENER.screen(Subject.of(name, birth_date=listed.birth_dates[0]))
        if listed.id not in {match.entry.id for match in found.alerts}:
            lost.append(name)
    assert lost == []


def test_the_shortcut_loses_nobody_whom_comparing_with_everybody_finds() -> None:
    index = SCREENER.index
    everybody = np.arange(len(index), dtype=np.int32)
    for listed in CROWD[::25]:
        name = normal_name(swapped_letters(listed.names[0].text, random.Random(1)))  # noqa: S311 - the same change in each run
        subject = Subject.of(" ".join(name.parts), birth_date=parse_iso("1970-01-01"))
        expansions = [index.vocabulary.expand(part) for part in name.parts]
        names = pair(index, name.parts, expansions, everybody).points
        points = names + index.other_evidence(subject)[index.entry_of]
        best_of = {
            index.entries[int(index.entry_of[row])].id
            for row in np.flatnonzero(points >= points_at(ALERT_SCORE))
        }
        found = {match.entry.id for match in SCREENER.screen(subject).alerts}
        assert best_of <= found
