"""Everything the enrollment service can be asked to do."""

from dataclasses import dataclass

from services.enrollment.use_cases.activate_card import ActivateAtCenter, ActivateCard
from services.enrollment.use_cases.add_site import AddSite
from services.enrollment.use_cases.amend_application import AmendApplication
from services.enrollment.use_cases.book_slot import BookSlot, ConfirmHold
from services.enrollment.use_cases.cancel_appointment import CancelAppointment
from services.enrollment.use_cases.change_vehicles import ChangeVehicles
from services.enrollment.use_cases.erase_person import ErasePerson, KeepReceipt
from services.enrollment.use_cases.follow_lanes import FollowLanes
from services.enrollment.use_cases.follow_vetting import FollowVetting
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
from services.enrollment.use_cases.read_display_record import ReadDisplayRecord
from services.enrollment.use_cases.read_file import ReadDay, ReadFile
from services.enrollment.use_cases.read_own import ReadOwn
from services.enrollment.use_cases.receive_visitor import CheckIn, MissAppointment
from services.enrollment.use_cases.record_case import RecordCase
from services.enrollment.use_cases.record_decision import RecordDecision
from services.enrollment.use_cases.record_interview import RecordInterview
from services.enrollment.use_cases.report_card import ReportCard
from services.enrollment.use_cases.request_information import RequestInformation
from services.enrollment.use_cases.save_step import SaveStep
from services.enrollment.use_cases.start_application import StartApplication
from services.enrollment.use_cases.submit_application import SubmitApplication
from services.enrollment.use_cases.withdraw_application import WithdrawApplication


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
    follow_vetting: FollowVetting
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
    start_application: StartApplication
    submit_application: SubmitApplication
    void_card: VoidCard
    withdraw_application: WithdrawApplication
