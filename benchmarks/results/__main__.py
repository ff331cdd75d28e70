"""Fill in every figure and table of the documents; with ``--check`` only say which of them have drifted."""

from __future__ import annotations

import argparse
import sys

from benchmarks.results.document import drifted, fill, list_documents
from benchmarks.results.values import VALUES


def main() -> int:
    """Write the documents, or with ``--check`` return 1 where one differs from its records."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 where a document has drifted")
    check = parser.parse_args().check
    wrong = 0
    for path in list_documents():
        old = path.read_text(encoding="utf-8")
        new = fill(old, VALUES, path.name)
        if new == old:
            continue
        wrong += 1
        print(f"{path.name}: {', '.join(drifted(old, new))}")
        if not check:
            path.write_text(new, encoding="utf-8")
    if check and wrong:
        print("These figures are not those of their records; run `make results`.", file=sys.stderr)
    return 1 if check and wrong else 0


if __name__ == "__main__":
    sys.exit(main())
