"""The policy rows themselves, each with its source.

Where a source gives no first day, the row begins with ``ON_RECORD``, the day from which this table
speaks for the program, and its source says "start not given".
"""

from datetime import date

from services.enrollment.domain.program import Policy, PolicyRow, Rule, Unit

SENTRI = "sentri"
ON_RECORD = date(2013, 1, 1)


def _sentri(
    rule: Rule, value: int, unit: Unit, source: str, *, start: date = ON_RECORD
) -> PolicyRow:
    return PolicyRow(
        program=SENTRI, rule=rule, value=value, unit=unit, valid_from=start, source=source
    )


POLICY = Policy(
    rows=(
        _sentri(
            Rule.FEE,
            122_25,
            Unit.US_CENTS,
            "application, fingerprint and systems cost fees before 89 FR 22607; start not given",
        ),
        _sentri(
            Rule.FEE,
            120_00,
            Unit.US_CENTS,
            "89 FR 22607 (2024-06851), paid with the application, not refunded",
            start=date(2024, 10, 1),
        ),
        _sentri(
            Rule.VALIDITY_YEARS,
            5,
            Unit.YEARS,
            "five years, ending on the member's birthday; start not given",
        ),
        _sentri(Rule.MINIMUM_AGE, 0, Unit.YEARS, "no minimum age; start not given"),
        _sentri(
            Rule.CONSENT_AGE, 18, Unit.YEARS, "under 18 a parent or guardian consents; no start"
        ),
        _sentri(
            Rule.VEHICLES_PER_MEMBER, 4, Unit.COUNT, "up to 4 vehicles a member; start not given"
        ),
        _sentri(
            Rule.MEMBERS_PER_VEHICLE, 8, Unit.COUNT, "up to 8 members a vehicle; start not given"
        ),
        _sentri(Rule.LAPSE_DAYS, 30, Unit.DAYS, "schedule within 30 days (2013); start not given"),
        _sentri(
            Rule.LAPSE_DAYS,
            485,
            Unit.DAYS,
            "Del Rio News-Herald, 2020-07-02",
            start=date(2020, 7, 2),
        ),
        _sentri(
            Rule.LAPSE_DAYS,
            545,
            Unit.DAYS,
            "Homeland Security Today, 2020-07-20",
            start=date(2020, 7, 20),
        ),
        _sentri(
            Rule.LAPSE_DAYS,
            730,
            Unit.DAYS,
            "730 days to complete the interview; start not given, set with the fee rule of 2024",
            start=date(2024, 10, 1),
        ),
        _sentri(Rule.GRACE_MONTHS, 6, Unit.MONTHS, "6 months before 2020; start not given"),
        _sentri(
            Rule.GRACE_MONTHS,
            18,
            Unit.MONTHS,
            "Homeland Security Today, 2020-07-20",
            start=date(2020, 7, 20),
        ),
        _sentri(
            Rule.GRACE_MONTHS,
            24,
            Unit.MONTHS,
            "24 months for renewals filed in time; start not given, first seen in January 2023",
            start=date(2023, 1, 10),
        ),
        _sentri(
            Rule.LOOK_BACK_YEARS,
            5,
            Unit.YEARS,
            "five years of residence and employment, form CBP 823S; start not given",
        ),
        _sentri(
            Rule.ACTIVATION_DAYS,
            30,
            Unit.DAYS,
            "a card is activated within 30 days or stays without effect; start not given",
        ),
    )
)
