"""The receiving end: FastAPI over SQLAlchemy; SQLite by default, PostgreSQL by URL.

Knows nothing of Qt, of ``requests`` or of the kiosk's side of ``sync``: a hub runs where none is installed.
No process of it holds state: any number may serve one database.
"""
