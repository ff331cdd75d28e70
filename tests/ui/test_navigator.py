"""The navigator as people read it, run without a browser."""

from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components.navigator import state, words
from lightbox.navigator import maintenance
from lightbox.navigator.library import COLUMNS

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(autouse=True)
def _one_day(monkeypatch):
    """The day of the table: what is active then is not active for ever."""
    monkeypatch.setattr(maintenance, "current_day", lambda: date(2026, 11, 29))
    st.cache_resource.clear()


@pytest.fixture
def open_page():
    def open_page(**parameters):
        app = AppTest.from_file(str(APP), default_timeout=60)
        app.switch_page("pages/navigator.py")
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return open_page


def read(app):
    """Everything a person reads outside the widgets."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.info, app.warning, app.error)
    text = [element.value for kind in (*kinds, app.success) for element in kind]
    return "\n".join([*text, *(table.value.to_string(max_colwidth=None) for table in app.table)])


def links(app):
    """Page links by label: (page, query parameters)."""
    return {link.proto.label: parse_qs(link.proto.query_string) for link in app.get("page_link")}


def test_the_plain_page_shows_all_and_every_widget_has_a_label(open_page):
    app = open_page()
    assert app.title[0].value == "Library navigator"
    assert "**183** libraries" in read(app)
    widgets = (app.multiselect, app.selectbox, app.text_input, app.checkbox, app.button, app.button_group)
    for widget in (one for kind in widgets for one in kind):
        assert widget.label
        assert getattr(widget.proto, "label_visibility", None) is None or widget.proto.label_visibility.value == 0


def test_the_star_counts_carry_their_credit(open_page):
    assert "SadSabrina/streamlit_XAI_table](https://github.com/SadSabrina/streamlit_XAI_table) (MIT licence)" in read(
        open_page()
    )
    assert "SadSabrina" in read(open_page(library="captum"))
    assert "SadSabrina" not in read(open_page(library="torchcam"))


@pytest.mark.parametrize(
    ("clicks", "hits", "names"),
    [
        ({"method": "LRP", "framework": "pytorch", "data": "image"}, 14, {"Zennit", "Captum"}),
        ({"method": "Counterfactual", "framework": "scikit-learn", "data": "tabular", "status": "active"}, 9, {"DiCE"}),
        ({"goal": "attribution", "framework": "keras", "data": "image", "status": "active"}, 10, {"Xplique"}),
    ],
)
def test_a_question_is_answered_by_clicking_facets(open_page, clicks, hits, names):
    app = open_page()
    for facet, value in clicks.items():
        group = app.button_group if facet == "status" else app.multiselect
        group(key=f"navigator.{facet}").set_value([value]).run()
        assert not app.exception
    assert f"**{hits}** of 183 libraries" in read(app)
    table = app.dataframe[0].value
    assert names <= {label.rpartition(": ")[2] for label in table["open"]}


def test_counts_stand_beside_every_answer_and_follow_the_other_choices(open_page):
    app = open_page()
    before = app.multiselect(key="navigator.method").options
    assert "LRP · 24" in before
    app.multiselect(key="navigator.framework").select("pytorch").run()
    assert "LRP · 19" in app.multiselect(key="navigator.method").options
    assert len(app.multiselect(key="navigator.method").options) == len(before)


def test_choices_are_in_the_address_and_the_address_makes_the_choices(open_page):
    app = open_page(method="lrp,shap", all="method", q="torch")
    assert app.multiselect(key="navigator.method").value == ["LRP", "SHAP"]
    assert app.checkbox(key="navigator.all.method").value
    assert app.text_input(key="navigator.q").value == "torch"
    app.checkbox(key="navigator.all.method").uncheck().run()
    app.selectbox(key="navigator.sort").select("stars").run()
    assert app.query_params == {"method": "lrp,shap", "q": "torch", "sort": "stars"}


def test_clear_all_clears_all_and_a_chip_only_itself(open_page):
    app = open_page(method="lrp", data="image")
    chips = app.button_group(key="navigator.chips")
    assert chips.options == ["Method: LRP", "Data type: Image"]
    chips.set_value(["data=image"]).run()
    assert app.query_params == {"data": "image"}
    app.button(key="navigator.clear").click().run()
    assert app.query_params == {}
    assert "**183** libraries" in read(app)


def test_libraries_that_take_any_model_are_counted_apart_and_can_be_left_out(open_page):
    app = open_page(framework="keras", goal="attribution", data="image", status="active")
    assert "7 of these name the framework; 3 take any model" in read(app)
    app.checkbox(key="navigator.any_model").uncheck().run()
    assert "**7** of 183 libraries" in read(app)


def test_an_empty_result_says_which_filter_to_drop(open_page):
    app = open_page(method="contrastive-lrp", data="tabular")
    assert "No library fits all of this together." in read(app)
    button = app.button(key="navigator.drop.data")
    assert button.label == "Drop Data type (2 found)"
    button.click().run()
    assert "**2** of 183 libraries" in read(app)


def search(open_page, text):
    app = open_page()
    app.text_input(key="navigator.q").input(text).run()
    assert not app.exception
    return app


def test_words_that_no_row_holds_are_named(open_page):
    app = search(open_page, "LRP for a PyTorch zebra")
    assert "No row mentions “zebra”" in read(app)
    assert app.dataframe


def test_where_the_main_word_is_unknown_that_is_said_and_the_rest_is_offered(open_page):
    app = search(open_page, "quantum attribution")
    assert "No row knows “quantum”" in read(app)
    assert not app.dataframe
    app.button(key="navigator.search_rest").click().run()
    assert app.query_params["q"] == "attribution"
    assert app.dataframe


def test_a_search_says_what_its_words_were_taken_for(open_page):
    text = read(search(open_page, "LRP for a PyTorch ResNet"))
    assert "Understood as Method: LRP · Framework: PyTorch · Data type: Image · Convolutional network first." in text


def test_a_typed_search_without_hits_offers_to_leave_a_phrase_out(open_page):
    app = search(open_page, "contrastive LRP for time series")
    button = app.button(key="navigator.without.time series")
    assert button.label == "Without “time series” (2 found)"
    button.click().run()
    assert "**2** of 183 libraries" in read(app)


def test_what_a_question_rules_out_is_said_and_has_no_short_answer(open_page):
    text = read(search(open_page, "LRP without PyTorch"))
    assert "Understood as Method: LRP · without PyTorch." in text
    assert "In short" not in text
    assert "without Language: R" not in text
    assert "without DiCE" in read(search(open_page, "counterfactual not dice"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("works with python 3.13", "The search knows no version “3.13”; a card says what its newest release pins."),
        ("rule list for small data", "No filter, and only moves rows up that say it: “small”."),
        ("lime without plotly", "No filter leaves out “plotly”, so the search went on without."),
        ("captum alternative for tensorflow", "Understood as like Captum · Framework: TensorFlow."),
        ("tabular with gpl licence", "Licence: GPL."),
        ("captum vs zennit", "Understood as Captum first · Zennit first."),
    ],
)
def test_what_the_words_were_taken_for_is_said(open_page, typed, said):
    assert said in read(search(open_page, typed)).replace("\\", "")


def test_a_slip_of_the_finger_is_offered_the_right_word_and_waits_to_be_asked(open_page):
    app = search(open_page, "intergrated gradients")
    assert "No row knows “intergrated”" in read(app)
    button = app.button(key="navigator.did_you_mean")
    assert button.label == "Did you mean “integrated gradients”?"
    button.click().run()
    assert app.query_params["q"] == "integrated gradients"
    assert app.dataframe
    app = search(open_page, "pytroch grad cam")
    assert app.dataframe
    assert app.button(key="navigator.did_you_mean").label == "Did you mean “pytorch grad cam”?"


def test_nothing_found_offers_what_to_leave_out_and_never_everything(open_page):
    app = search(open_page, "javascript grad cam in browser")
    labels = [button.label for button in app.button]
    assert any(label.startswith("Without “grad cam” (") for label in labels)
    assert not any("search words" in label for label in labels)
    assert links(app)["Ask the wizard"]["view"] == ["wizard"]


def test_a_question_of_unknown_words_with_a_filter_can_be_dropped(open_page):
    app = open_page(q="zebra", method="lrp")
    app.button(key="navigator.drop.text").click().run()
    assert app.query_params == {"method": "lrp"}


def test_what_is_compared_can_be_seen_side_by_side(open_page):
    found = links(search(open_page, "captum vs zennit"))
    assert found["See Captum and Zennit side by side"]["compare"] == ["captum,zennit"]


@pytest.mark.parametrize(
    "parameters", [{"q": "LRP PyTorch"}, {"method": "lrp", "framework": "pytorch", "view": "list"}]
)
def test_a_common_question_has_a_short_answer_above_the_hits(open_page, parameters):
    app = open_page(**parameters)
    text = read(app)
    assert "**In short**: LRP for a PyTorch ResNet" in text
    assert "Made for LRP: rules, composites, and canonizers for ResNet and VGG" in text.replace("\\", "")
    assert "Chosen by hand, checked on 2026-11-29." in text
    assert links(app)["**Zennit**"]["library"] == ["zennit"]


def test_the_wizard_has_the_short_answer_too(open_page):
    assert "**In short**: Evaluate heat maps" in read(open_page(view="wizard", my_goal="evaluation"))


def test_an_unanswered_wizard_offers_the_common_questions_and_each_leads_to_its_short_answer(open_page):
    offered = links(open_page(view="wizard"))
    known = [question.text for question in state.get_questions()]
    assert len(known) >= 20
    assert set(known) <= set(offered)
    for text in known[:2]:
        parameters = {name: values[0] for name, values in offered[text].items()}
        assert f"**In short**: {text}" in read(open_page(**parameters))


def test_a_short_answer_that_nobody_looked_at_for_a_year_says_so(open_page, monkeypatch):
    monkeypatch.setattr(maintenance, "current_day", lambda: date(2027, 12, 1))
    st.cache_resource.clear()
    assert "over a year ago: look at the cards" in read(open_page(q="fairness"))


@pytest.mark.parametrize(
    "parameters",
    [
        {"framework": "pytorh"},
        {"library": "no-such"},
        {"compare": "captum,no-such"},
        {"my_goal": "<script>", "view": "wizard"},
    ],
)
def test_a_broken_link_gives_a_friendly_warning(open_page, parameters):
    app = open_page(**parameters)
    assert len(app.warning) == 1
    assert "The link asks for" in app.warning[0].value


def test_the_card_says_what_is_not_known(open_page):
    text = read(open_page(library="iml"))
    assert "Unknown" in text
    assert "not known" in text


def test_the_card_says_when_each_fact_was_checked_and_what_is_stale(open_page, monkeypatch):
    app = open_page(library="latent-shift-gifsplanation")
    how = app.table[2].value
    facts = dict(zip(how["Fact"], how.iloc[:, 1], strict=True))
    assert "licence" in facts["Checked again on 2026-11-29"]
    assert "Something here rests on an old copy" in facts["Checked on 2026-11-20"]
    assert "stale" not in read(app)
    monkeypatch.setattr(maintenance, "current_day", lambda: date(2027, 11, 25))
    st.cache_resource.clear()
    how = open_page(library="latent-shift-gifsplanation").table[2].value
    facts = dict(zip(how["Fact"], how.iloc[:, 1], strict=True))
    assert "stale" in facts["Checked on 2026-11-20"]
    assert "stale" not in facts["Checked again on 2026-11-29"]


def test_freshness_is_explained_where_it_stands(open_page):
    sentence = "100 is a commit or a release this month, 0 neither for three years."
    assert sentence in read(open_page())
    assert sentence in read(open_page(library="zennit"))


def test_a_card_opens_at_its_top(open_page):
    app = open_page(library="zennit")
    assert any("scrollTo(0, 0)" in element.proto.body for element in app.get("html"))


def test_every_column_has_a_title():
    assert set(words.COLUMN_TITLES) == set(COLUMNS)


def test_the_card_tells_limits_licence_and_evidence(open_page):
    app = open_page(library="torchray")
    assert "non-commercial" in read(app)
    assert "Archived" in read(app)
    assert "snapshot 2021" in read(app)
    assert app.code[0].value == "pip install torchray"


def test_try_it_here_opens_compare_with_the_method_on(open_page):
    found = links(open_page(library="zennit"))
    assert found["Try LRP"] == {"methods": ["lrp"]}
    assert found["Try all 2 side by side"] == {"methods": ["lrp,integrated_gradients"]}
    assert not any(label.startswith("Try") for label in links(open_page(library="salib")))


def test_the_way_back_keeps_the_filters(open_page):
    found = links(open_page(library="zennit", method="lrp", view="list"))
    assert found["Back to the results"] == {"method": ["lrp"], "view": ["list"]}


def test_the_list_links_every_hit_to_its_card(open_page):
    found = links(open_page(view="list", method="contrastive-lrp"))
    assert found["**Contrastive-LRP**"] == {
        "view": ["list"],
        "method": ["contrastive-lrp"],
        "library": ["contrastive-lrp"],
    }


def test_a_long_list_has_pages(open_page):
    assert "Page 1 of 10" in read(open_page(view="list"))
    assert "Page 10 of 10" in read(open_page(view="list", page="99"))


@pytest.mark.parametrize("matrix", ["method-framework", "library-framework", "library-method", "library-data"])
def test_every_matrix_has_a_description_and_a_table(open_page, matrix):
    app = open_page(view="matrix", matrix=matrix)
    alt = app.get("plotly_chart")[0].proto.alt
    assert "rows by" in alt
    assert "table below" in alt
    assert len(app.table) == 1


def test_a_cell_opens_its_list_from_the_keyboard(open_page):
    app = open_page(view="matrix")
    app.selectbox(key="navigator.cell.row").select("Contrastive LRP").run()
    app.selectbox(key="navigator.cell.column").select("pytorch").run()
    assert not app.exception
    assert "**2** libraries name both." in read(app)
    assert "Contrastive-LRP" in links(app)
    assert app.query_params["row"] == "contrastive-lrp"


@pytest.mark.parametrize("filters", [{"status": "active"}, {"method": "lime,shap", "data": "image"}])
def test_the_list_behind_a_cell_is_the_table_behind_its_link(open_page, filters):
    app = open_page(view="matrix", row="lime", column="keras", **filters)
    parameters = {name: values[0] for name, values in links(app)["See them in the table"].items()}
    table = open_page(**parameters).dataframe[0].value
    assert len(table) == int(next(m.value for m in app.markdown if "both." in m.value).split("**")[1])


def test_the_wizard_ranks_and_gives_reasons(open_page):
    app = open_page(view="wizard")
    for question, answer in (("framework", "pytorch"), ("data", "medical-image"), ("goal", "attribution")):
        app.selectbox(key=f"navigator.wizard.{question}").select(answer).run()
    assert not app.exception
    text = read(app)
    assert "libraries fit" in text
    assert "Made for PyTorch." in text
    assert any(label.startswith("**1. ") for label in links(app))
    assert app.query_params["my_data"] == "medical-image"


def test_the_wizard_says_when_nothing_fits_and_what_stands_in_the_way(open_page):
    app = open_page(view="wizard", my_framework="flux", my_data="image", my_goal="inside")
    assert "No library of the catalogue fits all of these answers." in read(app)
    assert any(button.label.startswith("Leave the question open") for button in app.button)


def test_two_libraries_stand_side_by_side(open_page):
    app = open_page(view="compare", compare="zennit,captum")
    assert "All of them have" in read(app)
    differ, agree = (table.value for table in app.table)
    assert list(differ.columns)[1:] == ["Zennit", "Captum"]
    assert all(len(set(row[1:])) == 2 for row in differ.itertuples(index=False))
    assert "**Explains**" in set(differ["Fact"])
    assert "**Language**" in set(agree["Fact"])
    assert not set(differ["Fact"]) & set(agree["Fact"])
    app.multiselect(key="navigator.compared").unselect("captum").run()
    assert "Choose two to four libraries" in read(app)


def fill(app, **cells):
    for column, value in cells.items():
        kind = app.selectbox if column in ("paradigm", "scope", "model_agnostic") else app.text_input
        widget = app.multiselect if isinstance(value, list) else kind
        widget(key=f"navigator.suggest.{column}").set_value(value)
    next(button for button in app.button if button.label == "Check and make the row").click()
    return app.run()


NEW = {
    "name": "Quite New",
    "repository": "https://github.com/new/quite-new",
    "description": "Draws maps.",
    "evidence": "README.md",
    "language": ["Python"],
    "frameworks": ["pytorch"],
    "data_types": ["image"],
    "methods": ["LRP"],
    "interface": ["python api"],
    "paradigm": "classic",
    "scope": "local",
    "model_agnostic": "no",
}


def test_an_unfinished_suggestion_says_what_is_missing(open_page):
    app = fill(open_page(view="suggest"), name="Quite New")
    assert "The row is not ready yet" in app.error[0].value
    missing = [one for one in app.markdown if "must not be empty" in one.value]
    assert len(missing) == len(app.error[0].value.split("\n\n")[1].split(", ")) - 1  # one name holds a comma
    # Each stands right below the field that it is about.
    order = [(one.type, getattr(one, "label", "") or getattr(one, "value", "")) for one in app.main]
    for label in ("Methods", "Paradigm", "Explains", "Model-agnostic"):
        place = next(at for at, (kind, text) in enumerate(order) if text == label)
        assert order[place + 1][0] == "markdown"
        assert "must not be empty" in order[place + 1][1]


def test_a_suggestion_becomes_a_row_and_a_link(open_page, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_NEW_ISSUE_URL", "https://example.org/issues/new")
    app = fill(open_page(view="suggest"), **NEW)
    assert not app.exception
    assert "The row is ready" in app.success[0].value
    assert app.code[0].value.startswith("Quite New,new/quite-new,")
    assert app.get("link_button")[0].proto.url.startswith("https://example.org/issues/new?title=")


def test_a_known_library_is_recognised_before_it_is_suggested_again(open_page):
    app = fill(open_page(view="suggest"), **(NEW | {"repository": "someone/zennit"}))
    assert "may have it already" in app.warning[0].value
    assert "Zennit (nearly the same repository on github)" in links(app)
