"""Side-by-side runs against the stock libraries."""
