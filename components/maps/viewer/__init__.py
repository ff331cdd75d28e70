"""A large view of the maps: one or two at a time, zoomed and panned as one, with one crosshair in all of them."""
