"""Pictures of like format are held out together."""

import numpy as np
from PIL import Image

from lightbox.training.datasets import balanced_order, hold_out, read_examples
from lightbox.training.datasets.appearance import look_at
from lightbox.training.datasets.sources import group_by_source, name_sources


def picture(width, height, *, margin=0, tone=0, colour=False, seed=0):
    generator = np.random.default_rng(seed)
    pixels = generator.integers(60, 200, (height, width, 1), dtype=np.uint8).repeat(3, axis=2)
    if colour:
        pixels[: height // 3, :, 0] = 250
    framed = np.full_like(pixels, tone)
    inside = slice(margin, height - margin), slice(margin, width - margin)
    framed[inside] = pixels[inside]
    return Image.fromarray(framed)


def test_a_look_sees_size_colour_and_margin():
    look = look_at(picture(120, 90, margin=9, tone=10))
    assert (look.width, look.height, look.in_colour) == (120, 90, False)
    np.testing.assert_allclose(look.tone, 10 / 255, atol=0.01)
    np.testing.assert_allclose(look.margin, (9 / 120 + 9 / 90) / 2, atol=0.01)
    assert look_at(picture(60, 60, colour=True)).in_colour


def test_jpegs_own_rounding_of_grey_is_no_colour(tmp_path):
    picture(90, 90).convert("RGB").save(tmp_path / "a.jpg", quality=30)
    with Image.open(tmp_path / "a.jpg") as image:
        assert not look_at(image).in_colour


def test_sources_are_named_by_what_tells_them_apart():
    looks = [look_at(picture(100, 100, margin=5)) for _ in range(20)]
    looks += [look_at(picture(300, 200, tone=255, margin=30)), look_at(picture(500, 500, colour=True))]
    names = name_sources(looks)
    assert set(names[:20]) == {"100x100, grey, dark narrow margin"}
    assert names[20:] == ["medium landscape, grey, bright margin", "large square, colour, no margin"]


def data_of_sources(folder):
    """Two classes from three formats each, and one class that has a single format."""
    formats = ((40, 40, 0), (60, 40, 0), (40, 40, 6))
    number = 0
    for label in ("normal", "bacterial"):
        for place, (width, height, margin) in enumerate(formats):
            for _copy in range((20, 5, 5)[place]):
                number += 1
                path = folder / "train" / label / f"{number}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                picture(width, height, margin=margin, seed=number).save(path)
    (folder / "train" / "viral").mkdir()
    for number in range(20):
        picture(90, 40, seed=1000 + number).save(folder / "train" / "viral" / f"{number}.png")
    return read_examples(folder, "chest_xray")


def test_no_source_lies_on_both_sides_but_where_a_class_has_only_one(tmp_path):
    examples = data_of_sources(tmp_path)
    sources = group_by_source(examples)
    rows = hold_out(examples, 0.2, seed=0, by="source")
    for label in ("normal", "bacterial"):
        sides = [
            {sources[row.name] for row in rows if row.label == label and row.split == split}
            for split in ("train", "validation")
        ]
        assert all(sides)
        assert not sides[0] & sides[1]
    assert {row.split for row in rows if row.label == "viral"} == {"train", "validation"}
    assert rows == hold_out(examples, 0.2, seed=0, by="source")


def test_no_class_gives_more_than_half_as_much_again_though_sources_are_of_several(tmp_path):
    """The format that is small among normal pictures is most of the viral ones."""
    number = 0
    for label, counts in {"bacterial": (20, 5, 5), "normal": (20, 5, 5), "viral": (2, 14, 14)}.items():
        for count, (width, height) in zip(counts, ((40, 40), (60, 40), (40, 60)), strict=True):
            for _copy in range(count):
                number += 1
                path = tmp_path / "train" / label / f"{number}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                picture(width, height, seed=number).save(path)
    examples = read_examples(tmp_path, "chest_xray")
    for seed in range(4):
        rows = hold_out(examples, 0.2, seed, by="source")
        for label in ("bacterial", "normal", "viral"):
            held = [row for row in rows if row.label == label and row.split == "validation"]
            assert 0 < len(held) <= 1.5 * 0.2 * 30


def test_a_balanced_order_has_every_class_equally_often():
    labels = np.repeat([0, 1, 2], [70, 20, 9])
    order = balanced_order(labels, np.random.default_rng(0))
    assert len(order) == 99
    assert np.bincount(labels[order]).tolist() == [33, 33, 33]
    assert len(set(order[labels[order] == 0].tolist())) == 33, "a common class repeats nothing"
    repeats = np.bincount(order, minlength=99)[90:]
    assert repeats.min() >= 3, "a rare class comes in whole rounds"
    assert repeats.max() <= 4
    assert (balanced_order(labels, np.random.default_rng(0)) == order).all()


def test_strength_zero_keeps_every_picture_once():
    labels = np.repeat([0, 1], [70, 29])
    order = balanced_order(labels, np.random.default_rng(1), strength=0.0)
    assert sorted(order.tolist()) == list(range(99))
    halfway = np.bincount(labels[balanced_order(labels, np.random.default_rng(1), strength=0.5)])
    assert 50 < halfway[0] < 70
