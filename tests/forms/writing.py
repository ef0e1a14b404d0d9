"""Small forms for tests, written the way pyxform writes them, and sessions on them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from kiosk.forms import AddRepeat, Answer, Form, Opening, Outcome, Ref, Session, parse_form

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NAMESPACES = (
    'xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" '
    'xmlns:odk="http://www.opendatakit.org/xforms" xmlns:opora="https://opora.invalid/ns"'
)


def xml(instance: str, binds: str = "", body: str = "", *, model: str = "") -> bytes:
    """The source of a form whose root is ``data``."""
    return (
        f"<h:html {NAMESPACES}><h:head><h:title>A form</h:title><model>{model}"
        f'<instance><data id="a-form" version="7">{instance}<meta><instanceID/></meta></data></instance>'
        f'{binds}<bind nodeset="/data/meta/instanceID" type="string" jr:preload="uid"/>'
        f"</model></h:head><h:body>{body}</h:body></h:html>"
    ).encode()


def form(
    instance: str,
    binds: str = "",
    body: str = "",
    *,
    model: str = "",
    attachments: Mapping[str, bytes] | None = None,
) -> Form:
    return parse_form(xml(instance, binds, body, model=model), attachments or {})


def opened(some: Form, *, seed: int = 1, language: str | None = None) -> Session:
    return Session(some, Opening(NOW, seed, device="kiosk-7", username="Maria", language=language))


def answer(session: Session, ref: str, value: str) -> Outcome:
    return session.apply(Answer(session.now + timedelta(seconds=5), Ref(ref), value))


def add(session: Session, ref: str) -> Outcome:
    return session.apply(AddRepeat(session.now + timedelta(seconds=5), Ref(ref)))


def inputs(*names: str) -> str:
    return "".join(f'<input ref="/data/{name}"><label>{name}</label></input>' for name in names)


HOUSEHOLD = form(
    '<member jr:template=""><name/><age/><adult/></member><count/><total/>',
    '<bind nodeset="/data/member/name" required="true()"/><bind nodeset="/data/member/age" type="int"/>'
    "<bind nodeset=\"/data/member/adult\" calculate=\"if(../age &gt;= 18, 'yes', 'no')\"/>"
    '<bind nodeset="/data/count" calculate="count(/data/member)"/>'
    '<bind nodeset="/data/total" calculate="sum(/data/member/age)"/>',
    '<group ref="/data/member"><label>Your household</label><repeat nodeset="/data/member">'
    '<input ref="/data/member/name"><label>Name</label></input>'
    '<input ref="/data/member/age"><label>How old is <output value="../name"/>?</label></input>'
    "</repeat></group>",
)
