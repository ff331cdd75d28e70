"""Where scans lie in a network's feature space: a map of known scans, the place of a new one, and whether it belongs."""
