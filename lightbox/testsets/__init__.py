"""A user's own labelled scans: listed with suspicion, judged by the networks, and forgotten. It loads no torch."""
