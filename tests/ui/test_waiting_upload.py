"""An upload that waits for others says so."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from components.scans import scan_input

    class Upload:
        file_id = "one"

        def getvalue(self) -> bytes:
            return b""

    def decode(content, task, *, on_wait):
        on_wait()
        on_wait()
        raise InterruptedError  # what is on the page now is what a waiting visitor sees

    scan_input.decode = decode
    st.session_state["compare.task"] = "chest_xray"
    st.file_uploader = lambda *_args, **_options: Upload()
    scan_input.show()


def test_an_upload_that_waits_for_others_says_so_once(monkeypatch):
    import streamlit as st

    from components.scans import scan_input

    monkeypatch.setattr(scan_input, "decode", scan_input.decode)  # both are put back afterwards
    monkeypatch.setattr(st, "file_uploader", st.file_uploader)
    run = AppTest.from_function(page, default_timeout=30).run()
    assert [caption.value for caption in run.caption] == ["Other files are being read; yours has its turn soon."]
