"""A real Chromium at the app: opens samples one after the other until it is killed."""

from __future__ import annotations

import itertools
import sys

from benchmarks.soaking.deck import OWN, SAMPLES

SECONDS_EACH = 30


def main(port: str, number: str) -> None:
    from playwright.sync_api import sync_playwright

    steps = "&".join(f"{method}.{name}={int(value)}" for method, row in OWN.items() for name, value in row.items())
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page()
        for sample in itertools.islice(itertools.cycle(SAMPLES), int(number), None):
            task = "chest_xray" if sample.startswith("chest") else "brain_mri"
            page.goto(
                f"http://127.0.0.1:{port}/?sample={sample}&task={task}&{steps}", wait_until="commit", timeout=120_000
            )
            page.wait_for_timeout(SECONDS_EACH * 1000)


if __name__ == "__main__":
    main(*sys.argv[1:])
