"""Which files a network was trained on, by hashes that give nothing else away."""

import hashlib

import pytest

from lightbox.core.errors import UserFacingError
from lightbox.networks import find_checkpoint
from lightbox.provenance.data_audit import find_audit
from lightbox.provenance.training_files import find_training_files, read_training_files, write_training_files


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_list_comes_back_and_knows_its_files(tmp_path):
    path = tmp_path / "training_files.txt"
    write_training_files(path, sha256("data"), [sha256("one"), sha256("two"), sha256("one")])
    found = read_training_files(path)
    assert found.data_sha256 == sha256("data")
    assert len(found.hashes) == 2
    assert found.knows(sha256("one"))
    assert not found.knows(sha256("three"))


@pytest.mark.parametrize("text", ["", "xyz", f"{'0' * 64}\nnot-a-hash-at-all", f"{'0' * 64}\n12"])
def test_a_broken_list_is_one_sentence(tmp_path, text):
    path = tmp_path / "training_files.txt"
    path.write_text(text)
    with pytest.raises(UserFacingError, match="cannot be read"):
        read_training_files(path)


@pytest.mark.parametrize("task", ["chest_xray", "brain_mri"])
def test_the_shipped_lists_are_of_the_data_that_the_networks_learned_from(task):
    audit = find_audit(task)
    for network in ("convnet", "resnet50", "vgg16"):
        card = find_checkpoint(task, network)
        found = find_training_files(card)
        assert found.data_sha256 in {audit.data_sha256, *audit.parts.values()}
        seen = sum(card.training[f"{split}_images"] for split in ("train", "validation"))
        # Phantoms are no files of the data, and a byte-identical copy counts once.
        pictures = seen - card.training["phantom_images"]
        assert 0.9 * pictures < len(found.hashes) <= pictures
    leaked = {row.sha256 for row in audit.copies if audit.across(row.files)}
    assert all(found.knows(one) for one in leaked)


def test_of_other_data_nothing_is_known(tmp_path, monkeypatch):
    card = find_checkpoint("chest_xray", "convnet")
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path))
    assert find_training_files(card) is None
    (tmp_path / "chest_xray").mkdir()
    write_training_files(tmp_path / "chest_xray" / "training_files.txt", sha256("other data"), [sha256("one")])
    assert find_training_files(card) is None
