"""What the methods compute with: torch and the libraries that carry the mathematics are loaded here."""
