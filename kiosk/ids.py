"""Identifiers. All are made in the domain, before anything is written.

UUIDv7 (RFC 9562 section 5.7) sorts by time of making, so indexes grow at one end.
"""

from typing import NewType
from uuid import UUID

import uuid_utils.compat

DraftId = NewType("DraftId", UUID)
ApplicationId = NewType("ApplicationId", UUID)
EnvelopeId = NewType("EnvelopeId", UUID)
EntryId = NewType("EntryId", UUID)
OperatorId = NewType("OperatorId", UUID)
KioskId = NewType("KioskId", UUID)
CentreId = NewType("CentreId", UUID)
HubId = NewType("HubId", UUID)

AgencyId = NewType("AgencyId", str)
ServiceId = NewType("ServiceId", str)
FormId = NewType("FormId", str)

Reference = NewType("Reference", str)
"""15 digits: for staff and agency; it finds an application and opens nothing."""

ReceiptCode = NewType("ReceiptCode", str)
"""20 digits, the last a check digit: opens what the agency answered. Never written down in the clear."""


def new_id() -> UUID:
    """A fresh UUIDv7; wrap it in the id type it is for: ``DraftId(new_id())``."""
    return uuid_utils.compat.uuid7()
