"""Where scans lie in a network's feature space: a map of known ones, the place of a new one, whether it belongs."""
