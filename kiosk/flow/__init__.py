"""Which screen follows which, and what each screen shows and says."""
