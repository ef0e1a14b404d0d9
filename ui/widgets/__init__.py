"""The few controls that everything is built of."""
