"""Walks a whole application through the real window: the product's own demonstration and its smoke test."""
