"""What is wrong with an expression."""


class XPathError(Exception):
    """An expression that cannot be read, or cannot be evaluated for what it is (never for its data)."""
