"""The scan: how it comes in, which samples there are, whose kind it is."""
