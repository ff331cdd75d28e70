"""Starts the app as `streamlit run app.py` does, and counts what is alive whenever it is sent SIGUSR1.

The count goes to the file that the first argument names; the others are Streamlit's.
"""

import collections
import gc
import json
import signal
import sys
from pathlib import Path

from components.shell.session_lifetime import VISITOR

OF_A_SCAN = {"Scan", "Loaded", "Views", "Prepared", "Sent", "Job", "Attribution", "Prediction"}
NAMES = OF_A_SCAN | {"AppSession", "UploadedFileRec", "UploadedFile"}
TARGET = Path(sys.argv[1])


def write_count(_signal, _frame):
    things = [thing for thing in gc.get_objects() if type(thing).__name__ in NAMES]
    # The server's loop holds on to the last session that it sent to, and that one is empty.
    alive = collections.Counter(type(thing).__name__ for thing in things if getattr(thing, "id", "") != VISITOR)
    half = TARGET.with_suffix(".half")
    half.write_text(json.dumps(alive))
    half.replace(TARGET)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, write_count)
    from streamlit.web import cli

    sys.argv = ["streamlit", *sys.argv[2:]]
    sys.exit(cli.main())
