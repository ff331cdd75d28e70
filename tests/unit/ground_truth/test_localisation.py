"""From scored phantoms to the table, and back from the file."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lightbox.cli import evaluate
from lightbox.core.errors import UserFacingError
from lightbox.explainers import METHODS
from lightbox.ground_truth.evaluation import gather, plan
from lightbox.ground_truth.localisation_table import Table, read_table, settings_of, write_table
from lightbox.ground_truth.localisation_update import replace_network
from lightbox.ground_truth.scores import GRID, MapScore, PhantomScore, complete_methods, score_work
from lightbox.ground_truth.summary import count_right, mean_pictures, summarise
from lightbox.ground_truth.worker import score_phantom
from lightbox.metrics.localisation import Localisation
from lightbox.networks import get_card
from lightbox.phantoms.phantom import GENERATOR_VERSION

LRP = {"lrp": {"composite": "epsilon"}}


def hit(value, *, positive=True):
    return Localisation(pointing=value, mass=value / 2, rank=value / 4, area=0.1, positive=positive)


def map_score(localisation, *, withheld="", failed=False, fill=1.0):
    picture = None if withheld else np.full((GRID, GRID), fill, dtype=np.float32)
    return MapScore(localisation, 0.5, withheld, failed, picture)


def score(label, predicted, found, seed=0):
    maps = {} if found is None else {"lrp": found}
    return PhantomScore(label, seed, predicted, np.zeros((GRID, GRID), dtype=np.float32), maps)


SCORES = [
    score("normal", "normal", None),
    score("bacterial", "bacterial", map_score(hit(1.0), failed=True)),
    score("bacterial", "viral", map_score(hit(0.0, positive=False))),
    score("viral", "viral", map_score(hit(1.0), fill=3.0)),
    score("viral", "normal", map_score(None, withheld="It overflowed.")),
]


def rows():
    return {(row.label, row.subset): row for row in summarise("chest_xray", "convnet", SCORES, LRP)}


def test_means_are_over_the_maps_that_could_be_scored_and_the_rest_is_counted():
    row = rows()["all", "all"]
    assert (row.count, row.withheld, row.silent, row.failed) == (3, 1, 1, 1)
    assert row.pointing == pytest.approx(2 / 3, abs=1e-4)
    assert row.mass == pytest.approx(1 / 3, abs=1e-4)
    assert row.rank == pytest.approx(1 / 6, abs=1e-4)
    assert row.area == pytest.approx(0.1)
    assert row.pointing_low < row.pointing < row.pointing_high
    assert row.mass_low <= row.mass <= row.mass_high


def test_scans_the_network_calls_right_are_also_counted_alone():
    found = rows()
    assert found["bacterial", "all"].pointing == 0.5
    assert found["bacterial", "right"].pointing == 1.0
    assert (found["bacterial", "right"].count, found["viral", "right"].count) == (1, 1)


def test_a_healthy_class_has_answers_but_no_maps():
    assert "normal" not in {label for label, _ in rows()}
    accuracies = {row.label: row for row in count_right("chest_xray", "convnet", SCORES)}
    assert (accuracies["normal"].right, accuracies["normal"].count) == (1, 1)
    assert (accuracies["all"].right, accuracies["all"].count) == (3, 5)
    assert accuracies["all"].low < 0.6 < accuracies["all"].high


def test_a_subset_without_a_single_map_has_no_row_rather_than_a_zero():
    wrong = [score("viral", "normal", map_score(hit(1.0)))]
    assert {row.subset for row in summarise("chest_xray", "convnet", wrong, LRP)} == {"all"}


def test_mean_pictures_are_means_over_the_maps_there_are():
    pictures = mean_pictures(SCORES)
    assert set(pictures) == {("bacterial", "mask"), ("bacterial", "lrp"), ("viral", "mask"), ("viral", "lrp")}
    np.testing.assert_array_equal(pictures["viral", "lrp"], 3.0)


@pytest.fixture
def table():
    return gather(get_card("chest_xray", "convnet"), LRP, SCORES, count=2, seed=7)


def test_what_is_written_is_read_back(table, tmp_path):
    path = tmp_path / "folder" / "found.csv"
    assert [part.name for part in write_table(table, path)] == [
        "found.csv", "found_accuracy.csv", "found_runs.csv", "found_maps.npz",
    ]  # fmt: skip
    again = read_table(path)
    assert (again.rows, again.accuracies, again.runs) == (table.rows, table.accuracies, table.runs)
    assert again.run_of("chest_xray", "convnet").first_seed == 7
    assert settings_of(again.rows[0]) == {"composite": "epsilon"}
    for place, picture in table.pictures.items():
        np.testing.assert_array_equal(again.pictures[place], picture)


def test_measuring_a_network_again_replaces_its_part_and_no_other(table):
    other = Table(rows=(replace(table.rows[0], network="vgg16"),), runs=(replace(table.runs[0], network="vgg16"),))
    both = replace_network(table, other)
    assert {run.network for run in both.runs} == {"convnet", "vgg16"}
    newer = replace(table, runs=(replace(table.runs[0], first_seed=8),))
    twice = replace_network(both, newer)
    assert sorted((run.network, run.first_seed) for run in twice.runs) == [("convnet", 8), ("vgg16", 7)]
    assert len(twice.rows) == len(both.rows)


def part(table, method, *, shade=1, **run):
    """What a measurement of one method alone gives."""
    return Table(
        rows=tuple(replace(row, method=method) for row in table.rows),
        accuracies=table.accuracies,
        runs=(replace(table.runs[0], **run),),
        pictures={("chest_xray", "convnet", "viral", method): np.full((GRID, GRID), shade, dtype=np.uint8)},
    )


def test_measuring_one_method_again_keeps_the_others_on_the_same_scans(table):
    lrp = part(table, "lrp", date="2026-11-20")
    both = replace_network(lrp, part(table, "lime", date="2026-11-28"), ["lime"])
    assert [row.method for row in both.rows] == [*["lrp"] * len(table.rows), *["lime"] * len(table.rows)]
    assert {where[3] for where in both.pictures} == {"lrp", "lime"}
    assert both.accuracies == table.accuracies
    (run,) = both.runs
    assert run.date == "2026-11-20 to 2026-11-28"
    again = replace_network(both, part(table, "lrp", shade=9, date="2026-11-29"), ["lrp"])
    assert [row.method for row in again.rows] == [row.method for row in both.rows]
    assert again.pictures["chest_xray", "convnet", "viral", "lrp"].max() == 9
    assert again.runs[0].date == "2026-11-20 to 2026-11-29"


@pytest.mark.parametrize(
    "other",
    [
        {"weights_sha256": "0" * 64}, {"first_seed": 8}, {"per_class": 3}, {"size": 128}, {"generator_version": "1"},
    ],
)  # fmt: skip
def test_nothing_is_kept_beside_figures_of_other_scans_or_weights(table, other):
    found = replace_network(part(table, "lrp"), part(table, "lime", **other), ["lime"])
    assert {row.method for row in found.rows} == {"lime"}
    assert {where[3] for where in found.pictures} == {"lime"}
    assert found.runs[0] == part(table, "lime", **other).runs[0]


def test_a_method_that_was_asked_for_and_gave_no_row_keeps_none(table):
    nothing = replace(part(table, "lime"), rows=(), pictures={})
    found = replace_network(part(table, "lime"), nothing, ["lime"])
    assert (found.rows, found.pictures) == ((), {})


def test_the_number_of_scans_of_the_slower_methods_is_true_of_all_that_are_kept(table):
    slow = replace_network(part(table, "lime", per_class_slow=1), part(table, "lrp"), ["lrp"])
    assert slow.runs[0].per_class_slow == 1
    mixed = replace_network(slow, part(table, "integrated_gradients", per_class_slow=2), ["integrated_gradients"])
    assert {row.method for row in mixed.rows} == {"lrp", "integrated_gradients"}
    assert mixed.runs[0].per_class_slow == 2


def test_no_table_is_an_empty_one_and_a_torn_one_is_an_error(table, tmp_path):
    path = tmp_path / "found.csv"
    assert read_table(path).rows == ()
    write_table(table, path)
    path.write_text("task,network\nchest_xray,convnet\n")
    with pytest.raises(UserFacingError, match=r"found\.csv cannot be read"):
        read_table(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"half"], ids=["empty", "torn", "half"])
def test_torn_pictures_are_an_error_in_words(table, tmp_path, content):
    write_table(table, tmp_path / "found.csv")
    maps = tmp_path / "found_maps.npz"
    maps.write_bytes(maps.read_bytes()[:-40] if content == b"half" else content)
    with pytest.raises(UserFacingError, match=r"found\.csv cannot be read"):
        read_table(tmp_path / "found.csv")


@pytest.mark.parametrize("part", ["found.csv", "found_accuracy.csv", "found_runs.csv"])
def test_a_row_that_is_cut_short_is_an_error_in_words(table, tmp_path, part):
    write_table(table, tmp_path / "found.csv")
    whole = (tmp_path / part).read_text()
    (tmp_path / part).write_text(whole[: whole.rindex(",")] + "\n")
    with pytest.raises(UserFacingError, match=rf"found\.csv cannot be read \(a row of {part} is cut short"):
        read_table(tmp_path / "found.csv")


@pytest.mark.parametrize("emptied", [{"rows": ()}, {"accuracies": ()}], ids=["accuracies", "rows"])
def test_figures_that_do_not_say_how_they_were_measured_are_refused(table, tmp_path, emptied):
    write_table(replace(table, runs=(replace(table.runs[0], network="vgg16"),), **emptied), tmp_path / "found.csv")
    with pytest.raises(UserFacingError, match="does not say how chest_xray/convnet was measured"):
        read_table(tmp_path / "found.csv")


def test_a_table_that_cannot_be_written_leaves_the_old_one_whole(table, tmp_path, monkeypatch):
    path = tmp_path / "found.csv"
    write_table(table, path)
    before = {part.name: part.read_bytes() for part in tmp_path.iterdir()}
    write = Path.write_bytes

    def fail(place, content):
        if "maps" in place.name:
            raise OSError(28, "No space left on device")
        return write(place, content)

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(UserFacingError, match=r"found\.csv cannot be written \(No space left"):
        write_table(replace(table, rows=table.rows[:1]), path)
    assert {part.name: part.read_bytes() for part in tmp_path.iterdir()} == before


@pytest.fixture(autouse=True)
def _work_lies_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run_evaluate(*words):
    parser = ArgumentParser()
    evaluate.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["evaluate", "localisation", "--task", "chest_xray", *words])
    return arguments.handler(arguments)


@pytest.fixture
def _measures_nothing(monkeypatch):
    def measure(*_arguments, **_options):
        raise AssertionError("it was measured first")

    monkeypatch.setattr("lightbox.ground_truth.evaluation.measure", measure)


def test_every_network_that_was_asked_for_is_written_beside_what_was_there(table, tmp_path, monkeypatch):
    def measure(card, _methods, **_options):
        runs = (replace(table.runs[0], task=card.task, network=card.network),)
        return Table(rows=(replace(table.rows[0], task=card.task, network=card.network),), runs=runs)

    monkeypatch.setattr("lightbox.ground_truth.evaluation.measure", measure)
    monkeypatch.setattr("lightbox.jobs.get_engine", lambda: None)
    path = tmp_path / "found.csv"
    write_table(replace(table, runs=(replace(table.runs[0], task="brain_mri"),), rows=(), accuracies=()), path)
    assert run_evaluate("--network", "convnet,resnet50", "--out", str(path)) == 0
    places = [(run.task, run.network) for run in read_table(path).runs]
    assert places == [("brain_mri", "convnet"), ("chest_xray", "convnet"), ("chest_xray", "resnet50")]


@pytest.mark.usefixtures("_measures_nothing")
@pytest.mark.parametrize("out", [".", "found.csv", "taken/found.csv"])
def test_a_place_that_cannot_be_written_to_is_refused_before_anything_is_measured(tmp_path, monkeypatch, out):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "found_maps.npz").mkdir()
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(UserFacingError, match=r"is a folder|cannot be written"):
        run_evaluate("--out", out)


@pytest.mark.usefixtures("_measures_nothing")
def test_a_table_that_cannot_be_read_is_told_of_before_anything_is_measured(table, tmp_path):
    write_table(table, tmp_path / "found.csv")
    (tmp_path / "found_maps.npz").write_bytes(b"")
    with pytest.raises(UserFacingError, match=r"found\.csv cannot be read"):
        run_evaluate("--out", str(tmp_path / "found.csv"))
    with pytest.raises(UserFacingError, match="unheard"):
        run_evaluate("--out", str(tmp_path / "new.csv"), "--network", "convnet,unheard")


@pytest.fixture(scope="module")
def scored():
    methods = complete_methods("convnet", ["lrp", "grad_cam"])
    arguments = score_work(get_card("chest_xray", "convnet"), "bacterial", 5, methods, size=128).arguments
    return [score_phantom(progress=lambda _fraction: None, **arguments) for _ in range(2)]


def test_a_phantom_is_scored_the_same_twice(scored):
    first, again = scored
    assert set(first.maps) == {"lrp", "grad_cam"}
    assert first.predicted == again.predicted
    for method, found in first.maps.items():
        assert found.localisation == again.maps[method].localisation
        assert found.picture.sum() == pytest.approx((GRID / 224) ** 2, rel=1e-3)  # a mean over cells of a sum of 1
    assert first.mask.any()


def test_a_healthy_phantom_gives_an_answer_only():
    arguments = score_work(
        get_card("chest_xray", "convnet"), "normal", 5, complete_methods("convnet", ["lrp"]), size=128
    )
    found = score_phantom(progress=lambda _fraction: None, **arguments.arguments)
    assert found.maps == {}
    assert not found.mask.any()
    assert found.predicted in {"normal", "bacterial", "viral"}


def test_the_plan_has_every_class_and_no_patient_twice():
    works = plan(get_card("brain_mri", "convnet"), complete_methods("convnet", ["lrp"]), count=3, seed=50)
    assert [work.arguments["seed"] for work in works] == list(range(50, 62))
    assert len({work.key for work in works}) == 12
    both = complete_methods("convnet", ["lrp", "lime"])
    slow = plan(get_card("brain_mri", "convnet"), both, count=3, seed=50, count_slow=1)
    assert ["lime" in work.arguments["methods"] for work in slow] == [True, False, False] * 4
    with pytest.raises(UserFacingError, match="which networks are trained on"):
        plan(get_card("brain_mri", "convnet"), {}, count=3, seed=1_000_000)
    with pytest.raises(UserFacingError, match="0 scans a class"):
        plan(get_card("brain_mri", "convnet"), {}, count=0, seed=50)


def test_the_settings_that_bound_a_methods_time_are_in_the_table_and_can_be_changed():
    assert complete_methods("convnet", ["lime"])["lime"]["samples"] == 128
    assert complete_methods("convnet", ["lime"], {"lime": {"samples": 64}})["lime"]["samples"] == 64
    with pytest.raises(UserFacingError, match="no parameter named"):
        complete_methods("convnet", ["lime"], {"lime": {"sample": 64}})


@pytest.mark.slow
def test_the_command_measures_and_writes(tmp_path, capsys):
    path = tmp_path / "found.csv"
    assert (
        run_evaluate(
            "--methods", "grad_cam", "--count", "1", "--size", "128", "--out", str(path), "--work", str(tmp_path)
        )
        == 0
    )
    assert "of 3 all right" in capsys.readouterr().out
    assert {row.method for row in read_table(path).rows} == {METHODS["grad_cam"].key}


@pytest.mark.slow
@pytest.mark.parametrize(("task", "label"), [("chest_xray", "viral"), ("brain_mri", "meningioma")])
def test_the_shipped_table_is_what_its_seed_gives(task, label):
    run, card = read_table().run_of(task, "convnet"), get_card(task, "convnet")
    if run.weights_sha256 != card.sha256:
        pytest.skip("the table was measured on other weights")
    if run.generator_version != GENERATOR_VERSION:
        pytest.skip("the table was measured on an earlier generator's scans")
    methods = complete_methods("convnet", ["grad_cam"])
    first = run.first_seed + card.classes.index(label) * run.per_class
    works = [score_work(card, label, first + number, methods, size=run.size) for number in range(run.per_class)]
    scores = [score_phantom(progress=lambda _fraction: None, **work.arguments) for work in works]
    found = {(row.label, row.subset): row for row in summarise(task, "convnet", scores, methods)}
    for row in read_table().rows:
        if (row.task, row.network, row.method, row.label) == (task, "convnet", "grad_cam", label):
            again = found[label, row.subset]
            assert again.count == row.count
            # Another processor's last digits may move a maximum by a pixel, or an answer at the edge.
            np.testing.assert_allclose(
                [again.pointing, again.mass, again.rank, again.area],
                [row.pointing, row.mass, row.rank, row.area],
                atol=0.02,
            )
