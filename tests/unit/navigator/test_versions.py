"""Numbers: part of a known phrase, or of no weight, and then said."""

import pytest

from lightbox.navigator.facets import Query


@pytest.mark.parametrize(
    "text",
    [
        "Keras 3",
        "Keras3",
        "keras-3",
        "keras v3",
        "keras 3.0",
        "keras version 3",
        "tf.keras 3",
        "keras 3.4 integrated gradients",
        "keras>=3",
        "keras version 3 saliency",
    ],
)
def test_keras_3_is_one_wish_however_it_is_spelled(index, text):
    reading = index.read(text)
    assert "keras" in reading.values("framework")
    assert any(asked.facet == "runs" and asked.values == ("keras-3",) for asked in reading.wishes)
    assert (reading.unknown, reading.versions) == ((), ())
    assert not any("keras-3" in row.not_with for row in index.search(Query(text)))


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("works with python 3.13", ("3.13",)),
        ("tensorflow 2.18", ("2.18",)),
        ("pytorch 2.5 lrp", ("2.5",)),
        ("lrp torch v2", ("v2",)),
        ("SHAP version 0.46", ("0.46",)),
        ("python3 lime", ("3",)),
        ("2", ("2",)),
    ],
)
def test_a_version_that_nobody_recorded_is_said_and_never_required(index, text, versions):
    reading = index.read(text)
    assert reading.versions == versions
    assert not reading.lost
    assert (reading.required, reading.unknown) == ((), ())
    assert index.count(Query(text)) > 5


def test_python_3_15_stays_a_wish_for_what_the_table_knows(index):
    reading = index.read("python 3.15 lrp")
    assert any(asked.values == ("python-3.15",) for asked in reading.wishes)
    assert reading.versions == ()
    assert not any("python-3.15" in row.not_with for row in index.search(Query("python 3.15 lrp")))


def test_a_version_has_no_say_in_who_is_found(index):
    assert index.search(Query("works with python 3.13")) == index.search(Query("works with python"))


def test_below_two_is_not_two(index):
    assert not any(asked.values == ("numpy-2",) for asked in index.read("lime numpy<2").wishes)
    assert any(asked.values == ("numpy-2",) for asked in index.read("lime numpy>=2").wishes)


@pytest.mark.parametrize(
    ("text", "family"), [("grad-cam for ResNet-50", "cnn"), ("vgg16 lrp", "cnn"), ("llama3 logit lens", "llm")]
)
def test_the_number_of_a_model_belongs_to_its_name(index, text, family):
    reading = index.read(text)
    assert any(asked.facet == "family" and family in asked.values for asked in reading.wishes)
    assert (reading.versions, reading.unknown) == ((), ())


def test_a_number_in_a_name_is_part_of_it(index):
    assert index.search(Query("aix 360"))[0].name == "AIX360"
    assert index.search(Query("B-cos v2"))[0].name == "B-cos v2"
    assert index.read("apache 2.0 shap").versions == ()
