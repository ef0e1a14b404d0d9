"""XPath 1.0 with ODK's functions, compiled once to closures.

Sources: XML Path Language 1.0 (W3C, 1999) and the ODK XForms specification, sections
"XPath Paths" to "XPath Functions". Where engines differ, ODK Web Forms' answers are ours.
"""

from kiosk.forms.xpath.compile import Compiled, compile_expression
from kiosk.forms.xpath.fault import XPathError
from kiosk.forms.xpath.grammar import parse
from kiosk.forms.xpath.nodes import Node
from kiosk.forms.xpath.scope import Context, Scope

__all__ = ["Compiled", "Context", "Node", "Scope", "XPathError", "compile_expression", "parse"]
