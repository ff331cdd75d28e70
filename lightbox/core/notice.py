"""The sentence that stands on every page and in every export."""

VERSION = "2026-11-20"
TEXT = (
    "For research and teaching only. Lightbox is not a medical device; "
    "do not use its output to diagnose or treat anyone, and do not upload images that identify a patient."
)
