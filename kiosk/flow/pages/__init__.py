"""The pages, one a file: a frozen view (what is shown and said) and its presenter (what may be done)."""
