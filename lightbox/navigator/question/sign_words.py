"""Words that say how the words around them are meant: ruled out, alike, or set against each other."""

from __future__ import annotations

_BETWEEN_TEXT = """
    a access an any based be by depend depending for from have in involving is it longer made my need needed needing
    of on our rely relying require requiring run support supporting that the to use used using via want with work
    working written
"""
_ALIKE_TEXT = """
    alternative alternatives analogue competitor competitors counterpart equivalent equivalents replace replacement
    replacements replacing similar substitute substitutes successor
"""
_BEFORE_LIKE_TEXT = """
    anything framework libraries library ones package packages project something software things tool tools toolkit
    works
"""
_AFTER_ALIKE_TEXT = "a an for libraries library methods of package packages the to tool tools with"
_AGAINST_TEXT = "vs versus compare compared comparing comparison difference differences differ"

# As words next to each other.
NEGATIONS = (
    *(("without",), ("not",), ("no",), ("non",), ("nor",), ("neither",), ("never",), ("cannot",), ("dont",)),
    *(("except",), ("excluding",), ("exclude",), ("avoid",), ("avoiding",), ("minus",)),
    *(("instead", "of"), ("other", "than"), ("rather", "than"), ("apart", "from"), ("except", "for")),
)
NO_NEGATIONS = (("not", "only"), ("not", "just"), ("not", "sure"), ("not", "necessarily"), ("no", "matter"))
# What may stand between "not" and what is ruled out.
BETWEEN = frozenset(_BETWEEN_TEXT.split())
ALIKE = frozenset(_ALIKE_TEXT.split())
# Elsewhere "like" is a verb: "I would like SHAP".
BEFORE_LIKE = frozenset(_BEFORE_LIKE_TEXT.split())
AFTER_ALIKE = frozenset(_AFTER_ALIKE_TEXT.split())
AGAINST = frozenset(_AGAINST_TEXT.split())
# "Captum but for TensorFlow".
BUT = (("but", "for"), ("but", "in"), ("but", "with"), ("but", "without"))
JOINING = frozenset(("and", "or", "nor"))
