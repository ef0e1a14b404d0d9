"""Somebody who cannot see the screen at all fills a form in with three keys, or with two."""
