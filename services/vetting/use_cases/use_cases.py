"""The service's front door; web, messages and command line see nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.vetting.use_cases.acknowledge_alarm import AcknowledgeAlarm
from services.vetting.use_cases.adjudicate_hit import AdjudicateHit
from services.vetting.use_cases.amend_application import AmendApplication
from services.vetting.use_cases.ask_applicant import AskApplicant
from services.vetting.use_cases.carrying_out import CarryOut
from services.vetting.use_cases.claim_case import ClaimCase
from services.vetting.use_cases.confirm_decision import ConfirmDecision
from services.vetting.use_cases.decide_case import DecideCase
from services.vetting.use_cases.declare_tie import DeclareTie
from services.vetting.use_cases.erase_person import ErasePerson
from services.vetting.use_cases.extend_hold import ExtendHold
from services.vetting.use_cases.forget_old_records import ForgetOldRecords
from services.vetting.use_cases.keep_time import ExpireHolds, LoseLeases
from services.vetting.use_cases.lift_hold import LiftHold
from services.vetting.use_cases.load_watchlist import LoadWatchlist
from services.vetting.use_cases.look_up import LookUp
from services.vetting.use_cases.open_case import OpenCase
from services.vetting.use_cases.open_file import OpenFile
from services.vetting.use_cases.place_hold import PlaceHold
from services.vetting.use_cases.ports import Transactions
from services.vetting.use_cases.record_interview import RecordInterview
from services.vetting.use_cases.record_membership import RecordMembership
from services.vetting.use_cases.release_case import ReleaseCase
from services.vetting.use_cases.reopen_case import ReopenCase
from services.vetting.use_cases.rescreen_people import ContinueRescreen, StartRescreen
from services.vetting.use_cases.return_proposal import ReturnProposal
from services.vetting.use_cases.screening_people import PeopleScreening, Screeners
from services.vetting.use_cases.vetting_members import MemberVetting
from services.vetting.use_cases.withdraw_application import WithdrawApplication
from shared.clock import Clock
from shared.ids import NewId
from shared.retention import RetentionRow


@dataclass(frozen=True, kw_only=True)
class UseCases:
    """Everything the vetting service can be asked to do."""

    acknowledge_alarm: AcknowledgeAlarm
    adjudicate_hit: AdjudicateHit
    amend_application: AmendApplication
    ask_applicant: AskApplicant
    claim_case: ClaimCase
    confirm_decision: ConfirmDecision
    continue_rescreen: ContinueRescreen
    decide_case: DecideCase
    declare_tie: DeclareTie
    erase_person: ErasePerson
    expire_holds: ExpireHolds
    extend_hold: ExtendHold
    forget_old_records: ForgetOldRecords
    lift_hold: LiftHold
    load_watchlist: LoadWatchlist
    look_up: LookUp
    lose_leases: LoseLeases
    open_case: OpenCase
    open_file: OpenFile
    place_hold: PlaceHold
    record_interview: RecordInterview
    record_membership: RecordMembership
    release_case: ReleaseCase
    reopen_case: ReopenCase
    return_proposal: ReturnProposal
    start_rescreen: StartRescreen
    withdraw_application: WithdrawApplication


def build(
    transactions: Transactions,
    *,
    retention: Sequence[RetentionRow],
    clock: Clock,
    new_id: NewId,
) -> UseCases:
    """Wire every use case to one database."""
    screening = PeopleScreening(clock=clock, new_id=new_id, screeners=Screeners())
    members = MemberVetting(screening=screening, clock=clock, new_id=new_id)
    carry_out = CarryOut(clock=clock, new_id=new_id)
    return UseCases(
        acknowledge_alarm=AcknowledgeAlarm(transactions=transactions, clock=clock),
        adjudicate_hit=AdjudicateHit(transactions=transactions, clock=clock),
        amend_application=AmendApplication(
            transactions=transactions, screening=screening, clock=clock
        ),
        ask_applicant=AskApplicant(transactions=transactions, clock=clock, new_id=new_id),
        claim_case=ClaimCase(transactions=transactions, clock=clock),
        confirm_decision=ConfirmDecision(
            transactions=transactions, clock=clock, carry_out=carry_out
        ),
        continue_rescreen=ContinueRescreen(transactions=transactions, vetting=members, clock=clock),
        decide_case=DecideCase(transactions=transactions, clock=clock, carry_out=carry_out),
        declare_tie=DeclareTie(transactions=transactions, clock=clock, new_id=new_id),
        erase_person=ErasePerson(transactions=transactions, clock=clock),
        expire_holds=ExpireHolds(transactions=transactions, clock=clock, new_id=new_id),
        extend_hold=ExtendHold(transactions=transactions, clock=clock),
        forget_old_records=ForgetOldRecords(
            transactions=transactions, retention=retention, clock=clock
        ),
        lift_hold=LiftHold(transactions=transactions, clock=clock),
        load_watchlist=LoadWatchlist(transactions=transactions, clock=clock, new_id=new_id),
        look_up=LookUp(transactions=transactions),
        lose_leases=LoseLeases(transactions=transactions, clock=clock),
        open_case=OpenCase(
            transactions=transactions, screening=screening, clock=clock, new_id=new_id
        ),
        open_file=OpenFile(transactions=transactions, clock=clock),
        place_hold=PlaceHold(transactions=transactions, clock=clock, new_id=new_id),
        record_interview=RecordInterview(transactions=transactions, clock=clock),
        record_membership=RecordMembership(transactions=transactions, vetting=members, clock=clock),
        release_case=ReleaseCase(transactions=transactions, clock=clock),
        reopen_case=ReopenCase(transactions=transactions, clock=clock),
        return_proposal=ReturnProposal(transactions=transactions, clock=clock),
        start_rescreen=StartRescreen(transactions=transactions, clock=clock, new_id=new_id),
        withdraw_application=WithdrawApplication(transactions=transactions, clock=clock),
    )
