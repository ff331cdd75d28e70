"""Brain MRI slices: head, brain, tumours and the scanner that records them."""
