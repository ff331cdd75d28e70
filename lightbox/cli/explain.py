"""``lightbox explain``: one scan, or every scan of a folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.cli.progress_bar import Bar
from lightbox.comparison.choice import PREDICTED, RUNNER_UP, Choice, check_network_choices
from lightbox.core.errors import UserFacingError
from lightbox.core.file_names import show_name
from lightbox.core.tasks import TASKS
from lightbox.explainers import BASELINES, DEFAULT_BASELINE, METHODS, find_param
from lightbox.networks import NETWORKS, get_card
from lightbox.scan_check.concern import PLURALS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from lightbox.comparison.comparison import Comparison
    from lightbox.comparison.drawing import Drawing
    from lightbox.explainers.base import Param, ParamValue
    from lightbox.imaging.scan import Scan
    from lightbox.jobs.batch import BatchProgress
    from lightbox.networks import Card

NAMES_SHOWN = 3
PICTURES = (".png", ".svg")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``explain`` to the command line."""
    parser = subparsers.add_parser("explain", help="explain a scan, or every scan of a folder")
    parser.add_argument("scan", type=Path, help="PNG, JPEG or single-frame DICOM; or a folder of them, to any depth")
    parser.add_argument("--task", required=True, choices=list(TASKS))
    parser.add_argument("--network", default="convnet", help=f"comma-separated: {', '.join(NETWORKS)}")
    parser.add_argument("--methods", default=",".join(METHODS), help=f"comma-separated: {', '.join(METHODS)}")
    parser.add_argument("--out", required=True, type=Path, help="folder for the files")
    parser.add_argument("--explain", default=PREDICTED, help="class to explain (default: the predicted one)")
    parser.add_argument("--against", default=RUNNER_UP, help="class to contrast with (default: the runner-up)")
    parser.add_argument("--baseline", default=DEFAULT_BASELINE, choices=list(BASELINES))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="METHOD.NAME=VALUE",
        help="a method's parameter, such as lrp.composite=epsilon; may be given again",
    )
    parser.add_argument("--view", default="overlay", choices=("overlay", "map", "contours"))
    parser.add_argument(
        "--picture", type=Path, metavar="FILE", help="all maps in one picture, for slides: a .png or .svg file"
    )
    parser.add_argument("--shard-size", type=int, default=32, help="folder: scans a file of the result (default: 32)")
    parser.set_defaults(handler=_explain)


def _explain(arguments: argparse.Namespace) -> int:
    from lightbox.comparison.drawing import Drawing
    from lightbox.comparison.export import write_folder
    from lightbox.comparison.in_process import compare

    choice = _choice(arguments)
    cards = {key: get_card(arguments.task, NETWORKS[key].key) for key in arguments.network.split(",")}
    check_network_choices(choice, [NETWORKS[key] for key in cards])
    _check_picture(arguments)
    if arguments.scan.is_dir():
        return _explain_folder(arguments, cards, choice)
    scan = _read(arguments.scan, arguments.task)
    if arguments.out.exists() and not arguments.out.is_dir():
        raise _unwritable(arguments.out, "it is a file")
    comparison, drawing = compare(scan, cards, choice), Drawing(view=arguments.view)
    try:
        written = write_folder(comparison, drawing, arguments.out)
    except OSError as error:
        raise _unwritable(arguments.out, error.strerror or str(error)) from error
    if arguments.picture is not None:
        _write_picture(comparison, drawing, arguments.picture)
    _report(comparison)
    sys.stdout.write(f"{len(written)} files in {arguments.out}\n")
    return 1 if any(panel.errors for panel in comparison.panels) else 0


def _unwritable(out: Path, why: str) -> UserFacingError:
    return UserFacingError(
        f"Nothing can be written into {out} ({why}).", "Choose another folder with --out, or make this one writable."
    )


def _check_picture(arguments: argparse.Namespace) -> None:
    """Refuse before anything is computed what could not be written after it."""
    path: Path | None = arguments.picture
    if path is None:
        return
    if arguments.scan.is_dir():
        raise UserFacingError(
            "The picture of `--picture` shows one scan, and this is a folder.", "Give one file, or leave it out."
        )
    if path.suffix.lower() not in PICTURES:
        raise UserFacingError(f"A picture cannot be written as {path.name}.", "Give a name that ends in .png or .svg.")


def _write_picture(comparison: Comparison, drawing: Drawing, path: Path) -> None:
    from lightbox.comparison.picture import draw_picture

    sheet = draw_picture(comparison, drawing)
    content = sheet.to_svg() if path.suffix.lower() == ".svg" else sheet.to_png()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UserFacingError(
            f"{path} cannot be written ({error.strerror or error}).", "Give another place with --picture."
        ) from error


def _choice(arguments: argparse.Namespace) -> Choice:
    return Choice(
        methods=tuple(METHODS[key].key for key in arguments.methods.split(",")),
        explain=arguments.explain,
        against=arguments.against,
        shared={"baseline": arguments.baseline, "seed": arguments.seed},
        own=parse_params(arguments.param),
    )


def _explain_folder(arguments: argparse.Namespace, cards: Mapping[str, Card], choice: Choice) -> int:
    """Every scan of a folder on the job engine, one sub-folder a network; resumes where it was stopped."""
    from lightbox.jobs import get_engine
    from lightbox.jobs.batch import explain_folder
    from lightbox.jobs.batch_findings import count_concerns, count_errors, count_unchecked, read_left_out

    if (choice.explain, choice.against) != (PREDICTED, RUNNER_UP):
        raise UserFacingError(
            "A folder is explained for the class that the network predicts for each scan.",
            "Leave out --explain and --against, or explain the scans one at a time.",
        )
    if arguments.shard_size < 1:
        raise UserFacingError(
            f"Files of {arguments.shard_size} scans cannot be written.", "Give --shard-size a number from 1."
        )
    errors = 0
    for network in cards:
        out = arguments.out / network
        count = explain_folder(
            arguments.scan,
            out,
            task=arguments.task,
            network=network,
            methods=list(choice.methods),
            params={method: choice.params(method, NETWORKS[network]) for method in choice.methods},
            engine=get_engine,
            shard_size=arguments.shard_size,
            on_progress=_drawn(Bar("scans")),
        )
        missing = count_errors(out)
        remark = f"; rows of the table without a map (column error says why): {missing}" if missing else ""
        doubted = count_concerns(out)
        kind = PLURALS.get(arguments.task, "scans")
        remark += f"; {doubted} of them may be no upright {kind} (column concern says why)" if doubted else ""
        unchecked = count_unchecked(out)
        remark += f"; {unchecked} were explained by an earlier version, which did not check that" if unchecked else ""
        sys.stdout.write(f"{count} scans in {out}{remark}\n{_left_out(read_left_out(out))}")
        errors += missing
    return 1 if errors else 0


def _left_out(reasons: Mapping[str, str]) -> str:
    """How many files are no scans, the first few by name, and where all of them are listed."""
    if not reasons:
        return ""
    names = ", ".join(map(show_name, list(reasons)[:NAMES_SHOWN])) + (", ..." if len(reasons) > NAMES_SHOWN else "")
    files = "1 file was" if len(reasons) == 1 else f"{len(reasons)} files were"
    return f"{files} left out ({names}); left_out.csv says why\n"


def _drawn(bar: Bar) -> Callable[[BatchProgress], None]:
    return lambda progress: bar(progress.done, progress.images)


def _read(path: Path, task: str) -> Scan:
    from lightbox.imaging.decode import decode

    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserFacingError(
            f"{path} cannot be read ({error.strerror}).", "Give the path of a PNG, JPEG or DICOM file."
        ) from error
    return decode(content, task)


def parse_params(texts: list[str]) -> dict[str, dict[str, ParamValue]]:
    """``["lrp.composite=epsilon"]`` to ``{"lrp": {"composite": "epsilon"}}``, each value of its parameter's type."""
    own: dict[str, dict[str, ParamValue]] = {}
    for text in texts:
        place, _, value = text.partition("=")
        method, _, name = place.partition(".")
        own.setdefault(method, {})[name] = _convert(find_param(METHODS[method], name), value)
    return own


def _convert(row: Param, text: str) -> ParamValue:
    try:
        if isinstance(row.default, bool):
            return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
        return type(row.default)(text)
    except (ValueError, KeyError):
        kind = "true or false" if isinstance(row.default, bool) else "a number"
        raise UserFacingError(f"{row.name}={text} is not understood.", f"Give {kind}.") from None


def _report(comparison: Comparison) -> None:
    """What may be wrong with the scan, the prediction, then one line a map."""
    if comparison.concern is not None:
        sys.stdout.write(f"CONCERN: {comparison.concern}\n")
    for panel in comparison.panels:
        probability = max(panel.probabilities)
        sys.stdout.write(f"{panel.title}: {panel.class_titles[panel.predicted]} ({probability:.1%})\n")
        for method, attribution in panel.attributions.items():
            verdict = "withheld" if attribution.withheld else "check failed" if attribution.failed else "ok"
            figures = "  ".join(f"{check.key} {check.value:.4g}" for check in attribution.checks)
            sys.stdout.write(f"  {method:22} {attribution.seconds:6.2f} s  {verdict:12}  {figures}\n")
        for method, sentence in panel.errors.items():
            sys.stdout.write(f"  {method:22} {sentence}\n")
