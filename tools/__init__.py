"""Commands of the project itself that `make` runs."""
