"""What a person reads of an audit and of a search."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from components.networks.history import data_audit, tuning
from lightbox.core.settings import PROJECT_DIR
from lightbox.networks import find_checkpoint, read_card
from lightbox.provenance.data_audit import Alike, Copies, DataAudit, File, Leak, Oddity, Patients, Share, write_audit
from lightbox.provenance.tuning import Trial, Tuning, write_tuning


@pytest.fixture
def audit():
    return DataAudit(
        collection="bhuvaji",
        title="Bhuvaji's brain MRI slices",
        images=12,
        data_sha256="0" * 64,
        date="2026-11-21",
        lightbox_version="0",
        alike_threshold=0.965,
        shares=(
            Share("train", "glioma", 4),
            Share("train", "no_tumor", 3),
            Share("test", "glioma", 2),
            Share("test", "no_tumor", 3),
        ),
        sizes={"512 x 512": 12},
        more_sizes=0,
        files=(
            File("a.jpg", "train", "glioma"),
            File("b.jpg", "test", "no_tumor"),
            File("c.jpg", "test", "glioma"),
            File("d.jpg", "train", "glioma"),
        ),
        copies=(Copies("1" * 64, (0, 1)),),
        alike=(Alike(2, 3, 0.99),),
        parts={},
        close=(Alike(0, 3, 0.93), Alike(1, 2, 0.91)),
        leaks=(Leak(1, "identical", 0, 1.0), Leak(2, "alike", 3, 0.99)),
        patients=Patients(0, 0, (), "Patients are not documented."),
        oddities=(Oddity("in_colour", "Most pictures are grey.", ("b.jpg",), 1, {"no_tumor": 1}),),
        unreadable=(),
    )


def page():
    from components.networks.history import data_audit, tuning

    data_audit.show("brain_mri", {})
    tuning.show("brain_mri", "convnet")


def page_of_other_data():
    from components.networks.history import data_audit
    from lightbox.core.settings import PROJECT_DIR
    from lightbox.networks import read_card

    data_audit.show("brain_mri", {"convnet": read_card(PROJECT_DIR / "models" / "brain_mri" / "convnet")})


def words(app):
    return " ".join(element.value for kind in (app.warning, app.markdown, app.info, app.caption) for element in kind)


def test_the_leak_is_a_warning_that_says_what_it_means(audit, tmp_path, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path))
    write_audit(audit, tmp_path / "brain_mri" / "data_audit.json")
    app = AppTest.from_function(page, default_timeout=120).run()
    assert not app.exception
    assert (
        "2 of 5 test images are in the training split too: 1 byte for byte, 1 as another file" in app.warning[0].value
    )
    assert "only 3 test images are new to it" in app.warning[0].value
    assert "`a.jpg`: Glioma; `b.jpg`: No tumour" in words(app)
    assert "1 images (no tumour 1). Most pictures are grey." in words(app)
    assert "Patients are not documented." in words(app)


def test_a_network_of_other_data_than_were_audited_is_named(audit, tmp_path, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path))
    write_audit(audit, tmp_path / "brain_mri" / "data_audit.json")
    app = AppTest.from_function(page_of_other_data, default_timeout=120).run()
    assert not app.exception
    assert app.warning[0].value.startswith("ConvNet learned from other data than these")
    published = read_card(PROJECT_DIR / "models" / "brain_mri" / "convnet").training["published_sha256"]
    write_audit(replace(audit, data_sha256=published), tmp_path / "brain_mri" / "data_audit.json")
    app = AppTest.from_function(page_of_other_data, default_timeout=120).run()
    assert "other data" not in words(app)


def test_classes_are_counted_with_what_training_has_seen(audit):
    assert data_audit.class_rows(audit) == [
        {"Class": "Glioma", "Training": 4, "Test": 2, "Test, seen in training": 1, "Test, new": 1},
        {"Class": "No tumour", "Training": 3, "Test": 3, "Test, seen in training": 1, "Test, new": 2},
    ]


def test_without_an_audit_the_command_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path))
    app = AppTest.from_function(page, default_timeout=120).run()
    assert "have not been audited" in app.info[0].value


@pytest.mark.parametrize("task", ["chest_xray", "brain_mri"])
def test_the_shipped_audits_are_shown(task):
    assert data_audit.find_audit(task) is not None
    assert data_audit.find_audit(task).of_data_of(find_checkpoint(task, "resnet50"))
    rows = data_audit.class_rows(data_audit.find_audit(task))
    assert sum(row["Test"] for row in rows) in {624, 394}


def study(count):
    growth = {"step": None, "low": 1.0, "high": 2.0, "log": False}
    blocks = {"log": False, "step": 1, "low": 3, "high": 5}
    space = {
        "growth": {"name": "FloatDistribution", "attributes": growth},
        "blocks": {"name": "IntDistribution", "attributes": blocks},
    }
    trials = tuple(
        Trial(
            number,
            "COMPLETE",
            1 / (number + 1),
            {"growth": 1 + number / 20, "blocks": 3 + number % 3},
            {"1": 1.0},
            1.0,
            "",
        )
        for number in range(count)
    )
    rest = (
        Trial(count, "PRUNED", None, {"growth": 1.9, "blocks": 5}, {"1": 2.0}, 1.0, ""),
        Trial(count + 1, "FAIL", None, {}, {}, 0.0, "interrupted"),
    )
    return Tuning(
        "brain_mri", "convnet", "loss", "minimize", space, {"epochs": 4}, "0" * 64, "2026-11-21", "0", trials + rest
    )


def two_searches():
    from components.networks.history import tuning

    tuning.show("brain_mri", "convnet")
    tuning.show("brain_mri", "vgg16")


def test_the_searches_of_two_networks_are_told_apart(tmp_path, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path))
    for network in ("convnet", "vgg16"):
        write_tuning(study(3), tmp_path / "brain_mri" / network / "tuning.json")
    app = AppTest.from_function(two_searches, default_timeout=120).run()
    assert not app.exception
    assert "**ConvNet**: 4 recipes were tried" in words(app)
    assert "**VGG16**: 4 recipes were tried" in words(app)
    assert len(app.get("plotly_chart")) == 4


def test_a_search_is_told_and_drawn(tmp_path, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path))
    write_tuning(study(10), tmp_path / "brain_mri" / "convnet" / "tuning.json")
    app = AppTest.from_function(page, default_timeout=120).run()
    assert not app.exception
    assert "11 recipes were tried for 4 epochs each, 1 of them stopped early. Best: 0.1000" in words(app)
    assert set(tuning.build(study(10))) == {"history", "parallel", "importances"}
    assert set(tuning.build(study(3))) == {"history", "parallel"}
