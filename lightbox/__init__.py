"""Lightbox: explanations of medical image classifiers, side by side and checked."""

__version__ = "0.2.0"
