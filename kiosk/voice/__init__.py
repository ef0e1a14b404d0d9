"""Words to clips, and the one speech state machine."""
