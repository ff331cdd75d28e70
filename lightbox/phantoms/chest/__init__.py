"""Chest X-rays of children: bodies, pneumonia, and the film that records them."""
