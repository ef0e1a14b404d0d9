"""The receiving end: FastAPI over SQLAlchemy."""
