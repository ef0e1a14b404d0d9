"""All functions, entered by their modules; see ``registry``."""

from kiosk.forms.xpath import (
    functions_dates,
    functions_geo,
    functions_nodes,
    functions_numbers,
    functions_text,
)
from kiosk.forms.xpath.registry import FUNCTIONS, compile_call

__all__ = [
    "FUNCTIONS",
    "compile_call",
    "functions_dates",
    "functions_geo",
    "functions_nodes",
    "functions_numbers",
    "functions_text",
]
