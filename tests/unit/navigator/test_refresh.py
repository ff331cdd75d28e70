"""A refresh tells news from silence: it changes what was answered, keeps the rest and deletes nothing."""

import http.server
import json
import threading
from datetime import date
from pathlib import Path

import pytest

from lightbox.core.errors import UserFacingError
from lightbox.navigator import sources, table, validate
from lightbox.navigator.refresh import as_text, refresh
from lightbox.navigator.sources import Answer, NoNetworkError

TODAY = date(2026, 11, 21)
ANSWERS = json.loads((Path(__file__).parent / "answers" / "answers.json").read_text())


class Recorded:
    """Answers in the shapes that GitHub and PyPI document; an address without one has no network."""

    def __init__(self, changes=()):
        self.answers = ANSWERS | dict(changes)
        self.asked = []

    def __call__(self, url, headers):
        self.asked.append((url, dict(headers)))
        if url not in self.answers:
            raise NoNetworkError("timed out")
        answer = self.answers[url]
        return Answer(answer["status"], answer.get("headers", {}), answer["content"])


def row_of(rows, name):
    return next(row for row in rows if row["name"] == name)


def test_news_are_written_and_shown(rows):
    found = refresh(rows, today=TODAY, ask=Recorded(), only=["Zennit"])
    row = row_of(found.rows, "Zennit")
    assert (row["stars"], row["stars_source"], row["stars_as_of"]) == ("251", "github", "2026-11-21")
    assert (row["release"], row["release_date"]) == ("1.0.0", "2026-10-30")
    assert (row["checked"], row["status"]) == ("2026-11-21", "active")
    text = as_text(found)
    assert "Zennit\n" in text
    assert "stars: 247 -> 251" in text
    assert "release: (empty) -> 1.0.0" in text


def test_the_last_commit_is_the_default_branch_s_not_the_last_push_s(rows):
    found = refresh(rows, today=TODAY, ask=Recorded(), only=["Zennit"])
    assert row_of(found.rows, "Zennit")["last_commit"] == "2026-11-02"
    assert row_of(found.rows, "Zennit")["last_commit_source"] == "github"


def test_nothing_but_the_asked_rows_changes_and_no_row_is_lost(rows):
    found = refresh(rows, today=TODAY, ask=Recorded(), only=["Zennit"])
    assert [row["name"] for row in found.rows] == [row["name"] for row in rows]
    assert [row for row in found.rows if row["name"] != "Zennit"] == [row for row in rows if row["name"] != "Zennit"]


def test_the_rows_given_are_left_as_they_are(rows):
    before = [dict(row) for row in rows]
    refresh(rows, today=TODAY, ask=Recorded(), only=["Zennit"])
    assert rows == before


def test_the_refreshed_table_is_sound(rows):
    names = ["Zennit", "Anchor", "TorchCAM", "TorchRay", "iml"]
    found = refresh(rows, today=TODAY, ask=Recorded(), only=names)
    assert validate.summary(validate.table_problems(found.rows)) == ""
    assert found.reached == 4


def test_a_vanished_project_keeps_its_row_and_is_reported(rows):
    found = refresh(rows, today=TODAY, ask=Recorded(), only=["Anchor"])
    assert row_of(found.rows, "Anchor") == row_of(rows, "Anchor")
    assert "note: Anchor: marcotcr/anchor: not found" in as_text(found)
    assert found.changes == []


def test_a_moved_project_is_reported_and_its_address_left_to_people(rows):
    found = refresh(rows, today=TODAY, ask=Recorded(), only=["TorchCAM"])
    assert row_of(found.rows, "TorchCAM")["repository"] == "frgfm/torch-cam"
    assert "has moved to frgfm/torchcam" in as_text(found)


def test_a_package_unknown_to_its_registry_is_reported_and_the_rest_written(rows):
    found = refresh(rows, today=TODAY, ask=Recorded(), only=["TorchCAM"])
    assert row_of(found.rows, "TorchCAM")["stars"] == "2300"
    assert row_of(found.rows, "TorchCAM")["release"] == row_of(rows, "TorchCAM")["release"]
    assert "PyPI answered 404 for the package torchcam" in as_text(found)


def test_an_archived_project_is_archived(rows):
    assert (
        row_of(refresh(rows, today=TODAY, ask=Recorded(), only=["TorchRay"]).rows, "TorchRay")["status"] == "archived"
    )


def test_a_look_turns_unknown_into_dormant(rows):
    assert row_of(rows, "iml")["status"] == ""
    assert row_of(refresh(rows, today=TODAY, ask=Recorded(), only=["iml"]).rows, "iml")["status"] == "dormant"


def test_a_cran_package_is_never_looked_up_at_pypi(rows):
    ask = Recorded()
    found = refresh(rows, today=TODAY, ask=ask, only=["iml"])
    assert not any("pypi.org" in url for url, _ in ask.asked)
    assert row_of(found.rows, "iml")["release"] == "v0.11.3"


def test_a_rate_limit_ends_the_run_says_when_to_go_on_and_keeps_what_was_found(rows):
    found = refresh(rows, today=TODAY, ask=Recorded(), only=["Zennit", "SHAP"])
    # SHAP comes first in the table; it was asked first and refused.
    assert found.waiting == 2
    assert "2026-11-20" in found.pause
    assert "were not asked. Run the command again at 20" in as_text(found)


def test_the_rows_looked_at_longest_ago_are_asked_first(rows):
    row_of(rows, "Zennit")["checked"] = "2025-01-01"
    ask = Recorded()
    found = refresh(rows, today=TODAY, ask=ask, only=["SHAP", "Zennit"])
    assert ask.asked[0][0].endswith("/repos/chr5tphr/zennit")
    assert (found.reached, found.waiting) == (1, 1)


def test_without_a_network_nothing_changes_and_the_user_is_told(rows):
    with pytest.raises(UserFacingError, match="network could not be reached"):
        refresh(rows, today=TODAY, ask=Recorded(), only=["LIME"])


def test_a_network_lost_on_the_way_keeps_what_was_found(rows):
    row_of(rows, "Zennit")["checked"] = "2025-01-01"
    found = refresh(rows, today=TODAY, ask=Recorded(), only=["Zennit", "LIME"])
    assert (found.reached, found.waiting) == (1, 1)
    assert "the network went away" in as_text(found)


def test_a_name_that_is_not_in_the_table_is_refused(rows):
    with pytest.raises(UserFacingError, match="Not in the catalogue: zenit"):
        refresh(rows, today=TODAY, ask=Recorded(), only=["zenit"])


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
    found = refresh(rows, today=TODAY, ask=Recorded({url: {"status": status, "content": content}}), only=["Zennit"])
    assert message in as_text(found)
    assert row_of(found.rows, "Zennit") == row_of(rows, "Zennit")


def answer_of(url, **news):
    answer = json.loads(json.dumps(ANSWERS[url]))
    answer["content"].update(news)
    return {url: answer}


def test_an_odd_release_is_noted_and_all_the_rest_is_news(rows):
    odd = answer_of("https://pypi.org/pypi/zennit/json", info={"version": "@acme/viz@1.2.0"})
    found = refresh(rows, today=TODAY, ask=Recorded(odd), only=["Zennit"])
    before, after = row_of(rows, "Zennit"), row_of(found.rows, "Zennit")
    assert (after["stars"], after["checked"]) == ("251", "2026-11-21")
    assert (after["release"], after["release_date"]) == (before["release"], before["release_date"])
    assert "note: Zennit: release '@acme/viz@1.2.0': release starts with '@'" in as_text(found)
    assert validate.table_problems(found.rows) == []


def test_news_that_would_spoil_a_row_leave_it_as_it_was_and_the_others_are_written(rows):
    odd = answer_of("https://api.github.com/repos/chr5tphr/zennit", stargazers_count=-1)
    found = refresh(rows, today=TODAY, ask=Recorded(odd), only=["Zennit", "iml"])
    assert row_of(found.rows, "Zennit") == row_of(rows, "Zennit")
    assert row_of(found.rows, "iml")["checked"] == "2026-11-21"
    assert "note: Zennit: stars " in as_text(found)
    assert "Zennit" not in {change.name for change in found.changes}
    assert validate.table_problems(found.rows) == []


def test_an_empty_repository_leaves_the_commit_unknown(rows):
    url = "https://api.github.com/repos/chr5tphr/zennit/commits?per_page=1"
    found = refresh(rows, today=TODAY, ask=Recorded({url: {"status": 409, "content": None}}), only=["Zennit"])
    assert row_of(found.rows, "Zennit")["last_commit"] == row_of(rows, "Zennit")["last_commit"]


def test_the_token_goes_to_github_and_nowhere_else(rows):
    ask = Recorded()
    refresh(rows, today=TODAY, ask=ask, only=["Zennit"], token="t")  # noqa: S106  # a letter
    for url, headers in ask.asked:
        assert ("Authorization" in headers) == url.startswith("https://api.github.com/")


def test_every_column_a_refresh_may_write_is_a_column(rows):
    found = refresh(rows, today=TODAY, ask=Recorded(), only=["Zennit"])
    assert tuple(row_of(found.rows, "Zennit")) == table.COLUMNS


def test_only_https_is_asked():
    with pytest.raises(ValueError, match="only https"):
        sources.fetch("file:///etc/passwd", {})


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
    real = sources.urllib.request.Request
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(
        sources.urllib.request, "Request", lambda url, headers: real(url.replace("https://x", address), headers=headers)
    )
    good, missing = sources.fetch("https://x/good", {}), sources.fetch("https://x/bad", {})
    assert (good.status, good.content, good.headers["x-ratelimit-remaining"]) == (200, {"a": 1}, "5")
    assert (missing.status, missing.content) == (404, None)
    server.shutdown()
    server.server_close()
    with pytest.raises(NoNetworkError):
        sources.fetch("https://x/good", {})
