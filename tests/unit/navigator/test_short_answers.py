"""Twenty common questions, each with libraries that a person chose."""

import re
from datetime import date

import pytest

from lightbox.core.errors import UserFacingError
from lightbox.navigator.facets import Query
from lightbox.navigator.short_answers import QUESTIONS_PATH, matching, questions

# As people type them, and the question each has to be taken for.
TYPED = {
    "LRP for a PyTorch ResNet": "LRP for a PyTorch ResNet",
    "counterfactuals for tabular in R": "Counterfactuals in R",
    "explain a ViT": "Explain a vision transformer",
    "concept-based explanation for medical images": "Concept-based explanations of medical images",
    "keras 3 Grad-CAM": "Grad-CAM for Keras 3",
    "super-resolution attribution": "Attribution for super-resolution",
    "evaluate my saliency maps": "Evaluate heat maps",
    "GPU SHAP for XGBoost": "SHAP on a GPU for XGBoost",
    "attention of BERT": "Attention of BERT",
    "sparse autoencoder for an LLM": "Sparse autoencoders for a language model",
    "survival model explanations in R": "Explain a survival model",
    "fairness audit": "Fairness audit",
    "GNN explanations": "Explain a graph network",
    "explain a time series classifier": "Explain a time-series classifier",
    "Grad-CAM for 3D medical volumes in PyTorch": "Grad-CAM for 3D medical volumes",
    "explain an object detector I can only call": "An object detector that can only be called",
    "which training data is behind a PyTorch prediction": "Which training data is behind a prediction",
    "circuits in a language model": "Circuits in a language model",
    "Shapley values in R": "Shapley values in R",
    "dashboard for a scikit-learn model": "A dashboard for a model of tables",
}


@pytest.fixture(scope="module")
def known(index):
    return questions(index)


def test_there_are_twenty_questions_of_one_to_three_libraries(known):
    assert len(known) == 20
    assert all(1 <= len(question.answers) <= 3 for question in known)
    assert sum(len(question.answers) > 1 for question in known) >= 18


@pytest.mark.parametrize("text", TYPED)
def test_a_typed_question_gets_its_short_answer(index, known, text):
    assert matching(Query(text), index, known).text == TYPED[text]


@pytest.mark.parametrize("text", TYPED)
def test_the_search_brings_a_chosen_library_among_its_first_three(index, known, text):
    chosen = {answer.library.name for answer in matching(Query(text), index, known).answers}
    assert chosen & {library.name for library in index.search(Query(text))[:3]}


def test_every_question_is_asked_by_somebody(known):
    assert {question.text for question in known} == set(TYPED.values())


def test_the_filters_ask_the_same_as_the_words(index, known):
    query = Query(chosen={"method": ("LRP",), "framework": ("pytorch",)})
    assert matching(query, index, known).text == "LRP for a PyTorch ResNet"


def test_an_answer_has_to_fit_what_was_asked_besides(index, known):
    text = {"q": "LRP for a PyTorch language model"}["q"]
    found = [answer.library for answer in matching(Query(text), index, known).answers]
    assert found
    assert all("llm" in library.data_types for library in found)


def test_a_question_that_is_not_asked_in_full_is_not_answered(index, known):
    assert matching(Query("LRP"), index, known) is None
    assert matching(Query(), index, known) is None


def test_answers_are_libraries_that_do_what_is_asked(index, known):
    for question in known:
        for answer in question.answers[:1]:
            assert all(
                index.fulfils(answer.library, facet, (value,))
                or (facet, value) == ("agnostic", "yes")
                or (facet, value) == ("data", "medical-image")
                for facet, value in question.asks.items()
            ), (question.text, answer.library.name)


def test_every_answer_was_checked_on_a_day_and_no_answer_is_archived(index, known):
    for question in known:
        for answer in question.answers:
            assert date(2026, 11, 1) <= answer.checked <= index.today
            assert answer.why.endswith(".")
            assert index.status(answer.library) != "archived"


@pytest.mark.parametrize(
    ("old", "new"), [("Zennit", "Zenit"), ("method=lrp", "method=lrpp"), ("method=lrp", "way=lrp")]
)
def test_a_question_about_what_the_table_does_not_know_is_refused(index, tmp_path, old, new):
    path = tmp_path / "short_answers.csv"
    path.write_text(QUESTIONS_PATH.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(UserFacingError, match="does not know"):
        questions(index, path)


# "numpy < 2", "TensorFlow 2.18", "release 0.5.8": true on the day of the check, and wrong soon after.
BOUND = re.compile(
    r"[<>=]=?\s*\d|\d+\.\d|(?i:\b(?:numpy|python|tensorflow|torch|pytorch|scikit-learn|release|version)\s+v?\d)"
)


def test_no_reason_names_a_version_because_it_goes_stale(known):
    for question in known:
        for answer in question.answers:
            assert not BOUND.search(answer.why), answer.why
    for text in ("pins numpy < 2", "requires TensorFlow 2.18", "wrong since release 5", "numpy>=2", "Python 3"):
        assert BOUND.search(text)
    for text in ("More than 35 metrics", "CAM in 2D and 3D", "brings Keras 3", "no commit since 2024-06 is known"):
        assert not BOUND.search(text)
