"""What a user waits for: the five maps of a scan by the stock libraries and by ours, in turn, and how true both are."""
