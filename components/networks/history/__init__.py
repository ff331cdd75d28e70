"""How the networks came about: their data, their training, the search for their recipe."""
