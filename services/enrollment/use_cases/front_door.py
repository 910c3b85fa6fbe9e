"""Everything the enrollment service can be asked to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.enrollment.domain.center import Center
from services.enrollment.domain.program import Policy
from services.enrollment.domain.travel import TRAVEL
from services.enrollment.use_cases.activate_card import ActivateAtCenter, ActivateCard
from services.enrollment.use_cases.add_site import AddSite
from services.enrollment.use_cases.amend_application import AmendApplication
from services.enrollment.use_cases.book_slot import BookSlot, ConfirmHold
from services.enrollment.use_cases.cancel_appointment import CancelAppointment
from services.enrollment.use_cases.change_vehicles import ChangeVehicles
from services.enrollment.use_cases.erase_person import ErasePerson, KeepReceipt
from services.enrollment.use_cases.follow_lanes import FollowLanes
from services.enrollment.use_cases.follow_passkeys import FollowPasskeys, SignRosters
from services.enrollment.use_cases.follow_selections import FollowSelections
from services.enrollment.use_cases.follow_vetting import FollowVetting
from services.enrollment.use_cases.forget_old_records import ForgetOldRecords
from services.enrollment.use_cases.hold_slot import HoldSlot
from services.enrollment.use_cases.issue_card import HandOverCard, IssueCard, VoidCard
from services.enrollment.use_cases.keep_time import (
    ExpireHolds,
    LapseApplications,
    LapseCards,
    MoveAgeBands,
    OpenCalendars,
    SignHead,
)
from services.enrollment.use_cases.ports import CardRandomness, Transactions
from services.enrollment.use_cases.read_display_record import ReadDisplayRecord
from services.enrollment.use_cases.read_file import ReadDay, ReadFile
from services.enrollment.use_cases.read_own import ReadOwn
from services.enrollment.use_cases.reading import Queries
from services.enrollment.use_cases.receive_visitor import CheckIn, MissAppointment
from services.enrollment.use_cases.record_case import RecordCase
from services.enrollment.use_cases.record_decision import RecordDecision
from services.enrollment.use_cases.record_interview import RecordInterview
from services.enrollment.use_cases.report_card import ReportCard
from services.enrollment.use_cases.request_information import RequestInformation
from services.enrollment.use_cases.save_step import SaveStep
from services.enrollment.use_cases.start_application import StartApplication
from services.enrollment.use_cases.submit_application import SubmitApplication
from services.enrollment.use_cases.watching_cards import CardWatch
from services.enrollment.use_cases.withdraw_application import WithdrawApplication
from shared.clock import Clock
from shared.ids import NewId
from shared.retention import RetentionRow


@dataclass(frozen=True, kw_only=True)
class UseCases:
    """The service's front door; web, messages and cli see nothing else."""

    activate_at_center: ActivateAtCenter
    activate_card: ActivateCard
    add_site: AddSite
    amend_application: AmendApplication
    book_slot: BookSlot
    cancel_appointment: CancelAppointment
    change_vehicles: ChangeVehicles
    check_in: CheckIn
    confirm_hold: ConfirmHold
    erase_person: ErasePerson
    expire_holds: ExpireHolds
    follow_lanes: FollowLanes
    follow_passkeys: FollowPasskeys
    follow_selections: FollowSelections
    follow_vetting: FollowVetting
    forget_old_records: ForgetOldRecords
    hand_over_card: HandOverCard
    hold_slot: HoldSlot
    issue_card: IssueCard
    keep_receipt: KeepReceipt
    lapse_applications: LapseApplications
    lapse_cards: LapseCards
    miss_appointment: MissAppointment
    move_age_bands: MoveAgeBands
    open_calendars: OpenCalendars
    read_day: ReadDay
    read_display_record: ReadDisplayRecord
    read_file: ReadFile
    read_own: ReadOwn
    record_case: RecordCase
    record_decision: RecordDecision
    record_interview: RecordInterview
    report_card: ReportCard
    request_information: RequestInformation
    save_step: SaveStep
    sign_head: SignHead
    sign_rosters: SignRosters
    start_application: StartApplication
    submit_application: SubmitApplication
    void_card: VoidCard
    withdraw_application: WithdrawApplication


def open_front_door(
    *,
    transactions: Transactions,
    queries: Queries,
    policy: Policy,
    retention: Sequence[RetentionRow],
    centers: Sequence[Center],
    random: CardRandomness,
    clock: Clock,
    new_id: NewId,
) -> UseCases:
    """Join each use case with what it needs; long, since there is one line for each."""
    book = BookSlot(transactions=transactions, clock=clock, new_id=new_id)
    return UseCases(
        activate_at_center=ActivateAtCenter(transactions=transactions, clock=clock),
        activate_card=ActivateCard(transactions=transactions, policy=policy, clock=clock),
        add_site=AddSite(transactions=transactions),
        amend_application=AmendApplication(transactions=transactions, policy=policy, clock=clock),
        book_slot=book,
        cancel_appointment=CancelAppointment(transactions=transactions, clock=clock),
        change_vehicles=ChangeVehicles(transactions=transactions, policy=policy, clock=clock),
        check_in=CheckIn(transactions=transactions),
        confirm_hold=ConfirmHold(book_slot=book, transactions=transactions),
        erase_person=ErasePerson(transactions=transactions, clock=clock),
        expire_holds=ExpireHolds(transactions=transactions, clock=clock),
        follow_lanes=FollowLanes(
            transactions=transactions,
            watch=CardWatch(travel=TRAVEL, clock=clock, new_id=new_id),
        ),
        follow_passkeys=FollowPasskeys(transactions=transactions, clock=clock),
        follow_selections=FollowSelections(transactions=transactions, new_id=new_id),
        follow_vetting=FollowVetting(transactions=transactions, clock=clock),
        forget_old_records=ForgetOldRecords(
            transactions=transactions, retention=retention, clock=clock
        ),
        hand_over_card=HandOverCard(transactions=transactions, policy=policy, clock=clock),
        hold_slot=HoldSlot(transactions=transactions, clock=clock, new_id=new_id),
        issue_card=IssueCard(transactions=transactions, clock=clock, random=random, new_id=new_id),
        keep_receipt=KeepReceipt(transactions=transactions),
        lapse_applications=LapseApplications(transactions=transactions, clock=clock),
        lapse_cards=LapseCards(transactions=transactions, clock=clock),
        miss_appointment=MissAppointment(transactions=transactions, clock=clock),
        move_age_bands=MoveAgeBands(transactions=transactions, clock=clock),
        open_calendars=OpenCalendars(transactions=transactions, clock=clock, centers=centers),
        read_day=ReadDay(transactions=transactions, queries=queries),
        read_display_record=ReadDisplayRecord(transactions=transactions),
        read_file=ReadFile(transactions=transactions),
        read_own=ReadOwn(transactions=transactions),
        record_case=RecordCase(transactions=transactions),
        record_decision=RecordDecision(transactions=transactions, policy=policy, clock=clock),
        record_interview=RecordInterview(
            transactions=transactions, policy=policy, clock=clock, random=random, new_id=new_id
        ),
        report_card=ReportCard(transactions=transactions, clock=clock),
        request_information=RequestInformation(transactions=transactions, clock=clock),
        save_step=SaveStep(transactions=transactions, policy=policy, clock=clock),
        sign_head=SignHead(transactions=transactions, clock=clock),
        sign_rosters=SignRosters(transactions=transactions, clock=clock),
        start_application=StartApplication(
            transactions=transactions, policy=policy, clock=clock, new_id=new_id
        ),
        submit_application=SubmitApplication(transactions=transactions, policy=policy, clock=clock),
        void_card=VoidCard(transactions=transactions, clock=clock),
        withdraw_application=WithdrawApplication(transactions=transactions, clock=clock),
    )
