"""One picture of a whole comparison, for slides: networks down, methods across, the scan with the answer first."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from lightbox.comparison._canvas import SMALLEST_WIDTH
from lightbox.comparison._rows import lay_out
from lightbox.comparison.captions import FAILED, describe_answer, describe_concern, name_explained, titles_explained
from lightbox.comparison.in_words import summarise
from lightbox.comparison.map_in_words import describe_map
from lightbox.comparison.part import Part
from lightbox.core import notice
from lightbox.core.program_version import version_text
from lightbox.core.tasks import TASKS
from lightbox.explainers.badges import badges_of
from lightbox.imaging.film import FAINT, colour_bar
from lightbox.imaging.sheet import Column, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightbox.comparison._rows import Cell, Row
    from lightbox.comparison.comparison import Comparison
    from lightbox.comparison.drawing import Drawing
    from lightbox.comparison.truth import Truth
    from lightbox.imaging.colour import Scale
    from lightbox.imaging.scan import Scan
    from lightbox.imaging.sheet import Anchor

# How many letters' heights a picture in the grid is wide, and the smallest height.
LETTERS_A_WIDTH, SMALLEST_LETTERS = 28, 13
ALARM = (153, 27, 27)
NOT_COUNTED = "The rows below are not counted."
WITHHELD, NO_MAP = "Withheld, because it would mislead:", "There is no map:"


def draw_picture(
    comparison: Comparison,
    drawing: Drawing,
    truth: Truth | None = None,
    *,
    below: Sequence[Part] = (),
    day: date | None = None,
) -> Sheet:
    """The combined picture; `Sheet.to_png` and `Sheet.to_svg` write it.

    Each map is drawn as `overlay.render` draws it, in the view, the colours and on the scales of the page. Under it
    stand method, class, colour bar and checks. A map that was withheld or could not be made says so in its place. A
    method that a network was not asked for leaves its place empty.

    Args:
        comparison: one panel a network, one or more.
        drawing: how the maps are drawn.
        truth: outlines the pathology of a synthetic scan, and says how each map lies to it.
        below: what else stands on the page, in rows of its own under its title.
        day: on the picture; today (UTC) where None.
    """
    rows = lay_out([Part("", "", comparison, truth), *below], shared=drawing.shared_scale)
    width = max([row.canvas.width for row in rows if row.canvas], default=SMALLEST_WIDTH)
    gap = max(16, width // 20)
    size = max(SMALLEST_LETTERS, width // LETTERS_A_WIDTH)
    whole = gap + (1 + max((len(row.cells) for row in rows), default=0)) * (width + gap)
    head = Column(gap, gap, whole - 2 * gap, size)
    _write_head(head, comparison, below=bool(below))
    columns, top = [head], head.bottom + size
    for row in rows:
        if row.heading:
            title = Column(gap, top, whole - 2 * gap, size)
            title.add_text([row.heading], size=round(1.2 * size), bold=True)
            columns.append(title)
            top = title.bottom + size // 2
        abreast = [Column(gap + place * (width + gap), top, width, size) for place in range(1 + len(row.cells))]
        _fill_answer(abreast[0], row)
        for column, cell in zip(abreast[1:], row.cells, strict=True):
            _fill_map(column, cell, drawing)
        top = max(column.bottom for column in abreast) + gap
        columns += abreast
    foot = Column(gap, top, whole - 2 * gap, size)
    _write_foot(foot, comparison, drawing, truth, day or datetime.now(UTC).date())
    columns.append(foot)
    return Sheet(
        width=whole,
        height=foot.bottom + gap,
        title=_title(comparison),
        pictures=tuple(picture for column in columns for picture in column.pictures),
        words=tuple(line for column in columns for line in column.words),
    )


def _title(comparison: Comparison) -> str:
    return f"{TASKS[comparison.task].title}: explanations side by side"


def _write_head(column: Column, comparison: Comparison, *, below: bool) -> None:
    column.add_text([_title(comparison)], size=round(1.6 * column.size), bold=True)
    concern = describe_concern(comparison)
    if concern:
        column.add_text([concern], bold=True)
    sentence = summarise(comparison)
    if sentence:
        column.add_text([f"{sentence} {NOT_COUNTED}" if below else sentence], size=round(1.2 * column.size))


def _fill_answer(column: Column, row: Row) -> None:
    """The scan, and what the network says of it; only the network's name where both stand above already."""
    panel = row.panel
    if row.canvas is None:
        column.add_text([panel.title], size=round(1.2 * column.size), bold=True)
        return
    column.add_picture(row.canvas.scan(), "The scan.")
    column.add_text([panel.title, describe_answer(panel)], size=round(1.2 * column.size), bold=True)
    others = [
        f"{title} {probability:.1%}"
        for index, (title, probability) in enumerate(zip(panel.class_titles, panel.probabilities, strict=True))
        if index != panel.predicted
    ]
    column.add_text([", ".join(others)])
    column.add_text([f"Weights {panel.weights_sha256[:12]}"], ink=FAINT)


def _fill_map(column: Column, cell: Cell, drawing: Drawing) -> None:
    """A map with its caption, or why there is none."""
    title, canvas, panel, attribution, scale = cell.title, cell.canvas, cell.panel, cell.attribution, cell.scale
    if attribution is None:
        if cell.error:
            column.add_picture(canvas.empty(), f"{title}: no map.", over=(NO_MAP, cell.error))
            column.add_text([title], bold=True)
        return
    if scale is None:
        column.add_picture(canvas.empty(), f"{title}: withheld.", over=(WITHHELD, attribution.withheld))
    else:
        words = describe_map(attribution.values, panel.box, canvas.native_hw, signed=attribution.signed)
        alt = f"{title}: {words}"
        column.add_picture(canvas.map(attribution.values, panel.box, scale, drawing), alt)
        _title_of_a, other = titles_explained(attribution, panel.class_titles)
        _add_legend(column, scale, positive_only=drawing.positive_only, other=other)
    column.add_text([title], bold=True)
    explained = name_explained(panel, attribution)
    if explained != title:
        column.add_text([explained])
    if scale is not None and canvas.truth is not None:
        column.add_text([canvas.truth.describe_place(attribution.values, panel.box)])
    for badge in badges_of(attribution.checks):
        failed = badge.passed is False
        words = f"{FAILED}{badge.words}. {badge.remedy}" if failed else badge.words
        column.add_text([words.rstrip()], ink=ALARM if failed else FAINT, bold=failed)


def _add_legend(column: Column, scale: Scale, *, positive_only: bool, other: str | None) -> None:
    """The colours that are drawn, and under them what they mean; ≥ where stronger values share the last colour.

    Of a contrastive map what lies below zero speaks for the ``other`` class.
    """
    if scale.limit == 0:
        column.add_text([scale.sentence])
        return
    width, both = column.width, scale.signed and not positive_only
    bar = colour_bar(scale, width=2 * width if scale.signed and positive_only else width, height=column.size)
    least, most = ("", "") if scale.clipped_percentile is None else ("≥ ", "≤ ")
    words: list[tuple[Anchor, str]] = [("end", f"for {least}{scale.limit:.2g}")]
    if both and other is not None:
        words.append(("start", f"for {other}"))
    else:
        words += [("start", f"against {most}−{scale.limit:.2g}"), ("middle", "0")] if both else [("start", "0")]
    column.add_bar(bar[:, -width:], words)


def _write_foot(column: Column, comparison: Comparison, drawing: Drawing, truth: Truth | None, day: date) -> None:
    column.add_text([_describe_drawing(drawing)])
    if truth is not None:
        column.add_text([f"{truth.placed} Evidence for another class need not lie inside."])
    scan = comparison.scan
    height, width = scan.size_hw
    facts = f"{scan.provenance.format}, {width} × {height} px, pixels {scan.sha256[:12]}; {_describe_sides(scan)}"
    column.add_text([f"Scan: {facts}. Lightbox {version_text()}, {day.isoformat()}.", notice.TEXT], ink=FAINT)


def _describe_sides(scan: Scan) -> str:
    """Whose left and right it is, by the letters that radiologists use."""
    if scan.provenance.sides is None:
        return "left and right are the picture's"
    named = zip(("left", "right", "top", "bottom"), scan.provenance.sides, strict=True)
    return f"the patient's sides: {', '.join(f'{edge} {letter}' for edge, letter in named if letter)}"


def _describe_drawing(drawing: Drawing) -> str:
    """How the maps are drawn, in a sentence or two."""
    views = {
        "overlay": f"Maps over the scan, opacity {drawing.opacity:.0%}",
        "map": "Maps alone, without the scan",
        "contours": "Lines at 50 % and 80 % of the last colour's value",
    }
    evidence = "only evidence for the class" if drawing.positive_only else "evidence for and against the class"
    scale = "one colour scale for each method" if drawing.shared_scale else "each map on a colour scale of its own"
    return f"{views[drawing.view]}; {evidence}; {scale}. Colours of different methods cannot be compared."
