"""What a catalogue pack holds.

Names follow HSDS 3.1 (Open Referral's Human Services Data Specification) where it has one: organization
(here: the agency that a service belongs to), service, location, schedule, phone, required document,
eligibility description. Texts are in every language of the pack.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from enum import StrEnum
from typing import NewType

from kiosk.ids import AgencyId, FormId, ServiceId
from kiosk.localized import Localized
from kiosk.screening.criteria import Criterion, Parameter
from kiosk.texts import N_

LocationId = NewType("LocationId", str)


class LifeStage(StrEnum):
    """When in a life a service is needed; the shelves of the catalogue, in this order."""

    BIRTH = "birth"
    CHILDHOOD = "childhood"
    YOUTH = "youth"
    WORK = "work"
    HEALTH = "health"
    OLD_AGE = "old_age"
    LOSS = "loss"


LIFE_STAGE_NAMES: Mapping[LifeStage, str] = {
    LifeStage.BIRTH: N_("A child is born"),
    LifeStage.CHILDHOOD: N_("Growing up"),
    LifeStage.YOUTH: N_("Starting out"),
    LifeStage.WORK: N_("Working life"),
    LifeStage.HEALTH: N_("Illness and disability"),
    LifeStage.OLD_AGE: N_("Later life"),
    LifeStage.LOSS: N_("When someone dies"),
}
"""Message ids: put them through ``texts.say``."""

LIFE_STAGE_ICONS: Mapping[LifeStage, str] = {
    LifeStage.BIRTH: "child",
    LifeStage.CHILDHOOD: "people",
    LifeStage.YOUTH: "person",
    LifeStage.WORK: "work",
    LifeStage.HEALTH: "health",
    LifeStage.OLD_AGE: "care",
    LifeStage.LOSS: "loss",
}


class LifeEvent(StrEnum):
    """What happened that brings somebody to the centre."""

    EXPECTING_A_CHILD = "expecting_a_child"
    BIRTH_OF_A_CHILD = "birth_of_a_child"
    STARTING_SCHOOL = "starting_school"
    TAKING_IN_A_CHILD = "taking_in_a_child"
    FIRST_JOB = "first_job"
    LOSING_WORK = "losing_work"
    MOVING_HOME = "moving_home"
    FALLING_ILL = "falling_ill"
    DISABILITY = "disability"
    CARING_FOR_SOMEONE = "caring_for_someone"
    RETIREMENT = "retirement"
    WINTER = "winter"
    GROWING_FRAIL = "growing_frail"
    DEATH_OF_A_RELATIVE = "death_of_a_relative"


class TargetGroup(StrEnum):
    FAMILIES = "families"
    CHILDREN = "children"
    YOUNG_PEOPLE = "young_people"
    JOBSEEKERS = "jobseekers"
    DISABLED_PEOPLE = "disabled_people"
    CARERS = "carers"
    OLDER_PEOPLE = "older_people"
    LOW_INCOME = "low_income"
    BEREAVED = "bereaved"


class Weekday(StrEnum):
    """iCalendar's names (RFC 5545 section 3.3.10), as HSDS uses them in ``byday``."""

    MONDAY = "MO"
    TUESDAY = "TU"
    WEDNESDAY = "WE"
    THURSDAY = "TH"
    FRIDAY = "FR"
    SATURDAY = "SA"
    SUNDAY = "SU"


@dataclass(frozen=True, slots=True)
class Phone:
    """``number`` as a person dials it; ``description`` says who answers."""

    number: str
    description: Localized | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Opening hours on these days, in the location's own time."""

    byday: tuple[Weekday, ...]
    opens_at: time
    closes_at: time
    description: Localized | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """``latitude`` and ``longitude`` in degrees (WGS 84), where known."""

    id: LocationId
    name: Localized
    address: Localized
    latitude: float | None = None
    longitude: float | None = None
    accessibility: Localized | None = None
    phones: tuple[Phone, ...] = ()
    schedules: tuple[Schedule, ...] = ()


@dataclass(frozen=True, slots=True)
class Agency:
    """Who receives and decides. Applications are sealed to ``recipient``, its age public key ("age1…").

    An agency that runs an ODK Central or Kobo server names it in ``openrosa``; then ``recipient`` is the
    public key of its encrypted forms (``base64RsaPublicKey``), and its decisions do not come back here.
    """

    id: AgencyId
    name: Localized
    address: Localized
    phone: str
    recipient: str
    wants_approval: bool = False
    """A coordinator of the centre looks at each application before it is sent."""
    openrosa: str = ""
    """The server's address, below which ``/submission`` lies; blank for an agency with a hub."""


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of help. ``name`` is the official one, ``plain_name`` what people call it.

    ``form`` is None where the kiosk can tell about the service but not take an application.
    ``criteria`` is None where nothing can be screened beforehand.
    """

    id: ServiceId
    agency: AgencyId
    name: Localized
    plain_name: Localized
    description: Localized
    life_stage: LifeStage
    icon: str
    form: FormId | None
    eligibility_description: Localized
    what_next: Localized
    """What happens after the application, as one sentence for the screen and the receipt."""
    amount: Localized | None = None
    required_documents: tuple[Localized, ...] = ()
    life_events: tuple[LifeEvent, ...] = ()
    target_groups: tuple[TargetGroup, ...] = ()
    also_called: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other words for it, by language."""
    phones: tuple[Phone, ...] = ()
    locations: tuple[LocationId, ...] = ()
    criteria: Criterion | None = None


@dataclass(frozen=True, slots=True)
class FormFile:
    """An XForm, byte for byte as it lies in the pack, and the files that it names (``jr://…/NAME``)."""

    id: FormId
    version: str
    sha256: str
    """Hexadecimal, of ``source``."""
    source: bytes
    attachments: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that a deployment offers. Orders are the author's own."""

    id: str
    version: str
    languages: tuple[str, ...]
    agencies: Mapping[AgencyId, Agency]
    locations: Mapping[LocationId, Location]
    services: tuple[Service, ...]
    forms: Mapping[FormId, FormFile]
    parameters: tuple[Parameter, ...]
    withdrawn: tuple[Service, ...] = ()
    """Of earlier versions, as unfinished applications know them; nobody can choose them any more."""
    earlier_forms: Mapping[str, FormFile] = field(default_factory=dict)
    """By their digests: those with which unfinished applications were begun."""

    def service(self, id: ServiceId, agency: str | None = None) -> Service | None:
        """As it is offered now, or else as it was; with ``agency``, the one that goes there."""
        return next(
            (
                each
                for each in (*self.services, *self.withdrawn)
                if each.id == id and agency in (None, each.agency)
            ),
            None,
        )

    def form(self, id: FormId, digest: str) -> FormFile | None:
        """This very version of a form."""
        form = self.forms.get(id)
        return form if form is not None and form.sha256 == digest else self.earlier_forms.get(digest)

    def following(self, older: "Pack") -> "Pack":
        """This pack, which still knows what ``older`` has beyond it."""
        known = {(each.id, each.agency) for each in (*self.services, *self.withdrawn)}
        return replace(
            self,
            agencies={**older.agencies, **self.agencies},
            withdrawn=(
                *self.withdrawn,
                *(each for each in older.services if (each.id, each.agency) not in known),
            ),
            earlier_forms={**{form.sha256: form for form in older.forms.values()}, **self.earlier_forms},
        )

    def at(self, stage: LifeStage) -> tuple[Service, ...]:
        """The services of a life stage, in the author's order."""
        return tuple(each for each in self.services if each.life_stage is stage)
