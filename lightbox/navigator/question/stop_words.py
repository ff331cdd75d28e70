"""Words without a meaning of their own in this catalogue: articles, verbs of asking, and what every row is about."""

from __future__ import annotations

from lightbox.navigator.question.asked import normal

_TEXT = """
    a about after ai all also an and any anything applied approach are as at available based be because best
    better between but by can class classification classifier classify code com compare compared comparing
    comparison compatible could data deep did difference differences do does doing easily easy else every
    existing explain explainability explainable explained explainer explaining explains explanation explanations
    explore find for framework frameworks free from get github gitlab give good great have having hello help
    here hi how http https i idea if implement implementation implementations implemented implementing
    implements in install interpret interpretability interpretable interpretation interpretations interpreter
    interpreting into io is it its just kind know language languages large learn learning let libraries library
    licence licences license licensed licenses like list look looking machine made make me method methods ml
    model modelling models most must my need needed needs network networks neural new nice no not of on one only
    or org other our out output own package packages perhaps pip please popular possible predict predicted
    predicting prediction predictions program project projects provide pypi question readthedocs really recent
    recommend recommended right run running see several should show simple simply so software some someone
    something still suggest suitable support supported supporting supports tell than thanks that the their them
    then there these they thing things think this those through to together tool toolbox toolboxes toolkit
    toolkits tools top train trained try under understand understandable understanding us use used useful user
    users using various version versus very via visualise visualize vs want way we well what when where whether
    which who why will with within work working works would www xai you your
"""
STOP_WORDS = frozenset(_TEXT.split())
EXPLAINING = frozenset(word for word in STOP_WORDS if word.startswith(("explain", "explan", "interpret")))


def says_nothing(word: str) -> bool:
    """Whether a word, or its singular, is one of them."""
    return word in STOP_WORDS or normal((word,))[0] in STOP_WORDS
