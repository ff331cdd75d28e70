"""Where the words of a typed text stand."""

import pytest

from lightbox.navigator.question.typed_words import typed_words
from lightbox.navigator.terms import words


@pytest.mark.parametrize(
    "text",
    ["LRP for a PyTorch ResNet", "Grad-CAM, (Score-CAM)", "naïve Bayes", "sae_lens", "  a  b ", "", "²³ tf.keras"],
)
def test_the_words_are_those_of_the_rows(text):
    assert [word.text for word in typed_words(text)] == words(text)


def test_each_word_knows_where_it_stands():
    text = "Was ist Grad-CAM für Ärzte?"
    for word in typed_words(text):
        assert words(text[word.start : word.end]) == [word.text]
    assert [word.joined for word in typed_words(text)] == [False, False, False, True, False, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C++ or C#", ["cpp", "or", "csharp"]),
        ("c-index", ["c", "index"]),
        ("I don't want it", ["i", "not", "want", "it"]),
        ("isn’t dead", ["not", "dead"]),
        ("w/o torch", ["without", "torch"]),
        ("keras version 3", ["keras", "3"]),
        ("numpy<2", ["numpy", "<2"]),
        ("numpy>=2", ["numpy", "2"]),
        ("Grad-CAM++", ["grad", "cam"]),
    ],
)
def test_what_signs_say_is_kept(text, expected):
    assert [word.text for word in typed_words(text)] == expected


def test_a_clause_ends_at_a_sign_and_not_within_a_number():
    ends = {word.text: word.ends for word in typed_words("not SHAP, tf.keras 3.0; (LIME) e.g. LRP.")}
    assert ends == {
        "not": False, "shap": True, "tf": False, "keras": False, "3": False, "0": True,
        "lime": True, "e": False, "g": True, "lrp": True,
    }  # fmt: skip
