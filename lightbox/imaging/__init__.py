"""From the bytes of a file to a `Scan`, and from a `Scan` to the array a network reads. No torch here."""
