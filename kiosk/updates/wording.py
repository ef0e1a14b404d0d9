"""How updates stand, in whole sentences for a coordinator; on the page and at a terminal the same."""

from kiosk.texts import Texts
from kiosk.updates.service import Standing, State


def state_in_words(standing: Standing, texts: Texts) -> str:
    """What is in use, and what becomes of what came."""
    say, version = texts.say, standing.installed
    match standing.state:
        case State.NONE if standing.trusts:
            return say("Version {version} is in use. No update has come yet.", version=version)
        case State.NONE:
            return say(
                "Version {version} is in use. This kiosk does not know yet whose updates it may trust.",
                version=version,
            )
        case State.COMING:
            return say("Version {version} is in use. An update is on its way here.", version=version)
        case State.READY:
            return say(
                "Version {version} is in use. A newer one is here and begins when nobody is at the screen.",
                version=version,
            )
        case State.HELD:
            return say(
                "Version {version} is in use. A newer one is here and begins when everything that waits "
                "has been sent.",
                version=version,
            )
        case State.REFUSED:
            told = "" if standing.refusal is None else texts.message(standing.refusal)
            return say(
                "Version {version} is in use. The last update was not taken up. {reason}",
                version=version,
                reason=told,
            )
        case State.APPLIED:
            return say("Version {version} is in use. Nothing newer is known.", version=version)


def arrived_in_words(standing: Standing, texts: Texts) -> str:
    return texts.say(
        "{done} of {total} KB are here.",
        done=standing.arrived // 1024,
        total=-(-standing.total // 1024),
    )
