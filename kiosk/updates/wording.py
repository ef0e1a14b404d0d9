"""How updates stand, in whole sentences for a coordinator; on the page and at a terminal the same."""

from kiosk.texts import Texts
from kiosk.updates.standing import Standing, State


def in_use_in_words(standing: Standing, texts: Texts) -> str:
    if not standing.installed:
        return texts.say("There are no services on this kiosk yet.")
    return texts.say("Version {version} is in use.", version=standing.installed)


def news_in_words(standing: Standing, texts: Texts) -> str:
    """What becomes of what came."""
    say = texts.say
    match standing.state:
        case State.NONE if standing.trusts:
            return say("No update has come yet.")
        case State.NONE:
            return say("This kiosk does not know yet whose updates it may trust.")
        case State.COMING:
            return say("A newer one is on its way here.")
        case State.READY:
            return say("A newer one is here. It begins by itself when nobody is at the screen.")
        case State.HELD:
            return say("A newer one is here. It begins when everything that waits has been sent.")
        case State.REFUSED if standing.refusal is not None:
            reason = texts.message(standing.refusal)
            return say("The last update was not taken up. {reason}", reason=reason)
        case State.REFUSED:
            return say("The last update was not taken up.")
        case State.APPLIED if standing.went_back:
            return say("A coordinator went back to it. The next update begins as usual.")
        case State.APPLIED:
            return say("Nothing newer is known.")


def arrived_in_words(standing: Standing, texts: Texts) -> str:
    return texts.say(
        "{done} of {total} KB are here.",
        done=standing.arrived // 1024,
        total=-(-standing.total // 1024),
    )
