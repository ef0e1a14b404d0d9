"""Whether this kiosk can work with a body, found out before it is laid ready: signed is not yet usable."""

from pathlib import Path

from kiosk.catalogue import Pack, load_pack
from kiosk.errors import Message, PackFault
from kiosk.texts import N_
from kiosk.updates.release import Target, elsewhere, unusable


def examined_pack(file: Path, target: Target, installed: Pack | None) -> Pack:
    """The pack in ``file``, every form of which this kiosk can ask. Raises :class:`~kiosk.errors.PackFault`,
    also where it is the pack of another deployment than ``installed``."""
    from kiosk.forms import Level, check_form

    pack = load_pack(file)
    if (pack.id, pack.version) != (target.id, target.version):
        raise unusable(f"{target.id} {target.version}", f"holds {pack.id} {pack.version}"[:120])
    if installed is not None and installed.id != pack.id:
        raise elsewhere(f"{pack.id}, here {installed.id}"[:120])
    for form in pack.forms.values():
        for finding in check_form(form.source, form.attachments):
            if finding.level is Level.ERROR:
                raise PackFault(
                    Message(
                        N_("This update holds a form that this kiosk cannot ask: {form}"), {"form": form.id}
                    ),
                    Message(N_("The kiosk goes on with what it has. Please tell your agency.")),
                    f"{finding.where}: {finding.sentence.msgid.format(**finding.sentence.gaps)}"[:200],
                )
    return pack
