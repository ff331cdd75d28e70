"""Maps: how one is drawn, what its checks say, how several stand side by side."""
