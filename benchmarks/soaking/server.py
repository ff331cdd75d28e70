"""The app as ``streamlit run app.py`` starts it, which besides answers how its workers' networks are.

Each line on standard input gets one line of JSON on standard output.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import TextIO

from benchmarks.soaking.inspection import inspect_workers
from lightbox import jobs


def main(port: str) -> None:
    from streamlit.web import bootstrap

    # Standard output is for answers; what Streamlit says goes to standard error.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    threading.Thread(target=_answer, args=(answers,), daemon=True).start()
    options = {"server.port": int(port), "server.headless": True}
    bootstrap.load_config_options({key.replace(".", "_"): value for key, value in options.items()})
    bootstrap.run("app.py", is_hello=False, args=[], flag_options={})


def _answer(answers: TextIO) -> None:
    for _line in sys.stdin:
        try:
            answer: object = {"networks": inspect_workers(jobs.get_engine())}
        except (RuntimeError, OSError) as error:
            answer = {"error": repr(error)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
