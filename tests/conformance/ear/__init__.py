"""What really comes out of the loudspeaker, and when: measured on a sound device of its own."""
