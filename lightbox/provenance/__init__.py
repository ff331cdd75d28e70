"""How a checkpoint came about: the data it learned from, its training and the search for its recipe, as plain data."""
