"""From the records of ``pack.json`` to the catalogue's types; the builder checks its sources with it too."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from kiosk.catalogue.model import (
    Agency,
    FormFile,
    LifeEvent,
    LifeStage,
    Location,
    LocationId,
    Pack,
    Phone,
    Schedule,
    Service,
    TargetGroup,
    Weekday,
)
from kiosk.catalogue.reading import MisfitError, Record
from kiosk.catalogue.rules import prove, read_criterion
from kiosk.errors import Message
from kiosk.ids import AgencyId, FormId, ServiceId
from kiosk.screening.criteria import Parameter

PACK = "pack.json"

Id = TypeVar("Id")
Thing = TypeVar("Thing")

ReadForm = Callable[[Record], FormFile]


def read_pack(root: Record, read_form: ReadForm) -> Pack:
    """The whole pack; ``read_form`` brings the bytes of one entry of ``forms``. Raises MisfitError."""
    languages = root.words("languages")
    if not languages:
        raise root.misfit("languages")
    root = Record(root.values, root.where, languages)
    parameters = tuple(
        Parameter(record.text("name"), record.day("valid_from"), record.whole("value"))
        for record in root.parts("parameters")
    )
    pack = Pack(
        id=root.text("id"),
        version=root.text("version"),
        languages=languages,
        agencies=_by_id(lambda each: each.id, (_agency(record) for record in root.parts("agencies"))),
        locations=_by_id(lambda each: each.id, (_location(record) for record in root.parts("locations"))),
        services=tuple(_service(record, parameters) for record in root.parts("services")),
        forms=_by_id(lambda each: each.id, (read_form(record) for record in root.parts("forms"))),
        parameters=parameters,
    )
    _by_id(lambda each: each.id, pack.services)
    _check_references(pack)
    return pack


def _by_id(key: Callable[[Thing], Id], things: Iterable[Thing]) -> dict[Id, Thing]:
    found: dict[Id, Thing] = {}
    for thing in things:
        if key(thing) in found:
            raise MisfitError(Message("The pack holds “{name}” twice.", {"name": str(key(thing))}))
        found[key(thing)] = thing
    return found


def _agency(record: Record) -> Agency:
    recipient, openrosa = record.text("recipient"), record.optional_text("openrosa") or ""
    if recipient.startswith("age1") == bool(openrosa):
        raise record.misfit("recipient")
    if openrosa and not openrosa.startswith(("https://", "http://")):
        raise record.misfit("openrosa")
    return Agency(
        id=AgencyId(record.text("id")),
        name=record.localized("name"),
        address=record.localized("address"),
        phone=record.text("phone"),
        recipient=recipient,
        wants_approval=record.yes("wants_approval"),
        openrosa=openrosa,
    )


def _phone(record: Record) -> Phone:
    return Phone(record.text("number"), record.optional_localized("description"))


def _schedule(record: Record) -> Schedule:
    days = record.many_of("byday", Weekday)
    opens, closes = record.clock("opens_at"), record.clock("closes_at")
    if not days or closes <= opens:
        raise record.misfit("closes_at" if days else "byday")
    return Schedule(days, opens, closes, record.optional_localized("description"))


def _location(record: Record) -> Location:
    return Location(
        id=LocationId(record.text("id")),
        name=record.localized("name"),
        address=record.localized("address"),
        latitude=record.optional_number("latitude"),
        longitude=record.optional_number("longitude"),
        accessibility=record.optional_localized("accessibility"),
        phones=tuple(_phone(each) for each in record.parts("phones")),
        schedules=tuple(_schedule(each) for each in record.parts("schedules")),
    )


def _service(record: Record, parameters: tuple[Parameter, ...]) -> Service:
    id = record.text("id")
    record = Record(record.values, id, record.languages)
    form = record.optional_text("form")
    criteria = read_criterion(record.part("criteria")) if "criteria" in record else None
    if criteria is not None:
        prove(criteria, record.parts("examples"), parameters, id)
    return Service(
        id=ServiceId(id),
        agency=AgencyId(record.text("agency")),
        name=record.localized("name"),
        plain_name=record.localized("plain_name"),
        description=record.localized("description"),
        life_stage=record.one_of("life_stage", LifeStage),
        icon=record.text("icon"),
        form=None if form is None else FormId(form),
        eligibility_description=record.localized("eligibility_description"),
        what_next=record.localized("what_next"),
        amount=record.optional_localized("amount"),
        required_documents=tuple(each.localized("document") for each in record.parts("required_documents")),
        life_events=record.many_of("life_events", LifeEvent),
        target_groups=record.many_of("target_groups", TargetGroup),
        also_called=record.phrases("also_called"),
        phones=tuple(_phone(each) for each in record.parts("phones")),
        locations=tuple(LocationId(each) for each in record.words("locations")),
        criteria=criteria,
    )


def _check_references(pack: Pack) -> None:
    def lacking(where: str, name: str) -> MisfitError:
        return MisfitError(
            Message(
                "In {where}, “{name}” is named, but the pack does not hold it.",
                {"where": where, "name": name},
            )
        )

    for service in pack.services:
        if service.agency not in pack.agencies:
            raise lacking(service.id, service.agency)
        if service.form is not None and service.form not in pack.forms:
            raise lacking(service.id, service.form)
        for location in service.locations:
            if location not in pack.locations:
                raise lacking(service.id, location)
