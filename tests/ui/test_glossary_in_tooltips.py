"""A control of Compare that is named by a term of the glossary says what the glossary says."""

from lightbox.core.glossary import read_glossary

CONTROLS = ("selectbox", "number_input", "toggle", "slider", "button_group")


def test_a_control_named_by_a_term_has_the_glossarys_sentences(app):
    for key, value in {"sample": "chest-viral-1", "methods": "lrp,lime,integrated_gradients"}.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    meanings = {name.casefold(): term.meaning for term in read_glossary() for name in (term.term, *term.synonyms)}
    told = {}
    for control in [control for kind in CONTROLS for control in app.get(kind)]:
        proto = control.proto
        hidden = proto.label_visibility.value != 0  # a label that is not shown has no tooltip either
        if proto.label.casefold() in meanings and not hidden and not proto.disabled:
            told[proto.label] = meanings[proto.label.casefold()] in proto.help
    assert {"Baseline", "Seed", "Superpixels", "Steps", "Samples", "Rules", "True outline", "Opacity"} <= set(told)
    assert [label for label, good in told.items() if not good] == []


def test_the_classes_and_the_methods_are_explained_by_the_glossary_too(app):
    app.run()
    helps = {control.proto.label: control.proto.help for kind in CONTROLS for control in app.get(kind)}
    meanings = {term.term: term.meaning for term in read_glossary()}
    assert meanings["Logit"] in helps["Explain (class A)"]
    assert meanings["Contrastive"] in helps["rather than (class B)"]
    assert meanings["Method"] in helps["Methods"]
