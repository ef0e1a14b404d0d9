"""Tables that come with a form: secondary instances from CSV, XML and GeoJSON files.

ODK XForms specification, "Secondary Instances - External"; the shape of a GeoJSON item is that of
``select_one_from_file`` in ODK's documentation.
"""

import csv
import io
import json
from itertools import zip_longest

from lxml import etree

from kiosk.forms.xpath import Node
from kiosk.forms.xpath.nodes import Type, document_from


def table_from(name: str, content: bytes) -> Node:
    """A document node around the table; ValueError says why a file is none."""
    lower = name.lower()
    if lower.endswith(".csv") or "file-csv" in lower:
        return _from_csv(content)
    if lower.endswith((".geojson", ".json")):
        return _from_geojson(content)
    return _from_xml(content)


def empty_table() -> Node:
    """What a missing file reads as: a root without items."""
    document = Node(Type.DOCUMENT)
    document.children.append(Node(Type.ELEMENT, "root", parent=document))
    return document


def _from_xml(content: bytes) -> Node:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        return document_from(etree.fromstring(content, parser))
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error


def _from_csv(content: bytes) -> Node:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(str(error)) from error
    header = text.partition("\n")[0]
    separator = max((",", ";", "\t", "|"), key=header.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=False))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    document = empty_table()
    if not rows:
        return document
    columns = rows[0]
    for number, row in enumerate(rows[1:], 2):
        if len(row) > len(columns):
            raise ValueError(f"row {number} has {len(row)} columns, the heading {len(columns)}")
        if any(row):
            _add_item(document, {c: v for c, v in zip_longest(columns, row, fillvalue="") if c})
    return document


def _from_geojson(content: bytes) -> Node:
    try:
        collection = json.loads(content)
        features = collection["features"]
        if collection["type"] != "FeatureCollection":
            raise ValueError("the file is no FeatureCollection")
        document = empty_table()
        for feature in features:
            values = {"geometry": _geometry(feature["geometry"])}
            values.update({str(k): _plain(v) for k, v in (feature.get("properties") or {}).items()})
            if "id" in feature:
                values["id"] = _plain(feature["id"])
            _add_item(document, values)
    except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"no usable GeoJSON: {error}") from error
    return document


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _geometry(geometry: dict[str, object]) -> str:
    """GeoJSON's longitude, latitude as ODK's latitude, longitude, altitude, accuracy."""
    coordinates = geometry["coordinates"]
    match geometry["type"]:
        case "Point":
            points: list[list[float]] = [coordinates]  # type: ignore[list-item]  # RFC 7946 section 3.1
        case "LineString":
            points = coordinates  # type: ignore[assignment]
        case "Polygon":
            points = coordinates[0]  # type: ignore[index]
        case other:
            raise ValueError(f"geometry {other!r} cannot be used")
    return "; ".join(f"{point[1]} {point[0]} {point[2] if len(point) > 2 else 0} 0" for point in points)


def _add_item(document: Node, values: dict[str, str]) -> None:
    root = document.children[0]
    item = Node(Type.ELEMENT, "item", parent=root)
    item.children = [Node(Type.ELEMENT, name, parent=item, text=value) for name, value in values.items()]
    root.children.append(item)
