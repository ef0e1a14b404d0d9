"""Volunteers and coordinators: sign-in, roles, and the keys that open what is sealed for the centre."""

from kiosk.operators.backups import Backups, LastBackup
from kiosk.operators.centre import CentreIdentity, SignedIn
from kiosk.operators.device_secret import DeviceSecret, SecretPlace, system_keyring
from kiosk.operators.journal_reading import JournalPage, JournalReading
from kiosk.operators.moving import MovingIn, finish_moving_in
from kiosk.operators.permissions import Permission, may, require
from kiosk.operators.rounds import Rounds
from kiosk.operators.rules import CentreRules
from kiosk.operators.second_factor import Factor, NewFactor, Proof, SecurityKey
from kiosk.operators.secrets import Argon2Parameters
from kiosk.operators.service import FirstCoordinator, Operators, first_start_code
from kiosk.operators.setting_up import Part, SettingUp, SetUp
from kiosk.operators.throttle import Throttle
from kiosk.operators.vault import Rekeyed, Vault
from kiosk.store.operators import Operator, OperatorState, Role

__all__ = [
    "Argon2Parameters",
    "Backups",
    "CentreIdentity",
    "CentreRules",
    "DeviceSecret",
    "Factor",
    "FirstCoordinator",
    "JournalPage",
    "JournalReading",
    "LastBackup",
    "MovingIn",
    "NewFactor",
    "Operator",
    "OperatorState",
    "Operators",
    "Part",
    "Permission",
    "Proof",
    "Rekeyed",
    "Role",
    "Rounds",
    "SecretPlace",
    "SecurityKey",
    "SetUp",
    "SettingUp",
    "SignedIn",
    "Throttle",
    "Vault",
    "finish_moving_in",
    "first_start_code",
    "may",
    "require",
    "system_keyring",
]
