"""A test set of the user's own: brought, sorted into classes, judged, taken away."""
