"""What is new for this kiosk: signed releases, how they come to be believed, laid ready, applied, taken back.

A *release* is one signed list (TUF's targets metadata) of everything that a deployment's kiosks should have:
the catalogue with its forms, mended sentences, the application. Its *bodies* are files named by their SHA-256
alone. Nothing here knows how either travels; Qt, HTTP and TUF's own reader are imported by nobody at a start.
"""
