"""How well maps point at pathology that was placed: scores, their table, and the Clever Hans demonstration."""
