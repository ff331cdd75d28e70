"""Known scans as a network sees them, and the current one among them."""
