"""An application's life: draft, sealed, sent, decided."""
