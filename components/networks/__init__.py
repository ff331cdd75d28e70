"""The Networks page's parts."""
