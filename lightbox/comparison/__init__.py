"""One comparison: what was asked, what came out, and the files that hold it. Loads no torch."""
