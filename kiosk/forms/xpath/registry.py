"""Where functions are entered, and the shorthand for those that need nothing but their arguments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from kiosk.forms.xpath.code import Code, Kind, as_boolean, as_number, as_string
from kiosk.forms.xpath.fault import XPathError
from kiosk.forms.xpath.scope import Context

Builder: TypeAlias = Callable[[Sequence[Code]], Code]


@dataclass(frozen=True, slots=True)
class Function:
    """``most`` None: any number of arguments."""

    build: Builder
    least: int
    most: int | None


FUNCTIONS: dict[str, Function] = {}


def function(name: str, least: int, most: int | None = -1) -> Callable[[Builder], Builder]:
    """Enters a builder, which is handed the compiled arguments; ``most`` defaults to ``least``."""

    def enter(build: Builder) -> Builder:
        FUNCTIONS[name] = Function(build, least, least if most == -1 else most)
        return build

    return enter


_READERS: dict[str, Callable[[Code], Callable[[Context], Any]]] = {
    "s": as_string,
    "n": as_number,
    "b": as_boolean,
}


def plain(name: str, signature: str, returns: Kind, body: Callable[..., Any]) -> None:
    """Enters a function of converted arguments: ``s`` string, ``n`` number, ``b`` boolean.

    What follows a ``?`` in the signature may be left out.
    """
    needed, _, optional = signature.partition("?")
    letters = needed + optional

    def build(arguments: Sequence[Code]) -> Code:
        readers = [_READERS[letter](code) for letter, code in zip(letters, arguments, strict=False)]
        match readers:
            case []:
                return Code(returns, lambda _: body())
            case [one]:
                return Code(returns, lambda context: body(one(context)))
            case [one, two]:
                return Code(returns, lambda context: body(one(context), two(context)))
        return Code(returns, lambda context: body(*[reader(context) for reader in readers]))

    FUNCTIONS[name] = Function(build, len(needed), len(letters))


def compile_call(name: str, arguments: Sequence[Code]) -> Code:
    """Raises XPathError for a function that there is not, or a wrong number of arguments."""
    found = FUNCTIONS.get(name)
    if found is None:
        raise XPathError(f"there is no function {name}()")
    count = len(arguments)
    if count < found.least or (found.most is not None and count > found.most):
        raise XPathError(f"{name}() was given {count} arguments, which is not how many it takes")
    return found.build(arguments)
