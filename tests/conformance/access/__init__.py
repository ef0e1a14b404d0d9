"""Measures what a person must be able to see, hear, touch and do, on every screen (README of ``ui``)."""
