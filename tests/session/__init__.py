"""The kiosk as a session of its own: its unit and scripts, its supervisor, its glass, the way out."""
