"""How good a map is, by measures that need no second opinion. Importing it loads no torch."""
