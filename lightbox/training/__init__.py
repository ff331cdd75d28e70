"""How the shipped checkpoints came about. Imported by nothing above it but the command line."""
