"""The services that the centre can help with, read from packs."""
