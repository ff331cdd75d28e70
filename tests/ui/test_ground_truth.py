"""The Ground truth page, by what a person reads."""

import dataclasses

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.ground_truth import answers, in_words, new_scans, score_plot, score_table
from lightbox.core.tasks import TASKS
from lightbox.explainers import METHODS
from lightbox.ground_truth import localisation_table
from lightbox.ground_truth.localisation_table import read_table
from lightbox.ground_truth.localisation_update import replace_network
from lightbox.ground_truth.summary import Accuracy, Row, against_chance

SETTINGS = '{"composite": "epsilon"}'


def row(**changes):
    given = {
        "task": "chest_xray", "network": "convnet", "method": "lrp", "label": "all", "subset": "all", "count": 200,
        "withheld": 1, "silent": 2, "failed": 3, "pointing": 0.4, "pointing_low": 0.34, "pointing_high": 0.47,
        "mass": 0.05, "mass_low": 0.04, "mass_high": 0.06, "rank": 0.1, "rank_low": 0.02, "rank_high": 0.2,
        "area": 0.1, "seconds": 0.1, "settings": SETTINGS,
    }  # fmt: skip
    return Row(**{**given, **changes})


def words(app):
    parts = [*app.markdown, *app.caption, *app.header, *app.subheader, *app.info, *app.warning, *app.error]
    return "\n".join(str(part.value) for part in parts)


@pytest.fixture
def page(app):
    app.run()
    return app.switch_page("pages/ground_truth.py")


def settled(page):
    """The page once all is computed. On a busy machine the engine may take a silent session for gone: then again."""
    for _ in range(5):
        for job in page.session_state["lightbox.held"].values():
            assert job.wait(120)
            assert job.error is None
        page.run()
        if all(job.state == "done" for job in page.session_state["lightbox.held"].values()):
            return page.run()
    raise AssertionError("the jobs were cancelled again and again")


def test_the_page_says_what_is_measured_and_shows_the_same_numbers_as_plot_and_as_table(page):
    page.run()
    assert not page.exception
    assert not page.error
    assert "because we placed it there" in words(page)
    charts = page.get("plotly_chart")
    assert charts
    assert all("A map that knows nothing" in chart.proto.alt for chart in charts)
    table = page.dataframe[0].value
    assert set(table["Method"]) == {spec.title for spec in METHODS.values()}
    assert "lightbox evaluate localisation" in words(page)


@pytest.mark.parametrize("task", ["chest_xray", "brain_mri"])
@pytest.mark.parametrize("measure", ["pointing", "mass", "rank"])
@pytest.mark.parametrize("subset", ["all", "right"])
def test_every_choice_shows_rows_or_says_there_are_none(page, task, measure, subset):
    page.query_params.update({"task": task, "measure": measure, "scans": subset})
    page.run()
    assert not page.exception
    assert not page.error
    assert bool(page.dataframe) != ("Nothing was measured" in words(page))


def test_a_link_restores_the_choice_and_a_class_of_the_other_modality_gives_way(page):
    page.query_params.update({"task": "brain_mri", "label": "glioma", "measure": "mass"})
    page.run()
    assert page.session_state["ground_truth.label"] == "glioma"
    page.session_state["ground_truth.task"] = "chest_xray"
    page.run()
    assert not page.exception
    assert page.session_state["ground_truth.label"] == "all"


def test_nonsense_in_the_link_is_answered_in_words(page):
    page.query_params.update({"measure": "magic", "count": "1000"})
    page.run()
    assert not page.exception
    assert "measure, count" in words(page)


def test_without_a_table_the_page_says_so(page, monkeypatch, tmp_path):
    monkeypatch.setattr(localisation_table.read_table, "__defaults__", (tmp_path / "absent.csv",))
    page.run()
    assert not page.exception
    assert "Nothing was measured" in words(page)


def test_a_broken_card_is_said_in_its_place_and_the_rest_of_the_page_stays(page, monkeypatch, tmp_path):
    network = read_table().runs[0].network
    folder = tmp_path / "chest_xray" / network
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").write_bytes(b"")
    (folder / "card.toml").write_text("no = [card", encoding="utf-8")
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path))

    page.run()

    assert not page.exception
    assert any("card" in error.value for error in page.error)
    assert {"Try it on new scans", "Clever Hans"} <= {part.value for part in page.subheader}


def test_of_several_networks_the_mean_maps_of_one_are_shown_at_a_time(page, monkeypatch, tmp_path):
    table = read_table()
    (run,) = [run for run in table.runs if (run.task, run.network) == ("brain_mri", "convnet")]
    pictures = {place: picture for place, picture in table.pictures.items() if place[:2] == ("brain_mri", "convnet")}
    both = localisation_table.Table(
        [part for part in table.rows if (part.task, part.network) == ("brain_mri", "convnet")],
        [part for part in table.accuracies if (part.task, part.network) == ("brain_mri", "convnet")],
        [run],
        pictures,
    )
    other = localisation_table.Table(
        [dataclasses.replace(part, network="vgg16") for part in both.rows],
        [dataclasses.replace(part, network="vgg16") for part in both.accuracies],
        [dataclasses.replace(run, network="vgg16")],
        {(task, "vgg16", *rest): picture for (task, _network, *rest), picture in pictures.items()},
    )
    path = tmp_path / "localisation.csv"
    localisation_table.write_table(replace_network(both, other), path)
    monkeypatch.setattr(localisation_table.read_table, "__defaults__", (path,))
    page.query_params.update({"task": "brain_mri", "maps": "resnet50"})

    page.run()

    assert "**Glioma**, ConvNet" in words(page)
    assert "**Glioma**, VGG16" not in words(page)
    (control,) = [each for each in page.get("button_group") if each.key == "ground_truth.maps"]
    control.set_value("vgg16").run()
    assert not page.exception
    assert "**Glioma**, VGG16" in words(page)
    assert "**Glioma**, ConvNet" not in words(page)


def test_new_scans_are_computed_and_set_beside_the_table(page):
    page.query_params.update({"count": "2", "methods": "grad_cam", "measure": "mass"})
    page.run()
    (button,) = [each for each in page.button if each.key == "ground_truth.compute"]
    button.click().run()
    settled(page)
    assert not page.exception
    assert "of these 2 new scans right" in words(page)
    table = page.dataframe[-1].value
    assert list(table["Method"]) == [METHODS["grad_cam"].title]
    assert set(table["Agrees"]) <= {"yes", "no", "not in the table"}
    (clear,) = [each for each in page.button if each.key == "ground_truth.clear"]
    clear.click().run()
    assert "new scans right" not in words(page)


def test_a_method_that_loses_is_said_to_lose():
    better, same, worse = row(), row(rank=0.1), row(mass=0.05)
    assert against_chance(better, "pointing") == 1
    assert against_chance(same, "rank") == 0
    assert against_chance(worse, "mass") == -1
    assert score_table.record(worse, "mass")["Against chance"] == "worse"
    assert score_table.record(better, "pointing")["Strongest point"] == "40.0 % (34.0 to 47.0)"
    assert score_table.record(better, "pointing")["Withheld"] == 1


def test_the_best_map_and_those_that_chance_equals_are_said_in_words():
    rows = [row(), row(method="lime", pointing=0.1, pointing_low=0.05, pointing_high=0.2)]
    method = METHODS[rows[0].method].title
    assert in_words.describe_best(rows, "pointing") == (
        f"**Best: {method} on ConvNet**: in 40 % of its maps the strongest point lies in the pathology; by chance it "
        "would be 10 %."
    )
    assert in_words.describe_chance(rows, "pointing") == "No better than chance: LIME on ConvNet."
    assert in_words.describe_chance(rows[:1], "pointing") == "Every method is better than chance."


def test_a_dot_stands_at_its_score_with_its_interval_and_chance_beside_it():
    rows = [row(), row(method="lime", pointing=0.2, pointing_low=0.1, pointing_high=0.3), row(network="vgg16")]
    figure = score_plot.build(rows, "pointing")
    dots, ticks = figure.data[0], figure.data[1]
    np.testing.assert_allclose(dots.x, [0.4, 0.2])
    np.testing.assert_allclose(np.add(dots.x, dots.error_x.array), [0.47, 0.3])
    np.testing.assert_allclose(np.subtract(dots.x, dots.error_x.arrayminus), [0.34, 0.1])
    np.testing.assert_allclose(ticks.x, 0.1)
    assert len({trace.marker.symbol for trace in figure.data if trace.mode == "markers"}) == 3
    assert figure.layout.xaxis.range[1] >= 0.47


def test_a_network_that_is_often_wrong_is_called_so():
    accuracies = [
        Accuracy("chest_xray", "convnet", "all", 300, 100, 0.3, 0.4, "viral"),
        *(Accuracy("chest_xray", "convnet", label, 100, 50, 0.4, 0.6, "viral") for label in ("normal", "viral")),
    ]
    assert answers.sentence(accuracies[0], accuracies[1:]) == (
        "ConvNet is right about 33% of these scans (normal 50%, viral pneumonia 50%); guessing gives 50%."
    )


@pytest.mark.parametrize("task", TASKS)
def test_networks_that_are_often_wrong_share_one_warning(page, task):
    page.query_params.update({"task": task})
    page.run()
    weak = [row for row in read_table().accuracies if row.task == task and row.label == "all"]
    weak = [row for row in weak if row.right < answers.GOOD_ENOUGH * row.count]
    warnings = [part.value for part in page.warning if "A map cannot show" in part.value]
    assert len(warnings) == bool(weak)
    assert sum(warning.count("is right about") for warning in warnings) == len(weak)


def test_agreement_is_whether_the_tables_value_lies_in_the_new_interval():
    assert new_scans.compare(row(), row(pointing=0.45), "pointing")["Agrees"] == "yes"
    assert new_scans.compare(row(), row(pointing=0.6), "pointing")["Agrees"] == "no"
    assert new_scans.compare(row(), None, "pointing")["Agrees"] == "not in the table"


def compared():
    """Two new gliomas, one of them called right, beside a table with a row a class."""
    from types import SimpleNamespace

    import numpy as np
    import streamlit as st

    from components.ground_truth import new_scans
    from components.ground_truth.selection import Selection
    from lightbox.ground_truth.scores import MapScore, PhantomScore
    from lightbox.metrics.localisation import Localisation
    from tests.ui.test_ground_truth import row

    found = MapScore(Localisation(pointing=1.0, mass=0.5, rank=0.5, area=0.1, positive=True), 0.1, "", False, None)
    scores = [
        PhantomScore("glioma", seed, called, np.zeros((56, 56), np.float32), {"lrp": found})
        for seed, called in ((1, "glioma"), (2, "pituitary"))
    ]
    shares = {"all": 0.11, "glioma": 0.22, "meningioma": 0.33}
    rows = [row(task="brain_mri", label=label, pointing=share) for label, share in shares.items()]
    table = SimpleNamespace(rows=rows, run_of=lambda *_which: None)
    wanted = new_scans.Wanted("brain_mri", "convnet", ("lrp",), 2, 0)
    label, subset = st.session_state["chosen"]
    new_scans._show_result(table, wanted, None, scores, Selection("brain_mri", "pointing", label, subset))


@pytest.mark.parametrize(
    ("label", "headline", "titles", "there"),
    [
        ("all", "All pathologies, all scans", ("Strongest point, new scans", "Shipped table"), "11.0%"),
        ("glioma", "Glioma, all scans", ("Strongest point, new scans: glioma", "Shipped table: glioma"), "22.0%"),
    ],
)
def test_new_scans_of_the_chosen_pathology_stand_beside_the_tables_figure_of_the_same(label, headline, titles, there):
    app = AppTest.from_function(compared, default_timeout=120)
    app.session_state["chosen"] = (label, "all")
    app.run()
    assert not app.exception
    assert f"**{headline}: new scans beside the shipped table**" in words(app)
    table = app.dataframe[0].value
    new, shipped = titles
    assert table[new][0].startswith("100.0%")
    assert table[shipped].tolist() == [there]


@pytest.mark.parametrize(
    ("label", "subset", "reason"),
    [
        ("pituitary", "all", "None of these new scans shows this: pituitary tumour."),
        ("meningioma", "right", "None of these new scans shows this: meningioma."),
    ],
)
def test_where_no_new_scan_shows_the_chosen_pathology_it_is_said(label, subset, reason):
    app = AppTest.from_function(compared, default_timeout=120)
    app.session_state["chosen"] = (label, subset)
    app.run()
    assert not app.exception
    assert reason in words(app)
    assert not app.dataframe


def test_the_shipped_table_covers_every_class_and_method_with_its_interval():
    table = read_table()
    assert table.rows
    for found in table.rows:
        assert found.pointing_low <= found.pointing <= found.pointing_high
        assert found.mass_low <= found.mass <= found.mass_high
        assert found.rank_low <= found.rank <= found.rank_high
    for run in table.runs:
        assert run.per_class >= 100
        rows = [found for found in table.rows if (found.task, found.network) == (run.task, run.network)]
        assert {found.method for found in rows} == set(METHODS)
        for found in rows:
            if found.subset == "all" and found.label != "all":
                fast = METHODS[found.method].cost == "fast"
                assert found.count + found.withheld == (run.per_class if fast else run.per_class_slow)
    size = sum(path.stat().st_size for path in localisation_table.SHIPPED.parent.glob("localisation*.*"))
    assert size < 400_000


@pytest.mark.parametrize("task", ["chest_xray", "brain_mri"])
def test_the_network_that_cheats_is_shown_on_request_with_a_map_of_each_method(page, task):
    page.query_params.update({"task": task})
    page.run()
    assert "It learned the text" in words(page)
    assert not [chart for chart in page.get("plotly_chart") if chart.proto.alt == "With the text"]
    (toggle,) = [each for each in page.toggle if each.key == "ground_truth.hans"]
    toggle.set_value(True).run()
    settled(page)
    assert not page.exception
    assert not page.error
    assert len([part for part in page.markdown if "in outline, chance" in part.value]) == len(METHODS)
