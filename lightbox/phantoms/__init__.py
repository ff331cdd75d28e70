"""Seeded generators of synthetic scans with pixel masks: where the evidence is, is known, because it was put there."""
