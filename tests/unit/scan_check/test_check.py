"""What the check says of pictures: right scans pass, everything else is named."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lightbox.imaging.read_local import read_grey
from lightbox.imaging.samples import list_samples, read_sample
from lightbox.scan_check.check import KIND_LIMIT, UPRIGHT_LIMIT, ScanCheck, check_scan, correct
from lightbox.scan_check.concern import CORRECT, NOTHING, OPEN_AS, explain_suspicion, find_concern
from lightbox.scan_check.turns import TURNS, UPSIDE_DOWN, turn
from lightbox.scan_check.verdicts import ANSWERS, BRAIN, CHEST, NUMBERS, OTHER, Answer

SAMPLES = list_samples()
REAL = Path(__file__).resolve().parents[4] / "shared" / "data"
OTHER_KIND = {CHEST: BRAIN, BRAIN: CHEST}


def check_of(**shares):
    """A check with these probabilities, by "kind" or "kind/turn" or "kind/turn/inverted"."""
    values = np.zeros(len(ANSWERS))
    for name, share in shares.items():
        kind, *rest = name.split("/")
        values[NUMBERS[Answer(kind, *(rest[:1] or ["upright"]), bool(rest[1:]))]] = share
    return ScanCheck(tuple(values))


def test_an_upright_scan_of_the_kind_raises_no_suspicion():
    assert check_of(chest_xray=0.9, other=0.1).suspicion(CHEST) is None


@pytest.mark.parametrize("kind", [CHEST, BRAIN])
def test_the_limit_of_the_kind_itself_still_passes(kind):
    assert check_of(**{kind: KIND_LIMIT, "other": 1 - KIND_LIMIT}).suspicion(kind) is None
    doubted = check_of(**{kind: KIND_LIMIT - 0.01, "other": 1.01 - KIND_LIMIT})
    assert doubted.suspicion(kind) == Answer(OTHER)


@pytest.mark.parametrize("kind", [CHEST, BRAIN])
def test_a_scan_of_the_kind_lies_wrong_where_upright_has_too_small_a_share_and_another_way_a_larger_one(kind):
    down = f"{kind}/upside_down"
    assert check_of(**{kind: UPRIGHT_LIMIT, down: 1 - UPRIGHT_LIMIT}).suspicion(kind) is None
    wrong = check_of(**{kind: UPRIGHT_LIMIT - 0.01, down: 1.01 - UPRIGHT_LIMIT})
    assert wrong.suspicion(kind) == Answer(kind, UPSIDE_DOWN)
    spread = {f"{kind}/{way}": 0.24 for way in ("upside_down", "turned_left")} | {f"{kind}/turned_right": 0.22}
    assert check_of(**{kind: 0.3}, **spread).suspicion(kind) is None


def test_another_kind_is_named_where_it_is_as_certain_as_the_expected_one_would_have_to_be():
    check = check_of(**{"other": 0.3, "chest_xray/upside_down": 0.4, "chest_xray/flipped": 0.3})
    assert check.suspicion(CHEST) == Answer(CHEST, UPSIDE_DOWN)
    assert check.suspicion(BRAIN) == Answer(CHEST, UPSIDE_DOWN)


def test_between_two_kinds_no_button_leads_round_in_a_circle():
    check = check_of(chest_xray=0.55, brain_mri=0.45)
    assert check.suspicion(CHEST) == check.suspicion(BRAIN) == Answer(OTHER)
    assert explain_suspicion(Answer(OTHER), CHEST).sentence == "It is not clear that this is a chest X-ray."


def test_of_a_task_that_the_detector_does_not_know_it_says_nothing():
    assert check_of(other=1.0).suspicion("dementia") is None
    assert check_of(other=1.0).fit("dementia") == 1


@pytest.mark.parametrize("answer", ANSWERS)
def test_correcting_undoes_what_the_answer_says(answer):
    picture = np.random.default_rng(1).random((6, 9)).astype(np.float32)
    spoilt = turn(picture, answer.turn)
    spoilt = np.float32(1) - spoilt if answer.inverted else spoilt
    np.testing.assert_allclose(correct(spoilt, answer), picture, atol=1e-6)


@pytest.mark.parametrize("task", [CHEST, BRAIN])
@pytest.mark.parametrize("answer", ANSWERS)
def test_every_suspicion_has_a_sentence_and_the_remedy_that_helps(answer, task):
    concern = explain_suspicion(answer, task)
    assert concern.sentence.endswith(".")
    assert concern.consequence.endswith(".")
    expected = NOTHING if answer.kind == OTHER else CORRECT if answer.kind == task else OPEN_AS
    assert concern.remedy == expected


def test_of_the_shipped_samples_one_at_most_raises_a_false_alarm():
    """An axial brain slice; on the page it is none, because there it is known what a sample is."""
    scans = [read_sample(sample) for sample in SAMPLES]
    assert sum(find_concern(scan.pixels, scan.modality) is not None for scan in scans) <= 1


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.key)
def test_a_shipped_sample_is_named_under_the_other_kind(sample):
    scan = read_sample(sample)
    concern = find_concern(scan.pixels, OTHER_KIND[scan.modality])
    assert (concern.remedy, concern.answer.kind) == (OPEN_AS, scan.modality)


def strangers():
    noise = np.random.default_rng(5).random((300, 400)).astype(np.float32)
    stripes = np.tile(np.sin(np.arange(256) / 5).astype(np.float32) / 2 + 0.5, (256, 1))
    return {
        "noise": noise,
        "black": np.zeros((200, 200), dtype=np.float32),
        "grey": np.full((200, 300), 0.5, dtype=np.float32),
        "stripes": stripes,
        "ramp": np.tile(np.linspace(0, 1, 256, dtype=np.float32), (256, 1)),
    }


@pytest.mark.parametrize("task", [CHEST, BRAIN])
@pytest.mark.parametrize("name", strangers())
def test_what_is_no_scan_at_all_is_said_to_be_none(name, task):
    concern = find_concern(strangers()[name], task)
    assert concern is not None
    assert concern.remedy == NOTHING


@pytest.mark.parametrize("name", ["camera", "astronaut", "rocket", "moon", "text", "horse"])
def test_photographs_and_pages_are_no_scans(name):
    from skimage import color, data

    picture = getattr(data, name)()
    grey = color.rgb2gray(picture) if picture.ndim == 3 else picture / picture.max()
    for task in (CHEST, BRAIN):
        assert find_concern(grey.astype(np.float32), task) is not None


def test_size_and_brightness_range_change_nothing_much():
    scan = read_sample(SAMPLES[0])
    half = scan.pixels[::2, ::2] * np.float32(0.4) + np.float32(0.1)
    assert find_concern(half, scan.modality) is None


def real_scans():
    if not REAL.is_dir():
        pytest.skip("the real images are not on this machine")
    from lightbox.training.datasets import read_examples

    return {
        task: [read_grey(example.path) for example in read_examples(REAL, task) if example.split == "test"]
        for task in (CHEST, BRAIN)
    }


def share_doubted(pictures, task):
    return np.mean([find_concern(picture, task) is not None for picture in pictures])


def test_real_test_scans_pass_and_are_noticed_when_they_are_not_what_was_expected():
    """All test scans for the false alarms, every seventh for the misses; rates.json has all of both."""
    scans = real_scans()
    for task, pictures in scans.items():
        assert share_doubted(pictures, task) <= 0.02
        assert share_doubted(scans[OTHER_KIND[task]][::7], task) >= 0.98
        assert share_doubted([1 - picture for picture in pictures[::7]], task) >= 0.98


def test_an_upside_down_chest_film_is_turned_back_by_what_the_check_says():
    scan = next(read_sample(sample) for sample in SAMPLES if sample.task == CHEST)
    laid = turn(scan.pixels, UPSIDE_DOWN)
    suspicion = check_scan(laid).suspicion(CHEST)
    np.testing.assert_array_equal(correct(laid, suspicion), scan.pixels)


@pytest.mark.parametrize("name", [name for name in TURNS if name != "upright"])
def test_a_chest_film_laid_wrong_is_noticed_whatever_the_way(name):
    scan = next(read_sample(sample) for sample in SAMPLES if sample.task == CHEST)
    assert find_concern(turn(scan.pixels, name), CHEST).answer == Answer(CHEST, name)


def test_a_concern_reads_as_one_text():
    concern = explain_suspicion(Answer(BRAIN), CHEST)
    assert str(replace(concern)) == f"{concern.sentence} {concern.consequence}"
    assert concern.sentence == "This looks like a brain MRI slice, not like a chest X-ray."
