import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.vetting.domain.watchlist.birth_date import BirthDate, parse_iso, parse_listed
from services.vetting.domain.watchlist.countries import country_code, country_in
from services.vetting.domain.watchlist.entry import EntryKind, NameKind, entry_from_json
from services.vetting.domain.watchlist.ofac_remarks import parse_remarks
from services.vetting.domain.watchlist.ofac_sdn import FILES, parse_ofac_sdn
from services.vetting.domain.watchlist.plain_csv import parse_plain_csv
from services.vetting.domain.watchlist.release import (
    Counts,
    ListShrank,
    check_size,
    content_digest,
    difference,
)
from services.vetting.domain.watchlist.synthetic import invented_people, ofac_files, plain_csv
from services.vetting.domain.watchlist.unreadable import ListUnreadable
from tests.unit.vetting.builders import entry

END = b"\x1a"
END_ONLY = b"\n" + END
SDN = (
    b'1,"QUIJORNA ZARZALEJO, Zenobia","individual","SDNTK] [SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    b'-0- ,"DOB 17 May 1984; alt. DOB circa 1985; POB Tecate, Mexico; nationality Mexico; '
    b"Passport G11223344 (Mexico) expires 05 Mar 2031; a.k.a. 'LA IMPRESORA'.\"\n"
    b'2,"IMPRENTA LUNA, S.A. DE C.V.",-0- ,"SDNTK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n' + END
)
ALT = b'1,10,"aka","QUIJORNA, Xenobia",-0- \n' + END
ADD = b"1,10,-0- ,-0- ,-0- ,-0- \n2,20,-0- ,-0- ,-0- ,-0- \n" + END
WHOLE = {"sdn.csv": SDN, "alt.csv": ALT, "add.csv": ADD, "sdn_comments.csv": b""}


def test_an_entry_is_read_from_all_its_files() -> None:
    person, company = parse_ofac_sdn(WHOLE)

    assert [(name.text, name.kind) for name in person.names] == [
        ("Zenobia QUIJORNA ZARZALEJO", NameKind.PRIMARY),
        ("Xenobia QUIJORNA", NameKind.ALIAS),
        ("LA IMPRESORA", NameKind.WEAK),
    ]
    assert person.birth_dates == (BirthDate(1984, 5, 17), BirthDate(1985, circa=True))
    assert person.countries == ("MX",)
    assert [(d.kind, d.number, d.country) for d in person.documents] == [
        ("passport", "G11223344", "MX")
    ]
    assert person.program == "SDNTK; SDGT"
    assert (company.kind, company.name) == (EntryKind.ENTITY, "IMPRENTA LUNA, S.A. DE C.V.")
    assert entry_from_json(person.to_json()) == person


def test_remarks_go_on_in_the_comments() -> None:
    long = "Linked To: X; " * 80
    remarks = f"DOB 1950; {long}"[:1000].encode()
    sdn = b'1,"A, B","individual","X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"' + remarks + b'"\n' + END
    rest = b'1,"; Passport A1234567 (Mexico)."\n'
    files = {**WHOLE, "sdn.csv": sdn, "alt.csv": END_ONLY, "add.csv": END_ONLY}

    (person,) = parse_ofac_sdn({**files, "sdn_comments.csv": rest})
    assert [document.number for document in person.documents] == ["A1234567"]
    with pytest.raises(ListUnreadable, match="rest of remarks"):
        parse_ofac_sdn({**files, "sdn_comments.csv": b"\n"})


@pytest.mark.parametrize("name", ["sdn.csv", "alt.csv", "add.csv"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_anywhere_is_refused_whole(name: str, share: float) -> None:
    files = ofac_files(invented_people(60, seed=11))
    files[name] = files[name][: int(len(files[name]) * share)]

    with pytest.raises(ListUnreadable) as refusal:
        parse_ofac_sdn(files)
    assert refusal.value.file == name


def test_a_file_cut_at_the_end_of_a_line_is_refused() -> None:
    files = ofac_files(invented_people(60, seed=11))
    lines = files["sdn.csv"].splitlines(keepends=True)
    files["sdn.csv"] = b"".join(lines[:30])

    with pytest.raises(ListUnreadable, match="end is missing"):
        parse_ofac_sdn(files)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("sdn.csv", b"", "file_is_empty"),
        ("sdn.csv", END_ONLY, "file_is_empty"),
        ("sdn.csv", SDN.replace(b",-0- ,-0- ,-0- ", b"", 1), "wrong_number_of_columns"),
        ("sdn.csv", SDN.replace(b'"individual"', b'"robot"'), "unknown_type_of_entry"),
        ("sdn.csv", SDN.replace(b"\n2,", b"\n1,"), "number_used_twice"),
        ("sdn.csv", SDN.replace(b"Tecate", b"T\xe9cate"), "not_utf_8"),
        ("sdn.csv", SDN.replace(b"Tecate", b"T\x00cate"), "holds_null_characters"),
        ("sdn.csv", SDN.replace(b'"QUIJORNA', b"QUIJORNA"), "wrong_number_of_columns"),
        ("sdn.csv", SDN.replace(b"IMPRESORA'.\"", b"IMPRESORA'."), "quotation_is_broken"),
        ("sdn.csv", SDN + b"3", "end_is_missing"),
        ("alt.csv", ALT.replace(b"1,10", b"9,10"), "refers_to_no_entry"),
        ("add.csv", ADD.replace(b"2,20", b"9,20"), "refers_to_no_entry"),
        ("sdn_comments.csv", b'9,"x"\n', "refers_to_no_entry"),
        ("sdn_comments.csv", b'1,"x"', "end_is_missing"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(name: str, content: bytes, fault: str) -> None:
    with pytest.raises(ListUnreadable) as refusal:
        parse_ofac_sdn({**WHOLE, name: content})
    assert (refusal.value.file, refusal.value.fault) == (name, fault)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(name: str) -> None:
    with pytest.raises(ListUnreadable) as refusal:
        parse_ofac_sdn({other: content for other, content in WHOLE.items() if other != name})
    assert refusal.value.file == name


@given(st.binary(max_size=400))
def test_junk_is_refused_and_nothing_else_happens(junk: bytes) -> None:
    with pytest.raises(ListUnreadable):
        parse_ofac_sdn({**WHOLE, "sdn.csv": junk})


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("03 Jun 1961", BirthDate(1961, 6, 3)),
        ("Jun 1961", BirthDate(1961, 6)),
        ("1961", BirthDate(1961)),
        ("circa 1961", BirthDate(1961, circa=True)),
        ("1960 to 1962", BirthDate(1960, last_year=1962)),
        ("01 Jan 1960 to 31 Dec 1962", BirthDate(1960, last_year=1962)),
        ("circa 1960-1962", BirthDate(1960, last_year=1962, circa=True)),
        ("01 Jan 1960 to 31 Dec 1960", BirthDate(1960)),
        ("31 Feb 1960", None),
        ("unknown", None),
    ],
)
def test_birth_dates_of_remarks(text: str, date: BirthDate | None) -> None:
    assert parse_listed(text) == date
    if date is not None:
        assert parse_iso(str(date)) == date


@pytest.mark.parametrize("text", ["1961-13", "1961-02-30", "61", "1961-6-3", "", "1961/62"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_iso(text)


def test_documents_of_remarks() -> None:
    remarks = parse_remarks(
        "Cedula No. 40.352.000 (Venezuela); alt. Passport K 815205 issued 17 Sep 1994; "
        "C.U.R.P. ZANT553198MSLMBR53 (Mexico); Linked To: SOMEBODY; Gender Male."
    )
    assert [(d.kind, d.number, d.country) for d in remarks.documents] == [
        ("national_id", "40.352.000", "VE"),
        ("passport", "K 815205", None),
        ("national_id", "ZANT553198MSLMBR53", "MX"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [("MX", "MX"), ("mex", "MX"), ("México", "MX"), ("Korea, North", "KP"), ("Nowhere", None)],
)
def test_countries_by_code_and_name(text: str, code: str | None) -> None:
    assert country_code(text) == code


def test_the_country_of_a_place_is_at_its_end() -> None:
    assert country_in("Culiacan, Sinaloa, Mexico") == "MX"
    assert country_in("somewhere, Korea, North") == "KP"
    assert country_in("Jalisco") is None


def test_a_plain_list_is_read_and_its_faults_are_named_by_line() -> None:
    content = (
        b"entry,name,aliases,birth_date,countries,documents,program\n"
        b"L1,Ana Luz Bustarviejo,Anita B.|La Luz,1961-06-03|~1962,MX|Colombia,"
        b"passport:G99887766|X12345,local\n"
    )
    (found,) = parse_plain_csv(content)

    assert [name.text for name in found.names] == ["Ana Luz Bustarviejo", "Anita B.", "La Luz"]
    assert found.countries == ("CO", "MX")
    assert [(d.kind, d.number) for d in found.documents] == [
        ("passport", "G99887766"),
        ("", "X12345"),
    ]
    for old, new, fault in (
        (b"1961-06-03", b"3 June", "birth_date_is_wrong"),
        (b"Colombia", b"Atlantis", "country_is_unknown"),
        (b"entry,name", b"id,name", "header_is_wrong"),
        (b",local\n", b",local", "end_is_missing"),
        (b",local\n", b"\n", "wrong_number_of_columns"),
    ):
        with pytest.raises(ListUnreadable) as refusal:
            parse_plain_csv(content.replace(old, new))
        assert refusal.value.fault == fault


def test_invented_lists_are_the_same_for_the_same_seed_and_can_be_read() -> None:
    people = invented_people(50, seed=3)

    assert people == invented_people(50, seed=3) != invented_people(50, seed=4)
    assert len(parse_ofac_sdn(ofac_files(people))) == 50
    assert len(parse_plain_csv(plain_csv(people))) == 50


def test_a_fifth_less_is_accepted_and_more_is_not() -> None:
    before = Counts(entries=100, names=200, birth_dates=90)
    check_size(before, Counts(entries=80, names=160, birth_dates=72))
    for after in (
        Counts(entries=79, names=200, birth_dates=90),
        Counts(entries=100, names=159, birth_dates=90),
        Counts(entries=100, names=200, birth_dates=71),
    ):
        with pytest.raises(ListShrank):
            check_size(before, after)


def test_a_version_is_compared_entry_by_entry() -> None:
    first, second, third = entry("1"), entry("2"), entry("3")
    before = {"1": "another", "2": content_digest(second), "4": "gone"}
    diff = difference(before, [first, second, third])

    assert (diff.added, diff.changed, diff.removed) == (("3",), ("1",), ("4",))
