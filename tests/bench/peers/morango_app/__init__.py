"""The one model of a Morango project."""
