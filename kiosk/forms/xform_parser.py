"""From the XML of an ODK XForm to a ``Form``."""

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from kiosk.forms.binds import read_binds
from kiosk.forms.body_parser import BodyParser
from kiosk.forms.definition import OPENROSA, Control, Definition, Text
from kiosk.forms.elements import children_named, first_named, local_name
from kiosk.forms.expressions import text_of
from kiosk.forms.external import empty_table, table_from
from kiosk.forms.form import Form
from kiosk.forms.graph import build_graph
from kiosk.forms.itext import Itext
from kiosk.forms.primary_instance import PrimaryInstance
from kiosk.forms.references import calls, references
from kiosk.forms.refusal import bad_table, has_entities, not_a_form, too_large, unreadable
from kiosk.forms.xpath import Compiled, Node
from kiosk.forms.xpath.nodes import Type, node_from

LARGEST_MB = 50
NO_ATTACHMENTS: Mapping[str, bytes] = MappingProxyType({})
_SPEAKING = frozenset({"jr:itext", "jr:choice-name"})


def parse_form(source: bytes, attachments: Mapping[str, bytes] = NO_ATTACHMENTS) -> Form:
    """A form ready to be filled in. Raises FormFault with a sentence for one that cannot run.

    ``attachments``: what the form's ``jr://`` addresses name, by file name (or by the whole address);
    a file that is missing reads as an empty table, with a warning.
    """
    tree = read_xml(source)
    return _Reader(tree, source, attachments).form()


def attachment_names(source: bytes) -> tuple[str, ...]:
    """The file names that a form's ``jr://`` addresses speak of, each once."""
    names = re.findall(rb"jr://(?:file|file-csv|images|audio|video)/([^\"'<>&\s]+)", source)
    return tuple(dict.fromkeys(name.decode(errors="replace").rpartition("/")[2] for name in names))


def read_xml(source: bytes) -> etree._Element:
    """The XML of a form, without entities, DTD or network; raises FormFault."""
    if len(source) > LARGEST_MB * 1024 * 1024:
        raise too_large(LARGEST_MB)
    if b"<!ENTITY" in source or b"<\0!\0E\0N\0T\0I\0T\0Y" in source:
        raise has_entities()
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, remove_pis=True
    )
    try:
        tree = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise unreadable(str(error)) from error
    except (ValueError, LookupError) as error:
        raise unreadable(str(error)) from error
    declared = tree.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise has_entities()
    return tree


class _Reader:
    def __init__(self, tree: etree._Element, source: bytes, attachments: Mapping[str, bytes]) -> None:
        self._tree = tree
        self._source = source
        self._attachments = attachments
        self._warnings: list[str] = []

    def form(self) -> Form:
        head, body = first_named(self._tree, "head"), first_named(self._tree, "body")
        model = None if head is None else first_named(head, "model")
        if model is None or body is None:
            raise not_a_form("there is no <model> in a <head>, or no <body>")
        self._refuse_submission(model)
        instances = list(children_named(model, "instance"))
        primary_element = next((each for each in instances[:1] for each in each if local_name(each)), None)
        if primary_element is None:
            raise not_a_form("the first <instance> holds nothing")
        primary_id = instances[0].get("id") or primary_element.get("id")
        primary = PrimaryInstance(primary_element, body)
        binds = read_binds(model, primary.root, self._warnings)
        itext = Itext(first_named(model, "itext"), _value_text)
        reader = BodyParser(primary.root, binds.by_id, self._warnings)
        controls = reader.controls(body)
        actions = reader.model_actions(model) + tuple(reader.actions)
        definitions = primary.definitions
        blueprint = primary.blueprint()
        graph = build_graph(definitions, primary_id, self._dynamic(reader.choosers, primary.root, primary_id))
        for definition, kind, name in graph.missing:
            self._warnings.append(f"{definition.path}: {kind} speaks of {name!r}, which is not there")
        title = first_named(head, "title") if head is not None else None
        return Form(
            id=primary_element.get("id") or "",
            version=primary_element.get(f"{{{OPENROSA}}}version") or primary_element.get("version") or "",
            title=("".join(title.itertext()) if title is not None else "").strip(),
            sha256=hashlib.sha256(self._source).hexdigest(),
            source=self._source,
            languages=itext.languages,
            default_language=itext.default,
            body_class=frozenset((body.get("class") or "").split()),
            definitions=definitions,
            blueprint=blueprint,
            body=controls,
            actions=actions,
            instances=self._instances(instances),
            primary=primary_id,
            itext=itext,
            graph=graph,
            nsmap=dict(self._tree.nsmap),
            warnings=tuple(dict.fromkeys(self._warnings)),
        )

    def _refuse_submission(self, model: etree._Element) -> None:
        for submission in children_named(model, "submission"):
            method = submission.get("method", "post").strip()
            if method not in ("post", "form-data-post"):
                raise not_a_form(f"submission method {method!r} is not one of ODK's")

    def _instances(self, elements: list[etree._Element]) -> Mapping[str, Node]:
        tables: dict[str, Node] = {}
        for element in elements[1:]:
            name = element.get("id")
            if not name:
                continue
            address = element.get("src")
            tables[name] = self._external(name, address) if address else _inline(element)
        return tables

    def _external(self, name: str, address: str) -> Node:
        file_name = address.rpartition("/")[2]
        content = self._attachments.get(address, self._attachments.get(file_name))
        if content is None:
            if not address.startswith("jr://instance/last-saved"):
                self._warnings.append(f"{file_name!r}, the file of {name!r}, is missing: it reads as empty")
            return empty_table()
        try:
            return table_from(address, content)
        except ValueError as error:
            # Choices that are missing without a word could cost a person what they are entitled to.
            raise bad_table(file_name, str(error)) from error

    def _dynamic(
        self, choosers: list[Control], root: Definition, primary: str | None
    ) -> tuple[tuple[Control, Compiled], ...]:
        """Selects whose choices change with the answers, so that an answer may have to go."""
        dynamic: list[tuple[Control, Compiled]] = []
        for control in choosers:
            if control.itemset is None or control.definition is None:
                continue
            tree = control.itemset.nodeset.tree
            found, _ = references(tree, control.definition, root, primary)
            if found or calls(tree, _SPEAKING):
                dynamic.append((control, control.itemset.nodeset))
        return tuple(dynamic)


def _value_text(element: etree._Element) -> Text:
    return text_of(element, "itext") or Text(())


def _inline(element: etree._Element) -> Node:
    document = Node(Type.DOCUMENT)
    document.children = [node_from(child, document) for child in element if isinstance(child.tag, str)]
    return document
