"""A data folder that is ready to be opened: pack, coordinator, and a hub that is not there."""

from tests.e2e.conftest import data, settled
from tests.flow.conftest import booth, kiosks
from tests.ui.conftest import application, show

__all__ = ["application", "booth", "data", "kiosks", "settled", "show"]
