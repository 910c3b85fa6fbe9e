"""What happens to the traveler whose data are canaries, with everything that can go wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from deploy.local.running import Installation
from tests.actors.browsing import Browser, until
from tests.actors.cast import Cast, Doors
from tests.actors.pictures import a_picture
from tests.leaks import canaries, mishaps
from tests.leaks.chips import Encoder
from tests.leaks.forms import patterns_of_bytes
from tests.leaks.pattern import Pattern
from tests.leaks.people import LISTED, WORDS, the_traveler
from tests.main_job import MainJob

OTHER_PLATE = "5GHM220"
PIECE = 32  # bytes from the picture's compressed middle, which no other picture has


@dataclass(kw_only=True)
class Life:
    """The traveler's way through a running installation."""

    installation: Installation
    encoder: Encoder = field(default_factory=Encoder)
    photo: bytes = field(default=b"", repr=False)
    answers: dict[str, object] = field(default_factory=dict)
    """How each mishap was answered."""

    def live(self) -> None:
        """Go all the way."""
        doors = Doors.of(self.installation.layout)
        self._mishaps(doors)
        job = MainJob(
            doors,
            the_traveler(),
            words=WORDS,
            listed=LISTED,
            picture=a_picture(comment=canaries.PICTURE_COMMENT),
        )
        self._become_member(job)
        self._cross(job)
        self._be_looked_at(doors)
        job.close()

    def patterns(self) -> Iterator[Pattern]:
        """Yield what to look for of the picture, as it was stored."""
        middle = len(self.photo) // 2
        yield from patterns_of_bytes("picture", self.photo[middle : middle + PIECE])

    def _become_member(self, job: MainJob) -> None:
        job.apply()
        mishaps.look_people_up(job)
        dossier = str(job.cast.officer.file(job.ids["case"])["dossier"])
        hidden = [one.what for one in canaries.ANSWERED if one.value not in dossier]
        assert hidden == [], "vetting does not see what the traveler wrote"
        job.vet()
        job.meet()
        job.hand_out_card()
        self.encoder.write(job.card)

    def _cross(self, job: MainJob) -> None:
        job.drive_up()
        self.photo = job.cast.booth.photo(job.lane)
        job.cast.booth.tell(
            job.lane, "confirm_plate", plate=canaries.PLATE, region=job.traveler.region
        )
        job.admit()
        job.hold()
        job.send_away()
        job.pass_again()
        job.pass_after_checks(OTHER_PLATE, canaries.NOTE)

    def _mishaps(self, doors: Doors) -> None:
        cast = Cast(doors, the_traveler("zoe2"))
        cast.applicant.begin()
        self.answers["form"] = mishaps.on_the_form(cast.applicant)
        self.answers["interface"] = mishaps.on_the_interface(cast.applicant)
        self.answers["no database"] = mishaps.while_nobody_answers(
            cast.applicant, self._without_database()
        )
        self.answers["signed out"] = mishaps.after_signing_out(cast.applicant)
        cast.close()

    @contextmanager
    def _without_database(self) -> Iterator[None]:
        """Kill the database's server for the time of the block."""
        postgres = self.installation.postgres
        postgres.kill9()
        try:
            yield
        finally:
            postgres.start()
            until(self._ready, "the services after the database came back")

    def _ready(self) -> bool:
        supervisor = self.installation.supervisor
        supervisor.wait_ready(patience=60.0)
        return True

    def _be_looked_at(self, doors: Doors) -> None:
        """Have the port's supervisor open the passages, and an auditor the audit."""
        port = Browser(doors.lane_gateway)
        port.sign_in("staff", "paula")
        for passage in port.call("GET", "/passages")["passages"]:
            port.open_file(f"/passages/{passage['passage_id']}/opened", purpose="inspection")
        port.close()
        auditor = Browser(doors.vetting)
        auditor.sign_in("staff", "aldo")
        auditor.open("/audit")
        auditor.close()
