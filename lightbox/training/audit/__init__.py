"""What is wrong with a data set, found by looking at its files: `lightbox audit`."""
