"""The kiosk's own facts. Nothing personal."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import Integer, Text, cast
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from kiosk.ids import KioskId, new_id
from kiosk.store.rows import SettingRow

YES = "yes"
"""The value of a setting that is switched on; every other value, and none, is off."""


class Setting(StrEnum):
    KIOSK_ID = "kiosk-id"
    CENTRE_NAME = "centre-name"
    CENTRE_ADDRESS = "centre-address"
    CENTRE_PHONE = "centre-phone"
    LANGUAGE = "language"
    TIME_ZONE = "time-zone"
    DEPLOYMENT = "deployment"
    DEPLOYMENT_SALT = "deployment-salt"
    """Hex; the same at every kiosk of a deployment: receipt codes are derived with it."""
    FORMER_SALTS = "former-salts"
    """Those before it, the newest first, with spaces between: codes that were given then open with them."""
    HUB_URL = "hub-url"
    HUB_ID = "hub-id"
    HUB_KEY = "hub-key"
    """Hex; the Ed25519 public key that answers are signed with."""
    BACKLOG_SEEN = "backlog-seen"
    """ISO 8601: when a coordinator last said that they have seen how much waits."""
    STICK_CODE = "stick-code"
    """The digest of the one-time code under which a stick left: its answer opens with it."""
    LAST_SEQUENCE = "last-sequence"
    """The highest sequence number ever allotted, so that no clearing of the archive uses one twice."""
    SECOND_FACTOR = "second-factor"
    """What everybody shows beside the PIN; see :class:`kiosk.operators.Factor`."""
    OWN_DRAFTS_ONLY = "own-drafts-only"
    """"yes": a volunteer sees the drafts that they helped with, and a coordinator all."""
    KEEPS_INITIALS = "keeps-initials"
    COPY_MONTHS = "copy-months"
    """How long copies are kept with a person's consent; "0": none are."""
    JOURNAL_SENT = "journal-sent"
    """The number of the last head of the journal that a hub has answered for."""
    CONFIRMED_TIME = "confirmed-time"
    """ISO 8601: the last time that the other end of the line agreed about, to the hour or so."""
    LAST_BACKUP = "last-backup"
    """ISO 8601."""
    SECRET_PLACE = "secret-place"  # noqa: S105 - where it lies, not what it is
    UPDATE_ROOT = "update-root"
    """The newest root that this kiosk trusts, as it was signed; see :mod:`kiosk.updates.trust`."""
    UPDATE_SEEN = "update-seen"
    """The newest release that was believed, as JSON: number, digest, the digest of its head."""
    UPDATE_APPLIED = "update-applied"
    """The digest of the release that was applied last, also where somebody went back from it since."""
    UPDATE_BEFORE = "update-before"
    """Earlier versions, as JSON by what they are versions of, the one that was left last first. Written down,
    since times would tell another order when a clock was wrong meanwhile."""
    UPDATE_REFUSED = "update-refused"
    """The release that was believed and could not be used, and why, as JSON."""
    UPDATE_TOLD = "update-told"
    """The release that a hub says there is, as JSON, until it was fetched."""
    GLASS = "glass"
    SOUND = "sound"
    """How fast and how loud the voice is for a person who has changed nothing, as "rate volume"."""
    PRINTER = "printer"
    SET_UP = "set-up"
    """How far the first start has come; see :class:`kiosk.operators.SetUp`."""
    OPENING_CHECKED = "opening-checked"
    """ISO 8601: when the last opening check was done."""


_COUNTED_UP = (
    insert(SettingRow.__table__)  # type: ignore[arg-type]
    .on_conflict_do_update(
        index_elements=[SettingRow.name],
        set_={"value": cast(cast(SettingRow.value, Integer) + 1, Text)},
    )
    .returning(SettingRow.value)
)


class Settings:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, name: Setting) -> str | None:
        row = self._session.get(SettingRow, name)
        return None if row is None else row.value

    def put(self, name: Setting, value: str) -> None:
        self._session.execute(
            insert(SettingRow)
            .values(name=name, value=value)
            .on_conflict_do_update(index_elements=[SettingRow.name], set_={"value": value})
        )
        # The upsert goes past the session's own copies.
        self._session.expire_all()

    def count_up(self, name: Setting) -> int:
        """Makes a setting that is a number, 0 where it is none yet, one more; returns what it is then."""
        number = self._session.connection().execute(_COUNTED_UP, {"name": name, "value": "1"}).scalar_one()
        self._session.expire_all()
        return int(number)

    def kiosk_id(self) -> KioskId:
        """Made at the first asking, which therefore has to be lane work."""
        known = self.get(Setting.KIOSK_ID)
        if known is None:
            known = str(new_id())
            self.put(Setting.KIOSK_ID, known)
        return KioskId(UUID(known))
