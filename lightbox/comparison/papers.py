"""The methods' papers as BibTeX. What the program computes does not depend on them, so they stand apart from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lightbox.explainers import MethodSpec

# By key of the method: the papers that its spec refers to, in that order.
_ENTRIES: dict[str, tuple[str, ...]] = {
    "lrp": (
        r"""@article{bach2015lrp,
  author = {Bach, Sebastian and Binder, Alexander and Montavon, Gr{\'e}goire and Klauschen, Frederick and
            M{\"u}ller, Klaus-Robert and Samek, Wojciech},
  title = {On Pixel-Wise Explanations for Non-Linear Classifier Decisions by Layer-Wise Relevance Propagation},
  journal = {PLOS ONE},
  volume = {10},
  number = {7},
  pages = {e0130140},
  year = {2015},
  doi = {10.1371/journal.pone.0130140}
}""",
        r"""@incollection{montavon2019lrp,
  author = {Montavon, Gr{\'e}goire and Binder, Alexander and Lapuschkin, Sebastian and Samek, Wojciech and
            M{\"u}ller, Klaus-Robert},
  title = {Layer-Wise Relevance Propagation: An Overview},
  booktitle = {Explainable AI: Interpreting, Explaining and Visualizing Deep Learning},
  publisher = {Springer},
  pages = {193--209},
  year = {2019},
  doi = {10.1007/978-3-030-28954-6_10}
}""",
    ),
    "contrastive_lrp": (
        r"""@misc{gu2018contrastive,
  author = {Gu, Jindong and Yang, Yinchong and Tresp, Volker},
  title = {Understanding Individual Decisions of {CNNs} via Contrastive Backpropagation},
  year = {2018},
  eprint = {1812.02100},
  archiveprefix = {arXiv}
}""",
    ),
    "lime": (
        r"""@inproceedings{ribeiro2016lime,
  author = {Ribeiro, Marco Tulio and Singh, Sameer and Guestrin, Carlos},
  title = {``{Why} Should {I} Trust You?'': Explaining the Predictions of Any Classifier},
  booktitle = {Proceedings of the 22nd ACM SIGKDD International Conference on Knowledge Discovery and Data Mining},
  pages = {1135--1144},
  year = {2016},
  doi = {10.1145/2939672.2939778},
  eprint = {1602.04938},
  archiveprefix = {arXiv}
}""",
    ),
    "grad_cam": (
        r"""@misc{selvaraju2016gradcam,
  author = {Selvaraju, Ramprasaath R. and Cogswell, Michael and Das, Abhishek and Vedantam, Ramakrishna and
            Parikh, Devi and Batra, Dhruv},
  title = {{Grad-CAM}: Visual Explanations from Deep Networks via Gradient-based Localization},
  year = {2016},
  eprint = {1610.02391},
  archiveprefix = {arXiv}
}""",
    ),
    "integrated_gradients": (
        r"""@inproceedings{sundararajan2017axiomatic,
  author = {Sundararajan, Mukund and Taly, Ankur and Yan, Qiqi},
  title = {Axiomatic Attribution for Deep Networks},
  booktitle = {Proceedings of the 34th International Conference on Machine Learning},
  series = {Proceedings of Machine Learning Research},
  volume = {70},
  pages = {3319--3328},
  year = {2017},
  eprint = {1703.01365},
  archiveprefix = {arXiv}
}""",
    ),
}


def find_entries(spec: MethodSpec) -> tuple[str, ...]:
    """BibTeX of a method's papers; of a method that is not listed here an entry made of its reference."""
    if spec.key in _ENTRIES:
        return _ENTRIES[spec.key]
    key = "".join(letter for letter in spec.key if letter.isalnum()).lower() or "method"
    return (f"@misc{{{key},\n  title = {{{escape_tex(spec.title)}}},\n  note = {{{escape_tex(spec.reference)}}}\n}}",)


def escape_tex(text: str) -> str:
    """Plain text as it may stand in a field of BibTeX."""
    signs = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return "".join(signs.get(sign, f"\\{sign}" if sign in "&%$#_" else sign) for sign in text)
