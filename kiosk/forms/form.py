"""A form, read and compiled once; shared by all sessions that fill it in."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.forms.definition import Blueprint, Control, Definition, SetValue
from kiosk.forms.graph import Graph
from kiosk.forms.itext import Itext
from kiosk.forms.xpath import Node


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Form:
    """Immutable. ``sha256`` is the hex digest of ``source``, byte for byte.

    ``languages`` are named as in the form's itext; empty for a form without one, whose
    ``default_language`` is then an empty string. ``warnings`` are sentences for whoever made the form.
    """

    id: str
    version: str
    title: str
    sha256: str
    source: bytes
    languages: tuple[str, ...]
    default_language: str
    warnings: tuple[str, ...]
    body_class: frozenset[str]
    definitions: tuple[Definition, ...]
    blueprint: Blueprint
    body: tuple[Control, ...]
    actions: tuple[SetValue, ...]
    instances: Mapping[str, Node]
    primary: str | None
    itext: Itext
    graph: Graph
    nsmap: Mapping[str | None, str]

    @property
    def root(self) -> Definition:
        return self.definitions[0]

    def language_for(self, tag: str) -> str | None:
        """``ru`` finds "Russian (ru)", "ru" and "Русский (ru)"; None where the form has no such language."""
        return self.itext.language_for(tag)
