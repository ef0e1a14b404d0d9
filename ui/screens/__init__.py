"""One file a screen: it renders a view and emits named signals; it decides nothing."""
