"""The documents' figures and tables, made from the files that hold them. Run with ``make results``."""
