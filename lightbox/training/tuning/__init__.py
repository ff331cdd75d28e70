"""A search for the ConvNet's better recipe: `lightbox tune`."""
