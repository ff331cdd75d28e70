"""How a network's recipe was searched for: Optuna's own views of the study."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import streamlit as st

from components.shell.language import _
from components.shell.palette import STILL
from lightbox.networks import NETWORKS
from lightbox.provenance.tuning import COMPLETE, FAIL, PRUNED, find_tuning

if TYPE_CHECKING:
    import optuna
    import plotly.graph_objects as go

    from lightbox.provenance.tuning import Tuning

OBJECTIVES = {"loss": "validation loss", "balanced_accuracy": "balanced accuracy on validation data"}
# Importances of fewer finished trials than this are noise.
ENOUGH = 8
HEIGHT = 380


def show(task: str, network: str) -> None:
    """One sentence on the best trial, the course of the search, and what mattered; nothing where none was made."""
    tuning = find_tuning(task, network)
    if tuning is None or tuning.best is None:
        return
    st.markdown(describe(tuning, NETWORKS[network].title))
    for name, (figure, alt) in build(tuning).items():
        st.plotly_chart(figure, key=f"networks.tuning.{network}.{name}", alt=alt, config=STILL, theme="streamlit")
    with st.expander(_("All trials"), icon=":material/list:"):
        st.dataframe(rows(tuning), hide_index=True, key=f"networks.tuning.{network}.trials")


def describe(tuning: Tuning, network: str) -> str:
    """How many trials, and the best one in words."""
    best = tuning.best
    if best is None:
        return _("**{network}**: no trial of a recipe came to its end.").format(network=network)
    params = ", ".join(f"{name} {value:.3g}" for name, value in best.params.items())
    return _(
        "**{network}**: {count} recipes were tried for {epochs} epochs each, {pruned} of them stopped early. Best: "
        "{value:.4f} {objective}, with {params}. The test split was not looked at."
    ).format(
        network=network,
        count=tuning.count(COMPLETE) + tuning.count(PRUNED),
        epochs=tuning.recipe.get("epochs", "?"),
        pruned=tuning.count(PRUNED),
        value=best.value,
        objective=_(OBJECTIVES.get(tuning.objective, tuning.objective)),
        params=params,
    )


def rows(tuning: Tuning) -> list[dict[str, str | float | int | None]]:
    """One row a trial."""
    return [
        {_("Trial"): trial.number, _("State"): trial.state.lower(), _("Value"): trial.value, **trial.params}
        for trial in tuning.trials
    ]


def build(tuning: Tuning) -> dict[str, tuple[go.Figure, str]]:
    """Optuna's figures with their alternative texts."""
    from optuna import visualization

    study = load_study(tuning)
    target = _(OBJECTIVES.get(tuning.objective, tuning.objective))
    count = tuning.count(COMPLETE)
    figures = {
        "history": (
            visualization.plot_optimization_history(study, target_name=target),
            _("The {target} of each of {count} finished trials, and the best so far.").format(
                target=target, count=count
            ),
        ),
        "parallel": (
            visualization.plot_parallel_coordinate(study, target_name=target),
            _("A line a finished trial, through each of its parameters, coloured by {target}.").format(target=target),
        ),
    }
    if count >= ENOUGH:
        figures["importances"] = (
            visualization.plot_param_importances(study, target_name=target),
            _("How much of the variation of {target} each parameter accounts for.").format(target=target),
        )
    for figure, _alt in figures.values():
        figure.update_layout(height=HEIGHT, title=None, margin={"t": 40})
    return figures


def load_study(tuning: Tuning) -> optuna.Study:
    """The study in memory, as Optuna's views want it; trials that failed are left out."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    space = {name: optuna.distributions.json_to_distribution(json.dumps(row)) for name, row in tuning.space.items()}
    study = optuna.create_study(direction=tuning.direction)
    for trial in tuning.trials:
        if trial.state != FAIL:
            study.add_trial(
                optuna.create_trial(
                    state=optuna.trial.TrialState[trial.state],
                    value=trial.value,
                    params=trial.params,
                    distributions=space,
                    intermediate_values={int(step): value for step, value in trial.course.items()},
                )
            )
    return study
