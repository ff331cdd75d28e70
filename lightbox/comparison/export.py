"""The files that a comparison leaves behind: pictures, raw arrays, and the record that reproduces them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from lightbox.comparison.captions import describe_answer, describe_checks, describe_concern, name_explained
from lightbox.comparison.citation import to_bibtex, to_markdown
from lightbox.comparison.drawing import find_scales
from lightbox.comparison.part import Part
from lightbox.comparison.picture import draw_picture
from lightbox.comparison.record import PICTURE_NAME, SCAN_NAME, TRUTH_NAME, build_record, map_path
from lightbox.core import notice
from lightbox.explainers import METHODS
from lightbox.imaging.film import film, png_bytes
from lightbox.imaging.overlay import grey_bytes, render, with_outline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lightbox.comparison.comparison import Comparison, Panel
    from lightbox.comparison.drawing import Drawing
    from lightbox.comparison.truth import Truth
    from lightbox.explainers import Attribution
    from lightbox.imaging.colour import Scale

READ_ME = """Lightbox export
===============

{notice}

comparison.json   every parameter, seed, version and weight hash; what each map explains and its checks
comparison.png    all maps in one picture, with captions; what is in folders of its own stands in it too
scan.png          the scan alone, at its own size, in 8 bits
methods.md        networks, methods, parameters, seeds and versions as tables
references.bib    the papers of the methods, and Lightbox, for BibTeX
NETWORK/METHOD.png   the map over the scan, with caption and colour bar
NETWORK/METHOD.npy   the raw map, float32, on the network's input grid: never normalised or clipped
NETWORK/input.npy    what the network saw, float32 in 0..1, before mean and deviation
"""
READ_TRUTH = "truth.png   where the pathology of this synthetic scan was placed, white on its native pixels\n"
READ_BELOW = "\nFolders with the same files of what stood below on the page:\n"


def zip_bytes(
    comparison: Comparison, drawing: Drawing, truth: Truth | None = None, below: Sequence[Part] = ()
) -> bytes:
    """All files in one ZIP, made in memory; see `files`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files(comparison, drawing, truth, below):
            archive.writestr(name, content)
    return buffer.getvalue()


def write_folder(comparison: Comparison, drawing: Drawing, folder: Path) -> list[Path]:
    """All files below ``folder``, which is made where it is missing; returns their paths."""
    written = []
    for name, content in files(comparison, drawing):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written


def files(
    comparison: Comparison, drawing: Drawing, truth: Truth | None = None, below: Sequence[Part] = ()
) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file, the record first.

    Args:
        comparison: the main one.
        drawing: how the maps are drawn.
        truth: drawn, measured and added where it is given.
        below: what else stands on the page; each part's files lie in its folder, named as those of the main one.
    """
    parts = [Part("", "", comparison, truth), *below]
    yield "README.txt", _read_me(truth, below).encode()
    for part, scales in zip(parts, find_scales(parts, shared=drawing.shared_scale), strict=True):
        record = build_record(part.comparison, part.truth, below=() if part.folder else below)
        yield _within(part, "comparison.json"), json.dumps(record, indent=1, ensure_ascii=False).encode()
        picture = draw_picture(part.comparison, drawing, part.truth, below=() if part.folder else below)
        yield _within(part, PICTURE_NAME), picture.to_png()
        for name, content in _part_files(part, drawing, scales):
            yield _within(part, name), content


def _read_me(truth: Truth | None, below: Sequence[Part]) -> str:
    listed = [f"{part.folder}/   {f'{part.row}: ' if part.row else ''}{part.title}\n" for part in below]
    more = "".join([READ_BELOW, *listed]) if below else ""
    return READ_ME.format(notice=notice.TEXT) + (READ_TRUTH if truth else "") + more


def _within(part: Part, name: str) -> str:
    return f"{part.folder}/{name}" if part.folder else name


def _part_files(part: Part, drawing: Drawing, scales: Mapping[tuple[str, str], Scale]) -> Iterator[tuple[str, bytes]]:
    comparison, truth = part.comparison, part.truth
    yield SCAN_NAME, png_bytes(grey_bytes(comparison.scan.pixels), with_notice=True)
    yield "methods.md", to_markdown(comparison).encode()
    yield "references.bib", to_bibtex(comparison).encode()
    if truth is not None:
        yield TRUTH_NAME, png_bytes(truth.mask.astype(np.uint8) * 255, with_notice=True)
    for panel in comparison.panels:
        yield f"{panel.network}/input.npy", _npy(panel.prepared)
        for method, attribution in panel.attributions.items():
            yield map_path(panel, method, "npy"), _npy(attribution.values)
            if not attribution.withheld:
                scale = scales[panel.network, method]
                picture = _film(comparison, panel, attribution, scale=scale, drawing=drawing, truth=truth)
                yield map_path(panel, method, "png"), picture


def _film(
    comparison: Comparison,
    panel: Panel,
    attribution: Attribution,
    *,
    scale: Scale,
    drawing: Drawing,
    truth: Truth | None,
) -> bytes:
    """The map over the scan, with method, class, network, rule and checks under it; a concern comes first."""
    picture = render(
        comparison.scan.pixels,
        attribution.values,
        panel.box,
        scale,
        view=drawing.view,
        opacity=drawing.opacity,
        positive_only=drawing.positive_only,
    )
    if truth is not None:
        picture = with_outline(picture, truth.lines)
    title = f"{METHODS[attribution.method].title} · {panel.title} · explains the logit of "
    caption = [
        describe_concern(comparison),
        f"Predicted: {describe_answer(panel)} · weights {panel.weights_sha256[:12]} · {attribution.seconds:.1f} s",
        attribution.caption,
        attribution.scale_note,
        f"{truth.placed} {truth.describe_place(attribution.values, panel.box)}" if truth else "",
        *describe_checks(attribution),
        scale.sentence,
    ]
    drawn = film(
        picture,
        scale,
        title=title + name_explained(panel, attribution),
        caption=[line for line in caption if line],
    )
    return png_bytes(drawn, with_notice=True)


def _npy(values: NDArray[np.float32]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(values, dtype=np.float32), allow_pickle=False)
    return buffer.getvalue()
