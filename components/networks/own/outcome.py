"""The figures of a user's own test set, what was left out of it, and what to take away."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from components.networks.results import overview
from components.shell.language import _
from lightbox.networks import NETWORKS
from lightbox.testsets.export import zip_bytes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from components.networks.scan_files import ScanFiles
    from lightbox.jobs import Job
    from lightbox.metrics.predictions import Predictions
    from lightbox.testsets.item import Remark
    from lightbox.testsets.run import Evaluation

MOST_REASONS = 4


def show(run: Evaluation, networks: Sequence[str], files: ScanFiles) -> list[Job]:
    """The same views as for the shipped answers; returns the jobs that they want kept.

    Args:
        run: finished.
        networks: those on show, some of the run's.
        files: give the scans that were judged.
    """
    predictions = {key: answers for key, answers in run.predictions().items() if key in networks}
    judged = max((len(answers) for answers in predictions.values()), default=0)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(_("**{judged}** of {total} scans judged.").format(judged=judged, total=run.total))
        if judged:
            st.download_button(
                _("Download predictions (ZIP)"),
                lambda: zip_bytes(predictions, run.problems, run.cards, run.concerns()),
                file_name="lightbox-test-set.zip",
                mime="application/zip",
                icon=":material/download:",
                on_click="ignore",
                help=_("predictions.csv of each network, and the files left out or in doubt with the reasons."),
                key="networks.own_download",
            )
    show_problems(run.problems)
    show_concerns(run.concerns())
    if not judged:
        st.info(_("None of the files could be judged, so there are no figures."))
        return []
    st.markdown(f":small[{describe_known(predictions, run.seen)}]")
    return overview.show(predictions, files=files)


def describe_known(predictions: Mapping[str, Predictions], seen: Collection[str]) -> str:
    """How many of the files the networks were trained on, as far as that is known.

    Args:
        predictions: by network.
        seen: the networks whose training files are known.
    """
    if not all(network in seen for network in predictions):
        return _(
            "Whether a network was trained on any of these scans is not known here: if it was, the figures flatter it."
        )
    counts = {network: int(answers.leaked.sum()) for network, answers in predictions.items()}
    if not any(counts.values()):
        return _(
            "None of these files is, byte for byte, one that the networks were trained on. Another file of the same "
            "picture would not be noticed."
        )
    named = ", ".join(
        _("{network} on {count}").format(network=NETWORKS[network].title, count=count)
        for network, count in counts.items()
    )
    return _(
        "Of these {total} files, networks were trained on some, byte for byte: {named}. They know them by heart; the "
        "figures begin without them."
    ).format(total=max(len(answers) for answers in predictions.values()), named=named)


def show_left_out(problems: Sequence[Remark]) -> None:
    """How many files are left out, and the most frequent reasons, before anything is judged."""
    if not problems:
        return
    counts = Counter(_(problem.reason) for problem in problems).most_common()
    shown = [f"{count} × {reason}" for reason, count in counts[:MOST_REASONS]]
    rest = sum(count for _reason, count in counts[MOST_REASONS:])
    if rest:
        shown.append(_("{count} for other reasons").format(count=rest))
    st.markdown(_("**{count}** left out, and not judged:").format(count=len(problems)))
    # As plain text: a reason may hold a file's name.
    st.text("\n".join(shown))


def show_concerns(concerns: Sequence[Remark]) -> None:
    """The judged files that may be no upright scans of the kind: they count in the figures, and that is said."""
    if not concerns:
        return
    st.warning(
        _(
            "{count} of the judged files may be no upright scans of this kind. They count in the figures below; take "
            "them out of the test set if they do not belong there."
        ).format(count=len(concerns)),
        icon=":material/help_center:",
    )
    with st.expander(_("Which files, and why"), icon=":material/help_center:"):
        st.dataframe(
            [{_("File"): concern.name, _("Why"): _(concern.reason)} for concern in concerns],
            hide_index=True,
            key="networks.own_concerns",
            width="stretch",
        )


def show_problems(problems: Sequence[Remark]) -> None:
    """Each file that is left out, by name, with the reason."""
    if not problems:
        return
    title = _("{count} left out, by name").format(count=len(problems))
    with st.expander(title, icon=":material/rule_folder:"):
        st.dataframe(
            [{_("File"): problem.name, _("Why"): _(problem.reason)} for problem in problems],
            hide_index=True,
            key="networks.own_problems",
            width="stretch",
        )
