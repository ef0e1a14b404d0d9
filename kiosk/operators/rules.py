"""What a centre has chosen for itself: settings, written into the journal when they change."""

from dataclasses import dataclass, fields, replace
from datetime import datetime

from kiosk.journal import Action, operator_actor
from kiosk.operators.centre import SignedIn
from kiosk.operators.second_factor import Factor
from kiosk.store import Repositories, Setting
from kiosk.store.settings import YES


@dataclass(frozen=True, slots=True)
class CentreRules:
    """``own_drafts_only``: volunteers see the drafts that they helped with, and coordinators all.
    ``keeps_initials``: the list of the day shows them beside reference and service. ``copy_months``: how
    long a copy is kept with the person's consent; 0: the centre keeps none and nobody is asked."""

    second_factor: Factor = Factor.NONE
    own_drafts_only: bool = False
    keeps_initials: bool = False
    copy_months: int = 12

    def with_(self, **changed: object) -> "CentreRules":
        return replace(self, **changed)  # type: ignore[arg-type]  # by the names above


_SETTINGS = {
    "second_factor": Setting.SECOND_FACTOR,
    "own_drafts_only": Setting.OWN_DRAFTS_ONLY,
    "keeps_initials": Setting.KEEPS_INITIALS,
    "copy_months": Setting.COPY_MONTHS,
}


def read_rules(repositories: Repositories) -> CentreRules:
    """What is not known, since a newer version wrote it, counts as not chosen."""
    found = {name: repositories.settings.get(setting) or "" for name, setting in _SETTINGS.items()}
    factor, months = found.pop("second_factor"), found.pop("copy_months")
    return CentreRules(
        Factor(factor) if factor in set(Factor) else Factor.NONE,
        copy_months=int(months) if months.isdecimal() else CentreRules().copy_months,
        **{name: value == YES for name, value in found.items()},
    )


def write_rules(repositories: Repositories, rules: CentreRules, by: SignedIn, at: datetime) -> None:
    """Lane work. Only what has changed is written, each with its entry in the journal."""
    before = read_rules(repositories)
    for each in fields(rules):
        value = getattr(rules, each.name)
        if value == getattr(before, each.name):
            continue
        setting, text = _SETTINGS[each.name], _text(value)
        repositories.settings.put(setting, text)
        details = {"to": text or "none"}
        repositories.journal.append(at, operator_actor(by.id), Action.SETTING_CHANGED, setting, details)


def write_glass(repositories: Repositories, measured: str, by: SignedIn, at: datetime) -> None:
    """Lane work."""
    repositories.settings.put(Setting.GLASS, measured)
    repositories.journal.append(
        at, operator_actor(by.id), Action.SETTING_CHANGED, Setting.GLASS, {"to": measured}
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return YES if value else "no"
    return str(value)
