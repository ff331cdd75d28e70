"""Rows that stay while something else is opened, and one method for every class."""

from tests.ui.test_compare import ends, opened, png, settled, upload, words


def click(app, label):
    next(button for button in app.button if button.label == label).click()
    return app.run()


def charts(app):
    return len([chart for chart in app.get("plotly_chart") if "annotations" in chart.proto.spec])


def test_a_pinned_row_stays_while_another_scan_comes_and_says_what_differs(app):
    opened(app, methods="grad_cam", sample="chest-viral-2")
    app.run()
    settled(app)
    click(app, "Pin to compare")
    settled(app)
    assert not app.exception
    assert "**Pinned:** the same scan and settings as above" in words(app)
    assert charts(app) == 2
    upload(app, png())
    settled(app)
    assert not app.exception
    assert "**Pinned:** another scan" in words(app)
    next(box for box in app.selectbox if box.key == "compare.explain").select("normal").run()
    settled(app)
    assert "**Pinned:** another scan · explains: the predicted class" in words(app)
    click(app, "Unpin")
    settled(app)
    assert "Pinned" not in words(app)
    assert charts(app) == 1


def test_with_the_scan_every_pinned_row_goes(app):
    opened(app, methods="grad_cam", sample="chest-viral-2")
    app.run()
    settled(app)
    click(app, "Pin to compare")
    settled(app)
    click(app, "Remove")
    assert "compare.pins" not in app.session_state
    assert "compare.pin_jobs" not in app.session_state


def test_what_should_not_be_read_yet_cannot_be_pinned(app):
    opened(app, methods="grad_cam")
    upload(app, png())
    settled(app)
    assert "It is not clear that this is a chest X-ray." in words(app)
    (pin,) = [button for button in app.button if button.label == "Pin to compare"]
    assert pin.disabled
    assert "Answer the question" in pin.help


def test_one_method_is_shown_for_every_class_on_one_scale(app):
    opened(app, methods="lrp", sample="chest-viral-2", classes="grad_cam")
    app.run()
    settled(app)
    assert not app.exception
    assert "**Grad-CAM for every class, on one colour scale**" in words(app)
    assert {"for Normal", "for Bacterial pneumonia", "for Viral pneumonia"} <= set(ends(app))
    assert app.query_params["classes"] == ["grad_cam"] or app.query_params["classes"] == "grad_cam"
