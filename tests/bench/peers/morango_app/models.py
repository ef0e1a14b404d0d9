# mypy: ignore-errors
"""An application as Morango's documentation has a syncable model."""

import uuid

from django.db import models
from morango.models.core import SyncableModel


class Application(SyncableModel):
    morango_profile = "bench"
    morango_model_name = "application"

    partition = models.CharField(max_length=64)
    answers = models.TextField()

    def calculate_source_id(self, *args, **kwargs):
        return uuid.uuid4().hex

    def calculate_partition(self, *args, **kwargs):
        return self.partition
