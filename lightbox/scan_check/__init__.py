"""Is this a scan, of which modality, and the right way up: asked of every picture before a network is."""
