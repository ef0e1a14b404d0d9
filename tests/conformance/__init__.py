"""How much of other people's suites our form engine meets."""
