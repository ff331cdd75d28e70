"""The tour is as short as it is called."""

from components.compare.tour import STEPS
from components.scans import gallery
from lightbox.core.settings import PROJECT_DIR
from lightbox.networks import NETWORKS, find_checkpoint

WORDS_A_MINUTE = 130  # read with care; people read 200 and more in silence


def test_the_tour_is_read_in_ninety_seconds():
    words = sum(len(f"{step.title} {step.text}".split()) for step in STEPS)
    assert 60 * words / WORDS_A_MINUTE <= 90
    assert len(STEPS) <= 6


def test_it_begins_with_the_first_sample_of_the_gallery(tmp_path, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_SAMPLES_DIR", str(PROJECT_DIR / "sample_images"))
    cards = {network: find_checkpoint("brain_mri", network) for network in NETWORKS}
    assert gallery.first("brain_mri", cards) == "brain-glioma-1"
    monkeypatch.setenv("LIGHTBOX_SAMPLES_DIR", str(tmp_path))
    assert gallery.first("brain_mri", cards) is None
