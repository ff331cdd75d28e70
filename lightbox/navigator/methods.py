"""The methods of the catalogue, what a person wants to know from each, and which of them Lightbox runs itself."""

from __future__ import annotations

from dataclasses import dataclass

from lightbox.navigator.terms import Term, by_key

HEAT_MAP = ("heat map", "heatmap", "saliency map", "attribution")

METHODS: dict[str, Term] = by_key(
    (
        Term("LRP", "LRP", ("layer-wise relevance propagation", "AttnLRP", "deep Taylor", *HEAT_MAP)),
        Term("Contrastive LRP", "Contrastive LRP", ("CLRP", *HEAT_MAP)),
        Term("Grad-CAM family", "Grad-CAM family", ("gradcam", "class activation map", "CAM", *HEAT_MAP)),
        Term("Integrated Gradients", "Integrated Gradients", ("IG", "XRAI", "Guided IG", "Blur IG", *HEAT_MAP)),
        Term("LIME", "LIME", ("superpixels", "local surrogate", *HEAT_MAP), from_predictions=True),
        Term("SHAP", "SHAP", ("Shapley values", *HEAT_MAP), from_predictions=True),
        Term("Saliency", "Saliency (plain gradient)", ("vanilla gradient", *HEAT_MAP)),
        Term("SmoothGrad", "SmoothGrad", HEAT_MAP),
        Term("Gradient x Input", "Gradient × Input", ("input x gradient", *HEAT_MAP)),
        Term("Guided backprop/Deconv", "Guided backprop / Deconv", ("deconvolution", *HEAT_MAP)),
        Term("DeepLIFT", "DeepLIFT", HEAT_MAP),
        Term("Excitation backprop", "Excitation backprop", HEAT_MAP),
        Term("Occlusion", "Occlusion", HEAT_MAP, from_predictions=True),
        Term("RISE", "RISE", ("D-RISE", "MC-RISE", "random masks", *HEAT_MAP), from_predictions=True),
        Term("Perturbation (other)", "Other perturbation", ("extremal perturbation", *HEAT_MAP), from_predictions=True),
        Term("Attention", "Attention", ("attention rollout", "attention map")),
        Term("Anchors", "Anchors", ("if-then rule",), from_predictions=True),
        Term("Counterfactual", "Counterfactual", ("contrastive explanation", "recourse"), from_predictions=True),
        Term("What-if", "What-if", ("interactive editing",), from_predictions=True),
        Term("Surrogate/Rules", "Surrogates / rules", ("rule list", "formal reasons"), from_predictions=True),
        Term("Glass-box models", "Glass-box models", ("interpretable by design", "EBM", "explainable boosting")),
        Term("Feature importance", "Feature importance", ("permutation importance",), from_predictions=True),
        Term(
            "PDP/ALE/ICE", "PDP / ALE / ICE", ("partial dependence", "accumulated local effects"), from_predictions=True
        ),
        Term("Sensitivity analysis", "Sensitivity analysis", ("Sobol", "Morris"), from_predictions=True),
        Term("Prototype", "Prototypes", ("ProtoPNet", "this looks like that")),
        Term("Example-based", "Example-based", ("nearest neighbours", "similar examples"), from_predictions=True),
        Term("Concept (TCAV/CBM/CEM)", "Concepts (TCAV / CBM / CEM)", ("concept bottleneck",)),
        Term("Relevance clustering", "Relevance clustering", ("SpRAy", "Clever Hans"), from_predictions=True),
        Term("Graph explanations", "Graph explanations", ("GNNExplainer", "graph neural network", "GNN")),
        Term("Influence functions", "Influence functions", ("training data attribution", "TracIn", "TRAK")),
        Term("Data valuation", "Data valuation", ("Data Shapley",), from_predictions=True),
        Term("Feature visualisation", "Feature visualisation", ("activation maximisation", "deep dream")),
        Term("Probing", "Probing", ("linear probe",)),
        Term("Activation patching", "Activation patching", ("causal tracing", "interventions")),
        Term("Circuit discovery", "Circuit discovery", ("attribution graph",)),
        Term("SAE", "Sparse autoencoders (SAE)", ("transcoder", "dictionary learning")),
        Term("Steering", "Steering", ("control vector", "representation engineering")),
        Term("Logit lens", "Logit lens", ("tuned lens",)),
        Term("Model editing", "Model editing", ("ROME", "MEMIT")),
        Term("Automated interpretability", "Automated interpretability", ("neuron descriptions",)),
        Term("Evaluation metrics", "Evaluation metrics", ("faithfulness", "benchmark"), from_predictions=True),
        Term("Sanity checks", "Sanity checks", ("randomisation test",)),
        Term("Uncertainty", "Uncertainty", ("calibration", "conformal"), from_predictions=True),
    )
)


@dataclass(frozen=True, slots=True)
class Goal:
    """A question a person brings, and the methods that answer it."""

    key: str
    title: str
    methods: tuple[str, ...]


GOALS: dict[str, Goal] = {
    goal.key: goal
    for goal in (
        Goal(
            "attribution",
            "Which part of the input mattered (heat maps)",
            (
                "LRP",
                "Contrastive LRP",
                "Grad-CAM family",
                "Integrated Gradients",
                "LIME",
                "SHAP",
                "Saliency",
                "SmoothGrad",
                "Gradient x Input",
                "Guided backprop/Deconv",
                "DeepLIFT",
                "Excitation backprop",
                "Occlusion",
                "RISE",
                "Perturbation (other)",
                "Attention",
            ),
        ),
        Goal(
            "importance",
            "Which features matter overall, and how",
            ("Feature importance", "PDP/ALE/ICE", "Sensitivity analysis", "SHAP"),
        ),
        Goal("counterfactual", "What would have to change", ("Counterfactual", "What-if")),
        Goal("rules", "A rule or a simpler model", ("Anchors", "Surrogate/Rules", "Glass-box models")),
        Goal(
            "concepts",
            "Which concepts, prototypes or examples",
            ("Concept (TCAV/CBM/CEM)", "Prototype", "Example-based", "Relevance clustering", "Feature visualisation"),
        ),
        Goal("graph", "Which nodes and edges of a graph", ("Graph explanations",)),
        Goal("training-data", "Which training data", ("Influence functions", "Data valuation", "Example-based")),
        Goal(
            "inside",
            "What happens inside the network",
            (
                "Probing",
                "Activation patching",
                "Circuit discovery",
                "SAE",
                "Logit lens",
                "Steering",
                "Model editing",
                "Automated interpretability",
                "Feature visualisation",
                "Attention",
            ),
        ),
        Goal("evaluation", "Whether an explanation can be trusted", ("Evaluation metrics", "Sanity checks")),
        Goal("uncertainty", "How sure the model is", ("Uncertainty",)),
    )
}

# Keys of Lightbox's own methods, as Compare's address spells them, and the catalogue's word for each.
RUN_HERE: dict[str, str] = {
    "lrp": "LRP",
    "contrastive_lrp": "Contrastive LRP",
    "lime": "LIME",
    "grad_cam": "Grad-CAM family",
    "integrated_gradients": "Integrated Gradients",
}
