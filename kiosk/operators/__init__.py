"""Volunteers and coordinators: sign-in, roles, the centre's keys."""
