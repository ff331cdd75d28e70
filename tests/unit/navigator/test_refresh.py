"""A refresh tells news from silence: it changes what was answered, keeps the rest and deletes nothing."""

import http.server
import json
import threading
from datetime import date

import pytest

from lightbox.core.errors import UserFacingError
from lightbox.navigator import github, table, validate
from lightbox.navigator.library import parse
from lightbox.navigator.refresh import as_text
from lightbox.navigator.refresh import refresh as real_refresh
from lightbox.navigator.sources import NoNetworkError
from tests.unit.navigator.recorded import ANSWERS, PACKAGES, Recorded, no_index, recorded_index, unreachable_index

TODAY = date(2026, 11, 30)


def refresh(rows, **settings):
    """The refresh against recorded answers."""
    return real_refresh(rows, **({"today": TODAY, "ask": Recorded(), "pip_index": recorded_index} | settings))


def row_of(rows, name):
    return next(row for row in rows if row["name"] == name)


def test_news_are_written_and_shown(rows):
    found = refresh(rows, only=["Zennit"])
    row = row_of(found.rows, "Zennit")
    assert (row["stars"], row["stars_source"], row["stars_as_of"]) == ("251", "github", "2026-11-30")
    assert (row["release"], row["release_date"]) == ("1.0.0", "2026-10-30")
    assert (row["checked"], row["status"]) == (row_of(rows, "Zennit")["checked"], "active")
    assert parse(row).checked_on("last_commit") == parse(row).checked_on("release") == TODAY
    assert parse(row).checked_on("methods") == parse(row).checked
    text = as_text(found)
    assert "Zennit\n" in text
    assert "stars: 247 -> 251" in text
    assert "release_date: 2025-07-31 -> 2026-10-30" in text


def test_the_last_commit_is_the_default_branch_s_not_the_last_push_s(rows):
    found = refresh(rows, only=["Zennit"])
    assert row_of(found.rows, "Zennit")["last_commit"] == "2026-11-02"
    assert row_of(found.rows, "Zennit")["last_commit_source"] == "github"


def test_nothing_but_the_asked_rows_changes_and_no_row_is_lost(rows):
    found = refresh(rows, only=["Zennit"])
    assert [row["name"] for row in found.rows] == [row["name"] for row in rows]
    assert [row for row in found.rows if row["name"] != "Zennit"] == [row for row in rows if row["name"] != "Zennit"]


def test_the_rows_given_are_left_as_they_are(rows):
    before = [dict(row) for row in rows]
    refresh(rows, only=["Zennit"])
    assert rows == before


def test_the_refreshed_table_is_sound(rows):
    names = ["Zennit", "Anchor", "TorchCAM", "TorchRay", "iml"]
    found = refresh(rows, only=names)
    assert validate.summary(validate.table_problems(found.rows)) == ""
    assert found.reached == 4


def test_a_vanished_project_keeps_its_row_and_is_reported(rows):
    found = refresh(rows, only=["Anchor"])
    changed = {key for key, text in row_of(found.rows, "Anchor").items() if text != row_of(rows, "Anchor")[key]}
    assert changed <= {"release", "release_date", "runs_with", "not_with", "pins", "fact_dates"}
    assert "note: Anchor: marcotcr/anchor: not found" in as_text(found)


def test_a_moved_project_is_reported_and_its_address_left_to_people(rows):
    found = refresh(rows, only=["TorchCAM"])
    assert row_of(found.rows, "TorchCAM")["repository"] == "frgfm/torch-cam"
    assert "has moved to frgfm/torchcam" in as_text(found)


def test_a_package_unknown_to_its_registry_is_reported_and_the_rest_written(rows):
    found = refresh(rows, only=["TorchCAM"])
    assert row_of(found.rows, "TorchCAM")["stars"] == "2300"
    assert row_of(found.rows, "TorchCAM")["release"] == row_of(rows, "TorchCAM")["release"]
    assert "the package index answered 404 for the package torchcam" in as_text(found)


def test_an_archived_project_is_archived(rows):
    assert row_of(refresh(rows, only=["TorchRay"]).rows, "TorchRay")["status"] == "archived"


def test_a_look_turns_unknown_into_dormant(rows):
    assert row_of(rows, "iml")["status"] == ""
    assert row_of(refresh(rows, only=["iml"]).rows, "iml")["status"] == "dormant"


def test_a_cran_package_is_never_looked_up_at_pypi(rows):
    asked = []
    found = refresh(rows, pip_index=lambda: recorded_index(asked=asked), only=["iml"])
    assert asked == []
    assert row_of(found.rows, "iml")["release"] == "v0.11.3"


def test_a_rate_limit_ends_the_run_says_when_to_go_on_and_keeps_what_was_found(rows):
    found = refresh(rows, only=["Zennit", "SHAP"])
    # SHAP comes first in the table; it was asked first and refused.
    assert found.waiting == 2
    assert "2026-11-20" in found.pause
    assert "GitHub was not asked about 2. Run the command again at 20" in as_text(found)


def looked_at_long_ago(row):
    row["fact_dates"] = ""
    row["checked"] = "2025-01-01"


def test_the_rows_looked_at_longest_ago_are_asked_first(rows):
    looked_at_long_ago(row_of(rows, "Zennit"))
    ask = Recorded()
    found = refresh(rows, ask=ask, only=["SHAP", "Zennit"])
    assert ask.asked[0][0].endswith("/repos/chr5tphr/zennit")
    assert (found.reached, found.waiting) == (1, 1)


def test_without_any_network_nothing_changes_and_the_user_is_told(rows):
    with pytest.raises(UserFacingError, match="network could not be reached"):
        refresh(rows, pip_index=unreachable_index, only=["LIME"])


def test_without_github_the_index_s_news_are_written_and_the_rest_is_said(rows):
    def away(url, headers):
        raise NoNetworkError("no route")

    found = refresh(rows, ask=away, only=["Zennit", "iml"])
    assert row_of(found.rows, "Zennit")["release_date"] == "2026-10-30"
    assert row_of(found.rows, "Zennit")["stars"] == row_of(rows, "Zennit")["stars"]
    assert row_of(found.rows, "iml") == row_of(rows, "iml")
    assert (found.reached, found.released, found.waiting) == (0, 1, 2)
    assert "GitHub could not be reached for 2 projects: no route." in as_text(found)


@pytest.mark.parametrize(
    ("index", "sentence"),
    [(no_index, "pip's settings could not be read"), (unreachable_index, "could not be reached for 1 packages")],
)
def test_without_the_index_github_s_news_are_written_and_the_rest_is_said(rows, index, sentence):
    found = refresh(rows, pip_index=index, only=["Zennit"])
    assert row_of(found.rows, "Zennit")["stars"] == "251"
    assert row_of(found.rows, "Zennit")["release"] == row_of(rows, "Zennit")["release"]
    assert sentence in as_text(found)


def test_a_network_lost_on_the_way_keeps_what_was_found(rows):
    looked_at_long_ago(row_of(rows, "Zennit"))
    found = refresh(rows, only=["Zennit", "LIME"])
    assert (found.reached, found.waiting) == (1, 1)
    assert "GitHub could not be reached for 1 projects" in as_text(found)


def test_a_young_release_wakes_a_project_and_an_old_one_says_nothing_about_it(rows):
    sleepy = row_of(rows, "Zennit")
    sleepy |= {"status": "dormant", "last_commit": "2022-01-01", "release_date": "", "release": ""}
    away = no_network
    assert row_of(refresh(rows, ask=away, only=["Zennit"]).rows, "Zennit")["status"] == "active"
    old = {"zennit": {"files": PACKAGES["zennit"]["files"][-1:], "requires": []}}
    found = refresh(rows, ask=away, pip_index=lambda: recorded_index(old), only=["Zennit"])
    assert row_of(found.rows, "Zennit")["status"] == "dormant"


def no_network(url, headers):
    raise NoNetworkError("no route")


def test_what_a_person_wrote_about_a_gpu_outlives_a_refresh(rows):
    row_of(rows, "Zennit")["runs_with"] = "gpu"
    found = refresh(rows, only=["Zennit"])
    assert row_of(found.rows, "Zennit")["runs_with"] == "gpu;numpy-2;python-3.15"
    row_of(rows, "Zennit")["runs_with"] = "keras-3"
    assert row_of(refresh(rows, only=["Zennit"]).rows, "Zennit")["runs_with"] == "keras-3;numpy-2;python-3.15"
    refusing = {"zennit": PACKAGES["zennit"] | {"requires": ["keras<3"]}}
    found = refresh(rows, pip_index=lambda: recorded_index(refusing), only=["Zennit"])
    assert row_of(found.rows, "Zennit")["runs_with"] == "python-3.15"
    assert row_of(found.rows, "Zennit")["not_with"] == "keras-3"


def test_a_name_that_is_not_in_the_table_is_refused(rows):
    with pytest.raises(UserFacingError, match="Not in the catalogue: zenit"):
        refresh(rows, only=["zenit"])


@pytest.mark.parametrize(
    ("content", "status", "message"),
    [
        ({"full_name": "a/b"}, 200, "lacks"),
        (["not", "an", "object"], 200, "lacks"),
        (None, 200, "GitHub answered 200"),
        (None, 500, "GitHub answered 500"),
        (None, 451, "legal"),
        (None, 403, "GitHub answered 403"),
    ],
)
def test_an_answer_that_makes_no_sense_changes_nothing(rows, content, status, message):
    url = "https://api.github.com/repos/chr5tphr/zennit"
    odd = Recorded({url: {"status": status, "content": content}})
    found = refresh(rows, ask=odd, pip_index=lambda: recorded_index({}), only=["Zennit"])
    assert message in as_text(found)
    assert row_of(found.rows, "Zennit") == row_of(rows, "Zennit")


def answer_of(url, **news):
    answer = json.loads(json.dumps(ANSWERS[url]))
    answer["content"].update(news)
    return {url: answer}


def test_an_odd_release_is_noted_and_all_the_rest_is_news(rows):
    row_of(rows, "iml")["status"] = ""
    odd = answer_of("https://api.github.com/repos/giuseppec/iml/releases/latest", tag_name="@acme/viz@1.2.0")
    found = refresh(rows, ask=Recorded(odd), only=["iml"])
    before, after = row_of(rows, "iml"), row_of(found.rows, "iml")
    assert (after["stars"], after["stars_as_of"]) == ("500", str(TODAY))
    assert (after["release"], after["release_date"]) == (before["release"], before["release_date"])
    assert "note: iml: release '@acme/viz@1.2.0': release starts with '@'" in as_text(found)
    assert validate.table_problems(found.rows) == []


def test_news_that_would_spoil_a_row_leave_it_as_it_was_and_the_others_are_written(rows):
    odd = answer_of("https://api.github.com/repos/chr5tphr/zennit", stargazers_count=-1)
    found = refresh(rows, ask=Recorded(odd), only=["Zennit", "iml"])
    assert row_of(found.rows, "Zennit")["stars"] == row_of(rows, "Zennit")["stars"]
    assert row_of(found.rows, "iml")["stars_as_of"] == str(TODAY)
    assert "note: Zennit: stars " in as_text(found)
    assert "stars" not in {change.column for change in found.changes if change.name == "Zennit"}
    assert validate.table_problems(found.rows) == []


def test_an_empty_repository_leaves_the_commit_unknown(rows):
    url = "https://api.github.com/repos/chr5tphr/zennit/commits?per_page=1"
    found = refresh(rows, ask=Recorded({url: {"status": 409, "content": None}}), only=["Zennit"])
    assert row_of(found.rows, "Zennit")["last_commit"] == row_of(rows, "Zennit")["last_commit"]


def test_the_token_goes_to_github_and_nowhere_else(rows):
    ask = Recorded()
    refresh(rows, ask=ask, only=["Zennit"], token="t")  # noqa: S106  # a letter
    for url, headers in ask.asked:
        assert ("Authorization" in headers) == url.startswith("https://api.github.com/")


def test_every_column_a_refresh_may_write_is_a_column(rows):
    found = refresh(rows, only=["Zennit"])
    assert tuple(row_of(found.rows, "Zennit")) == table.COLUMNS


def test_only_https_is_asked():
    with pytest.raises(ValueError, match="only https"):
        github.fetch("file:///etc/passwd", {})


def test_an_error_status_is_an_answer_and_a_dead_host_is_no_network(monkeypatch):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/good" else 404)
            self.send_header("X-RateLimit-Remaining", "5")
            self.end_headers()
            self.wfile.write(b'{"a": 1}' if self.path == "/good" else b"<html>")

        def log_message(self, *arguments):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    real = github.urllib.request.Request
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(
        github.urllib.request, "Request", lambda url, headers: real(url.replace("https://x", address), headers=headers)
    )
    good, missing = github.fetch("https://x/good", {}), github.fetch("https://x/bad", {})
    assert (good.status, good.content, good.headers["x-ratelimit-remaining"]) == (200, {"a": 1}, "5")
    assert (missing.status, missing.content) == (404, None)
    server.shutdown()
    server.server_close()
    with pytest.raises(NoNetworkError):
        github.fetch("https://x/good", {})
