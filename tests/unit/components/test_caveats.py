"""What the Ground truth page says of how its table was made."""

from dataclasses import replace

from components.ground_truth.caveats import describe
from lightbox.ground_truth.localisation_table import Measurement

RUN = Measurement(
    task="brain_mri", network="vgg16", weights_sha256="ab" * 32, per_class=100, per_class_slow=100, first_seed=7,
    size=512, generator_version="2", lightbox_version="0.1.0", date="2026-11-21 to 2026-11-28",
)  # fmt: skip


def test_one_number_of_scans_is_said_once():
    words = describe(RUN)
    assert words.startswith("VGG16: 100 scans a class of 512 × 512 pixels from seed 7, generator 2, weights ababababab")
    assert "measured on 2026-11-21 to 2026-11-28." in words


def test_fewer_scans_of_the_slower_methods_are_said():
    assert "VGG16: 100 scans a class (4 of them for the slower methods)" in describe(replace(RUN, per_class_slow=4))
