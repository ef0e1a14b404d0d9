"""A kiosk that is used for hours by simulated people, and watched meanwhile."""
