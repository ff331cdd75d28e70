"""How good the networks are: figures, matrices, curves, and the scans behind one cell."""
