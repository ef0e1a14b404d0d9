"""Geographic functions (ODK XForms specification, "Geographic Functions").

Distances by the haversine formula on a sphere of the Earth's equatorial radius; areas by the
spherical excess of Bevis and Cambareri (1987) in its common short form. Both are given to a centimetre.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

from kiosk.forms.xpath.code import Code
from kiosk.forms.xpath.fault import XPathError
from kiosk.forms.xpath.functions_numbers import rounded
from kiosk.forms.xpath.registry import function, plain
from kiosk.forms.xpath.scope import Context
from kiosk.forms.xpath.values import to_string

EARTH_RADIUS_M = 6_378_100.0
_Point: TypeAlias = tuple[float, float]


def points_of(text: str) -> list[_Point] | None:
    """Latitudes and longitudes of a geopoint, geotrace or geoshape; None where one is no point."""
    points: list[_Point] = []
    for part in text.split(";"):
        words = part.split()
        if not words:
            continue
        try:
            latitude, longitude = float(words[0]), float(words[1])
            _ = [float(word) for word in words[2:]]
        except (ValueError, IndexError):
            return None
        if len(words) > 4 or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            return None
        points.append((latitude, longitude))
    return points


def _points(arguments: Sequence[Code], context: Context) -> list[_Point] | None:
    texts: list[str] = []
    for argument in arguments:
        value = argument.run(context)
        if isinstance(value, list):
            texts += [node.value() for node in value]
        else:
            texts.append(to_string(value))
    return points_of(";".join(texts))


@function("distance", 1, None)
def _distance(arguments: Sequence[Code]) -> Code:
    # What is asked may not be answered yet.
    asked = any(argument.kind in ("nodes", "any") for argument in arguments)

    def run(context: Context) -> float:
        points = _points(arguments, context)
        if points is None or (len(points) < 2 and not asked):
            raise XPathError("distance() was given something that is no line of positions")
        return rounded(sum(_between(a, b) for a, b in pairwise(points)), 2)

    return Code("number", run)


def _between(a: _Point, b: _Point) -> float:
    lat_a, lat_b = math.radians(a[0]), math.radians(b[0])
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b[1] - a[1]) / 2
    square = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(square)))


@function("area", 1, None)
def _area(arguments: Sequence[Code]) -> Code:
    def run(context: Context) -> float:
        points = _points(arguments, context)
        if not points or len(points) < 3:
            return 0.0
        total = 0.0
        for (lat_a, lon_a), (lat_b, lon_b) in zip(points, [*points[1:], points[0]], strict=True):
            total += math.radians(lon_b - lon_a) * (
                2 + math.sin(math.radians(lat_a)) + math.sin(math.radians(lat_b))
            )
        return rounded(abs(total * EARTH_RADIUS_M**2 / 2), 2)

    return Code("number", run)


def within(point: str, shape: str) -> bool:
    """Whether a geopoint lies in a closed geoshape (even-odd rule)."""
    here, corners = points_of(point), points_of(shape)
    if not here or not corners or len(corners) < 4 or corners[0] != corners[-1]:
        return False
    (lat, lon), inside = here[0], False
    for (lat_a, lon_a), (lat_b, lon_b) in pairwise(corners):
        if (lon_a > lon) != (lon_b > lon) and lat < (lat_b - lat_a) * (lon - lon_a) / (lon_b - lon_a) + lat_a:
            inside = not inside
    return inside


def crosses_itself(line: str) -> bool:
    """Whether any two segments of a geotrace or geoshape that do not follow each other meet."""
    points = points_of(line) or []
    segments = list(pairwise(points))
    for i, one in enumerate(segments):
        for j in range(i + 2, len(segments)):
            if i == 0 and j == len(segments) - 1 and points[0] == points[-1]:
                continue
            if _meet(*one, *segments[j]):
                return True
    return False


def _meet(a: _Point, b: _Point, c: _Point, d: _Point) -> bool:
    def side(p: _Point, q: _Point, r: _Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) <= 0 and side(c, d, a) * side(c, d, b) <= 0


plain("geofence", "ss", "boolean", within)
plain("intersects", "s", "boolean", crosses_itself)
