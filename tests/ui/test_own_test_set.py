"""A user's own test set, by what a person reads."""

import io
import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from lightbox.core.settings import PROJECT_DIR
from tests.cases import CASES

SCRIPT = """
import streamlit as st
from components.shell import computing
from components.networks.own import test_set
from lightbox.networks import find_checkpoint
computing.hold(test_set.show({"convnet": find_checkpoint(st.session_state.get("task", "chest_xray"), "convnet")}))
"""


def png(level):
    rows, columns = np.mgrid[:90, :80]
    buffer = io.BytesIO()
    Image.fromarray(((rows * 2 + columns + 9 * level) % 256).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def archive(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def app(monkeypatch):
    from components.shell import computing

    monkeypatch.setattr(computing, "PATIENCE_SECONDS", 120.0)
    return AppTest.from_string(SCRIPT, default_timeout=180)


SEVERAL = """
from components.shell import computing
from components.networks.own import test_set
from lightbox.networks import NETWORKS, find_checkpoint
found = {key: find_checkpoint("chest_xray", key) for key in NETWORKS}
computing.hold(test_set.show({key: card for key, card in found.items() if card is not None}))
"""


@pytest.fixture
def models(tmp_path, monkeypatch):
    """Puts a case's checkpoint into a models folder of its own, beside the shipped ResNet50 where wanted."""

    def put(case, *, beside=False):
        folder = tmp_path / case / "chest_xray"
        shutil.copytree(CASES / "models" / case / "chest_xray", folder)
        if beside:
            (folder / "resnet50").symlink_to(PROJECT_DIR / "models" / "chest_xray" / "resnet50")
        monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path / case))

    return put


def bring(app, content, name="set.zip"):
    app.file_uploader[0].set_value((name, content, "application/zip"))
    return app.run()


def words(app):
    parts = [*app.markdown, *app.text, *app.caption, *app.info, *app.warning, *app.error, *app.subheader]
    return "\n".join(str(part.value) for part in parts)


def button(app, key):
    return next(each for each in app.button if each.key == key)


def test_before_anything_is_brought_it_says_what_happens_to_scans(app):
    app.run()
    assert not app.exception
    assert "never written to a disk" in words(app)
    assert "Folder on the server" not in str(app.segmented_control[0].options)


def test_a_set_with_odd_names_a_missing_class_and_broken_files_is_judged_as_far_as_it_goes(app):
    files = {
        "normal/a.png": png(1),
        "normal/b.png": png(2),
        "normal/broken.png": png(3)[:90],
        "normal/notes.txt": b"not a picture",
        "Lungs/c.png": png(4),
        "../outside.png": png(5),
    }
    app.run()
    bring(app, archive(**files))
    assert not app.exception
    assert "no scan of: Bacterial pneumonia, Viral pneumonia" in words(app)
    app.selectbox[0].select("viral").run()
    assert "no scan of: Bacterial pneumonia." in words(app)
    button(app, "networks.own_start").click().run()
    assert not app.exception
    assert not app.error
    assert "**3** of 4 scans judged" in words(app)
    problems = next(table.value for table in app.dataframe if "Why" in table.value)
    reasons = dict(zip(problems["File"], problems["Why"], strict=True))
    assert set(reasons) == {"normal/broken.png", "normal/notes.txt", "../outside.png"}
    assert "plain text" in reasons["normal/notes.txt"]
    assert app.get("plotly_chart")
    assert "The classes above were changed" not in words(app)
    app.selectbox[0].select("bacterial").run()
    assert "The classes above were changed" in words(app)
    button(app, "networks.own_start").click().run()
    assert "The classes above were changed" not in words(app)
    button(app, "networks.own_clear").click().run()
    assert "networks.own_run" not in app.session_state
    assert "judged" not in words(app)


@pytest.mark.parametrize("content", [b"no archive", archive(readme=b"x"), archive()])
def test_an_archive_of_no_use_gets_a_sentence(app, content):
    app.run()
    bring(app, content)
    assert not app.exception
    assert "not a ZIP archive" in words(app) or "nothing to judge" in words(app)


def test_a_folder_is_offered_only_where_the_server_allows_it(app, tmp_path, monkeypatch):
    (tmp_path / "set" / "virus").mkdir(parents=True)
    (tmp_path / "set" / "virus" / "a.png").write_bytes(png(1))
    monkeypatch.setenv("LIGHTBOX_LOCAL_FOLDERS", str(tmp_path))
    app.run()
    app.segmented_control[0].set_value("folder").run()
    app.text_input[0].input("set").run()
    assert "Viral pneumonia **1**" in words(app)
    app.text_input[0].input("/etc").run()
    assert "no such folder below" in words(app)


def judge(app, **files):
    app.run()
    bring(app, archive(**files))
    button(app, "networks.own_start").click().run()
    assert not app.exception
    assert not app.error


def pictures(app):
    return len([part for part in app.main if part.type == "image"])


def test_the_scans_are_decoded_apart_once_and_forgotten_with_the_set(app, monkeypatch):
    from components.networks import scan_files

    decoded = []
    decode = scan_files.decode
    monkeypatch.setattr(scan_files, "decode", lambda content, task: decoded.append(task) or decode(content, task))
    monkeypatch.setattr(scan_files, "read_scan", None)
    judge(app, **{"normal/a.png": png(1)})
    assert not app.error
    assert pictures(app) == 1
    app.run()
    assert pictures(app) == 1
    assert len(decoded) == 1
    button(app, "networks.own_clear").click().run()
    assert "networks.own_files" not in app.session_state


def test_a_mean_map_of_own_scans_is_held_by_no_cache_and_goes_with_them(app):
    judge(app, **{"normal/a.png": png(1)})
    button(app, "networks.mean_map").click().run()
    assert not app.exception
    assert not app.error
    assert not app.session_state["networks.mean_map_asked"].job.kept
    button(app, "networks.own_clear").click().run()
    assert "networks.mean_map_asked" not in app.session_state


def test_a_checkpoint_with_classes_of_its_own_is_asked_about_those(app, models):
    models("two_classes")
    app.run()
    assert "`normal`, `pneumonia`" in app.file_uploader[0].help
    bring(app, (CASES / "15_two_classes.zip").read_bytes())
    assert "4 scans: Normal **2** · pneumonia **2**" in words(app)
    button(app, "networks.own_start").click().run()
    assert not app.exception
    assert not app.error
    assert "**4** of 4 scans judged" in words(app)
    assert "guessing has a balanced accuracy of 50%" in words(app)


def test_networks_with_different_classes_are_refused_before_anything_is_judged(models):
    models("two_classes", beside=True)
    app = AppTest.from_string(SEVERAL, default_timeout=180).run()
    assert not app.exception
    said = words(app)
    assert "ConvNet: Normal, pneumonia; ResNet50: Normal, Bacterial pneumonia, Viral pneumonia." in said
    assert not app.file_uploader
    assert not app.button


def test_the_same_classes_in_another_order_are_compared_scan_by_scan(models, monkeypatch):
    from components.shell import computing

    monkeypatch.setattr(computing, "PATIENCE_SECONDS", 120.0)
    models("other_order", beside=True)
    app = AppTest.from_string(SEVERAL, default_timeout=180).run()
    bring(app, archive(**{f"{label}/{level}.png": png(level) for level, label in enumerate(("normal", "virus"))}))
    button(app, "networks.own_start").click().run()
    assert not app.exception
    for figure in ("roc", "classes", "difference"):
        next(each for each in app.segmented_control if each.key == "networks.figures").set_value(figure)
        app.run()
        assert not app.exception
        assert not app.error
    assert "on the same 2 scans" in words(app)


def test_masks_are_said_to_be_left_out_before_anything_is_judged(app):
    app.run()
    bring(app, (CASES / "10_masks.zip").read_bytes())
    said = words(app)
    assert "4 scans: Normal **2** · Viral pneumonia **2**" in said
    assert "**4** left out, and not judged:" in said
    assert "4 × It lies in the folder 'masks', as masks do." in said
    assert "Judge 4 scans with ConvNet" in button(app, "networks.own_start").label


class Answers:
    def __init__(self, known, total):
        self.leaked = np.arange(total) < known

    def __len__(self):
        return len(self.leaked)


def test_how_many_files_the_networks_were_trained_on_is_said_where_it_is_known():
    from components.networks.own.outcome import describe_known

    two = {"convnet": Answers(3, 10), "vgg16": Answers(0, 10)}
    assert "Of these 10 files" in describe_known(two, two)
    assert "ConvNet on 3, VGG16 on 0" in describe_known(two, two)
    assert describe_known({"vgg16": Answers(0, 10)}, ["vgg16"]).startswith("None of these files is, byte for byte,")
    assert "is not known here" in describe_known(two, ["vgg16"])
