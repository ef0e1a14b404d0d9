"""What a kiosk keeps of the hub that enrolled it, by whichever way that came."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.store.repositories import Repositories
from kiosk.store.settings import Setting
from sync.protocol import EnrolAnswer


@dataclass(frozen=True, slots=True)
class KnownHub:
    """``id`` is also what the cursor is kept under."""

    id: str
    key: Ed25519PublicKey


def known_hub(repositories: Repositories) -> KnownHub | None:
    """None for a kiosk that was not enrolled yet."""
    hub, key = (repositories.settings.get(name) for name in (Setting.HUB_ID, Setting.HUB_KEY))
    if not (hub and key):
        return None
    return KnownHub(hub, Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)))


def remember_hub(repositories: Repositories, answer: EnrolAnswer, url: str | None) -> None:
    """``url`` None leaves the address as it is: a stick tells none."""
    if repositories.settings.get(Setting.DEPLOYMENT) not in (None, str(answer.deployment)):
        # Another deployment's updates are signed by others.
        for name in (Setting.UPDATE_ROOT, Setting.UPDATE_SEEN, Setting.UPDATE_TOLD):
            repositories.settings.put(name, "")
    _keep_salt(repositories, answer.salt.hex())
    facts = {
        Setting.HUB_ID: str(answer.hub),
        Setting.HUB_KEY: answer.hub_key.hex(),
        Setting.DEPLOYMENT: str(answer.deployment),
        Setting.DEPLOYMENT_SALT: answer.salt.hex(),
    }
    if url is not None:
        facts |= {Setting.HUB_URL: url, Setting.STICK_CODE: ""}
    for name, value in facts.items():
        repositories.settings.put(name, value)


def _keep_salt(repositories: Repositories, new: str) -> None:
    """People went home with codes that were made with the salt which now gives way."""
    old = repositories.settings.get(Setting.DEPLOYMENT_SALT)
    if old in (None, new):
        return
    former = (repositories.settings.get(Setting.FORMER_SALTS) or "").split()
    kept = [old, *(salt for salt in former if salt not in (old, new))]
    repositories.settings.put(Setting.FORMER_SALTS, " ".join(kept))
