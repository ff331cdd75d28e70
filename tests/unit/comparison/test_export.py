"""What a person takes away is what was computed."""

import dataclasses
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lightbox.comparison.citation import to_bibtex, to_markdown
from lightbox.comparison.drawing import Drawing, find_scales, scales_of
from lightbox.comparison.export import write_folder, zip_bytes
from lightbox.comparison.part import Part
from lightbox.comparison.picture import draw_picture
from lightbox.comparison.truth import Truth
from lightbox.core import notice
from lightbox.core.program_version import program_version
from lightbox.imaging.masks import mask_outline
from lightbox.imaging.overlay import GREEN, with_outline


def opened(comparison, drawing=None):
    return zipfile.ZipFile(io.BytesIO(zip_bytes(comparison, drawing or Drawing())))


def record_of(archive):
    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(archive.read("comparison.json"), parse_constant=refuse)


def test_raw_arrays_come_back_bit_for_bit(comparison):
    archive = opened(comparison)
    for panel in comparison.panels:
        for method, attribution in panel.attributions.items():
            values = np.load(io.BytesIO(archive.read(f"{panel.network}/{method}.npy")), allow_pickle=False)
            assert values.dtype == np.float32
            np.testing.assert_array_equal(values, attribution.values)


def test_the_record_holds_what_reproduces_a_map(comparison):
    record = record_of(opened(comparison))
    network = record["networks"][0]
    row = network["maps"][0]
    assert network["weights_sha256"] == comparison.panels[0].weights_sha256
    assert row["params"] == {"seed": 3}
    assert row["explains"] == {"what": "logit", "class": "bacterial", "against": None}
    assert row["checks"][0]["passed"] is True
    assert record["versions"]["torch"]
    assert record["lightbox"] == program_version()
    assert record["scan"]["sha256"] == comparison.scan.sha256


def test_a_withheld_map_has_its_reason_and_no_picture(comparison):
    archive = opened(comparison)
    row = record_of(archive)["networks"][1]["maps"][1]
    assert row["withheld"] == "It overflowed."
    assert row["picture"] is None
    assert row["sum"] is None  # not a number, and JSON has none
    assert "resnet50/integrated_gradients.png" not in archive.namelist()
    assert record_of(archive)["networks"][1]["errors"] == {"lime": "It failed."}


def test_the_notice_is_in_every_export(comparison):
    archive = opened(comparison)
    assert notice.TEXT in archive.read("README.txt").decode()
    assert record_of(archive)["notice"] == notice.TEXT
    picture = Image.open(io.BytesIO(archive.read("convnet/lrp.png")))
    assert notice.TEXT in picture.text["Comment"]


def test_the_scan_itself_and_the_combined_picture_are_in_it(comparison):
    archive = opened(comparison, Drawing("map"))
    record = record_of(archive)
    scan = np.asarray(Image.open(io.BytesIO(archive.read(record["scan"]["picture"]))))
    np.testing.assert_array_equal(scan, np.rint(255 * comparison.scan.pixels))
    assert archive.read(record["picture"]) == draw_picture(comparison, Drawing("map")).to_png()
    assert archive.read("methods.md").decode() == to_markdown(comparison)
    assert archive.read("references.bib").decode() == to_bibtex(comparison)


def test_the_read_me_and_the_guide_name_every_file(comparison):
    guide = (Path(__file__).resolve().parents[3] / "docs" / "files.md").read_text(encoding="utf-8")
    archive = opened(comparison)
    read_me = archive.read("README.txt").decode()
    for name in archive.namelist():
        folder, _, file = name.rpartition("/")
        pattern = name if not folder or file == "input.npy" else f"NETWORK/METHOD.{file.rpartition('.')[2]}"
        pattern = pattern.replace(folder, "NETWORK") if folder and file == "input.npy" else pattern
        assert pattern in read_me or name == "README.txt"
        assert f"`{pattern}`" in guide, pattern


def test_a_record_has_all_that_records_had_before(comparison):
    """Whoever reads the ZIPs of earlier versions reads these."""
    record = record_of(opened(comparison))
    assert record["schema"] == 1
    assert {
        "notice",
        "notice_version",
        "created",
        "lightbox",
        "versions",
        "task",
        "scan",
        "scan_check",
        "placed",
        "networks",
    } <= record.keys()
    assert {"sha256", "size_hw", "provenance"} <= record["scan"].keys()


def test_a_shared_scale_is_one_for_a_method_over_all_networks(comparison):
    (own,) = find_scales([Part("", "", comparison)], shared=False)
    (shared,) = find_scales([Part("", "", comparison)], shared=True)
    assert own["resnet50", "lrp"].limit == pytest.approx(2 * own["convnet", "lrp"].limit, rel=0.01)
    assert shared["resnet50", "lrp"] == shared["convnet", "lrp"]
    assert ("resnet50", "integrated_gradients") not in shared


def test_a_shared_scale_spans_maps_of_different_sizes(comparison):
    small, large = (panel.attributions["lrp"] for panel in comparison.panels)
    finer = dataclasses.replace(large, values=np.kron(large.values, np.ones((2, 2), np.float32)))
    maps = {("convnet", "lrp"): small, ("resnet50", "lrp"): finer}
    scales = scales_of(maps, shared=True)
    assert scales["convnet", "lrp"] == scales["resnet50", "lrp"]
    assert scales["convnet", "lrp"].limit > scales_of(maps, shared=False)["convnet", "lrp"].limit


def times(comparison, factor):
    """The first network's map alone, so many times as strong."""
    panel = comparison.panels[0]
    stronger = dataclasses.replace(panel.attributions["lrp"], values=factor * panel.attributions["lrp"].values)
    panel = dataclasses.replace(panel, attributions={"lrp": stronger}, errors={})
    return dataclasses.replace(comparison, panels=(panel,))


def test_a_shared_scale_reaches_what_stands_below_and_parts_abreast_have_one_anyway(comparison):
    parts = [
        Part("", "", times(comparison, 1)),
        Part("every-class/normal", "Normal", times(comparison, 2), row="LRP for every class"),
        Part("every-class/viral", "Viral", times(comparison, 4), row="LRP for every class"),
        Part("pinned-1", "Pinned", times(comparison, 8)),
    ]
    own, normal, viral, pinned = (each["convnet", "lrp"].limit for each in find_scales(parts, shared=False))
    assert normal == viral
    assert own < normal < pinned == pytest.approx(8 * own)
    assert len({each["convnet", "lrp"].limit for each in find_scales(parts, shared=True)}) == 1


def test_what_stands_below_has_a_folder_of_its_own_that_is_an_export_in_itself(comparison):
    below = [Part("pinned-1", "Pinned: another scan", times(comparison, 8))]
    archive = zipfile.ZipFile(io.BytesIO(zip_bytes(comparison, Drawing(), below=below)))
    alone = zipfile.ZipFile(io.BytesIO(zip_bytes(below[0].comparison, Drawing())))
    mine = {name.removeprefix("pinned-1/") for name in archive.namelist() if name.startswith("pinned-1/")}
    assert mine | {"README.txt"} == set(alone.namelist())
    assert archive.read("pinned-1/convnet/lrp.npy") == alone.read("convnet/lrp.npy")
    assert archive.read("pinned-1/convnet/lrp.png") == alone.read("convnet/lrp.png")
    assert "pinned-1/   Pinned: another scan" in archive.read("README.txt").decode()
    assert record_of(archive)["below"] == [{"folder": "pinned-1", "row": "", "title": "Pinned: another scan"}]


@pytest.mark.parametrize("view", ["overlay", "map", "contours"])
def test_every_view_gives_pictures(comparison, view):
    archive = opened(comparison, Drawing(view=view))
    assert Image.open(io.BytesIO(archive.read("convnet/lrp.png"))).size[0] >= 64


def test_a_folder_holds_the_same_files_as_the_zip(comparison, tmp_path):
    written = write_folder(comparison, Drawing(), tmp_path / "new")
    names = sorted(str(path.relative_to(tmp_path / "new")) for path in written)
    assert names == sorted(opened(comparison).namelist())


def test_a_synthetic_scans_truth_is_drawn_measured_and_added(comparison):
    mask = np.zeros(comparison.scan.size_hw, dtype=bool)
    mask[2:6, 3:8] = True
    truth = Truth.place("bacterial", "Bacterial pneumonia", mask)
    archive = zipfile.ZipFile(io.BytesIO(zip_bytes(comparison, Drawing(), truth)))
    stored = np.asarray(Image.open(io.BytesIO(archive.read("truth.png"))))
    np.testing.assert_array_equal(stored == 255, mask)
    record = record_of(archive)
    assert record["placed"] == {"class": "bacterial", "mask": "truth.png"}
    panel = comparison.panels[0]
    row = record["networks"][0]["maps"][0]
    found = truth.localise(panel.attributions[row["method"]].values, panel.box)
    assert row["localisation"]["mass"] == pytest.approx(found.mass)
    assert record["networks"][1]["maps"][1]["localisation"] is None, "a withheld map is not scored"
    plain = opened(comparison)
    picture = f"{panel.network}/{row['method']}.png"
    assert archive.read(picture) != plain.read(picture)
    assert "truth.png" not in plain.namelist()
    assert record_of(plain)["placed"] is None


def test_an_outline_is_drawn_in_green_and_nothing_beside_it():
    grey = np.full((40, 40, 3), 128, dtype=np.uint8)
    mask = np.zeros((40, 40), dtype=bool)
    mask[10:30, 10:30] = True
    drawn = with_outline(grey, mask_outline(mask))
    changed = (drawn != grey).any(axis=-1)
    assert (drawn[10, 20] == GREEN).all() or (drawn[9, 20] == GREEN).all()
    assert not changed[14:26, 14:26].any()
    assert not changed[:7].any()
