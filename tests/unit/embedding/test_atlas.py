"""The file that ships: small, the same every time, and refused where it does not belong to the weights."""

import numpy as np
import pytest

from lightbox.core.errors import UserFacingError
from lightbox.embedding import tsne
from lightbox.embedding.atlas import ATLAS_NAME, pack, read_atlas
from lightbox.embedding.build import main_axes
from lightbox.embedding.neighbours import find_nearest
from tests.unit.embedding.conftest import make_features


@pytest.fixture
def path(tmp_path, atlas):
    path = tmp_path / ATLAS_NAME
    path.write_bytes(pack(atlas))
    return path


def test_what_is_written_is_what_is_read(path, atlas, card):
    again = read_atlas(path, card)
    assert again.names == atlas.names
    assert again.sha256 == atlas.sha256
    assert again.rates == atlas.rates
    assert again.settings == {"made": "by a test"}
    for name in ("labels", "predicted", "phantom", "vectors", "basis", "positions"):
        np.testing.assert_array_equal(getattr(again, name), getattr(atlas, name))
    probe = make_features(9, seed=4).blocks
    np.testing.assert_array_equal(again.familiarity.measure(probe), atlas.familiarity.measure(probe))
    assert again.familiarity.threshold == atlas.familiarity.threshold
    assert len(again.digest) == 64


def test_the_same_atlas_gives_the_same_bytes_and_few_of_them(atlas):
    assert pack(atlas) == pack(atlas)
    assert len(pack(atlas)) < 300_000


def test_rates_count_what_was_called_far(atlas):
    assert atlas.rate("photo").flagged == atlas.rate("photo").count == 10
    assert atlas.rate("test").flagged < 8
    assert atlas.rate("noise") is None


def test_a_file_of_other_weights_is_refused_with_what_to_do(tmp_path, stale, card):
    path = tmp_path / ATLAS_NAME
    path.write_bytes(pack(stale))
    with pytest.raises(UserFacingError, match=r"other weights.*lightbox embed --task chest_xray --network convnet"):
        read_atlas(path, card)


@pytest.mark.parametrize("damage", [lambda _: b"", lambda content: content[:500], lambda _: b"PK" * 400])
def test_a_damaged_file_is_refused(path, card, damage):
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UserFacingError, match="cannot be used"):
        read_atlas(path, card)


def test_main_axes_keep_lengths_and_angles():
    pooled = make_features(90).pooled
    basis, kept = main_axes(pooled)
    assert kept > 0.99
    ours = find_nearest(pooled[7] @ basis, pooled @ basis, metric="euclid", count=1)[0]
    assert ours[0] == 7
    np.testing.assert_allclose(np.linalg.norm(pooled @ basis, axis=1), np.linalg.norm(pooled, axis=1), rtol=0.01)


def test_a_known_scan_is_placed_where_it_lies_and_its_group_stays_together(atlas):
    spread = np.linalg.norm(np.ptp(atlas.positions, axis=0))
    for index in (0, 1, 2):
        place = tsne.place(atlas.vectors[index], atlas.vectors, atlas.positions, perplexity=atlas.perplexity)
        assert np.linalg.norm(place - atlas.positions[index]) < 0.25 * spread
        nearest = np.argsort(np.linalg.norm(atlas.positions - place, axis=1))[:5]
        assert set(atlas.labels[nearest]) == {index}


def test_positions_are_the_same_every_time(atlas):
    again = tsne.lay_out(atlas.vectors, perplexity=atlas.perplexity)
    np.testing.assert_array_equal(again, atlas.positions)
