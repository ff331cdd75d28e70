"""`lightbox evaluate`: how well maps point at pathology that was placed, and what networks say of the samples."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lightbox.cli.progress_bar import Bar
from lightbox.core import settings
from lightbox.core.tasks import TASKS
from lightbox.explainers import METHODS
from lightbox.ground_truth.scores import SIZE
from lightbox.networks import NETWORKS, find_checkpoint, get_card
from lightbox.phantoms.seeds import TABLE

if TYPE_CHECKING:
    import argparse

    from lightbox.ground_truth.localisation_table import Table
    from lightbox.ground_truth.sample_answers import SampleAnswer


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``evaluate`` and its actions."""
    parser = subparsers.add_parser("evaluate", help="measure explanations where the truth is known")
    actions = parser.add_subparsers(dest="action", required=True)
    localisation = actions.add_parser("localisation", help="score maps of synthetic scans against their masks")
    localisation.add_argument("--task", required=True, choices=list(TASKS))
    localisation.add_argument("--network", default="convnet", help=f"comma-separated: {', '.join(NETWORKS)}")
    localisation.add_argument("--methods", default=",".join(METHODS), help=f"comma-separated: {', '.join(METHODS)}")
    localisation.add_argument("--count", type=int, default=100, help="synthetic scans a class (default 100)")
    localisation.add_argument("--count-slow", type=int, help="of these, for the slower methods (default: all of them)")
    localisation.add_argument("--seed", type=int, default=TABLE.start, help=f"the first seed (default {TABLE.start})")
    localisation.add_argument("--size", type=int, default=SIZE, help=f"side in pixels (default {SIZE})")
    localisation.add_argument(
        "--param", action="append", default=[], metavar="METHOD.NAME=VALUE", help="such as lime.samples=512"
    )
    localisation.add_argument(
        "--out",
        required=True,
        type=Path,
        help="CSV file, mean maps go beside it; other networks' rows are kept, and other methods' of the same scans",
    )
    localisation.add_argument(
        "--work",
        type=Path,
        default=Path("runs") / "localisation",
        help="folder of the finished scans, which a stopped measurement goes on from (default runs/localisation)",
    )
    localisation.set_defaults(handler=run_localisation)
    robustness = actions.add_parser(
        "robustness", help="ask networks about test scans that are turned, blurred, noisy ..."
    )
    robustness.add_argument("--task", required=True, choices=list(TASKS))
    robustness.add_argument("--network", default="convnet", help=f"comma-separated: {', '.join(NETWORKS)}")
    robustness.add_argument("--data", required=True, type=Path, help="the images that the networks were trained on")
    robustness.add_argument("--count", type=int, default=240, help="test scans at most (default 240)")
    robustness.set_defaults(handler=run_robustness)
    samples = actions.add_parser("samples", help="ask every network about the shipped samples, for the gallery's order")
    samples.add_argument("--all", action="store_true", help="ask also networks whose weights have answered already")
    samples.add_argument("--out", type=Path, help="folder to write to (default: the samples folder)")
    samples.set_defaults(handler=run_samples)


def run_localisation(arguments: argparse.Namespace) -> int:
    """Measure and write; 0 when all is written.

    Raises:
        UserFacingError: an argument is wrong, the table there cannot be read or written, or a scan could not be made
            or explained.
    """
    from lightbox.cli.explain import parse_params
    from lightbox.ground_truth.evaluation import measure
    from lightbox.ground_truth.localisation_table import check_target, read_table, write_table
    from lightbox.ground_truth.localisation_update import replace_network
    from lightbox.ground_truth.score_files import ScoreFiles
    from lightbox.jobs import get_engine

    # All that can be wrong is found before the measurement, which takes hours.
    check_target(arguments.out)
    read_table(arguments.out)
    kept = ScoreFiles(arguments.work)
    methods = [METHODS[key].key for key in arguments.methods.split(",")]
    params = parse_params(arguments.param)
    cards = [get_card(arguments.task, NETWORKS[network].key) for network in arguments.network.split(",")]
    for card in cards:
        measured = measure(
            card,
            methods,
            engine=get_engine,
            count=arguments.count,
            seed=arguments.seed,
            size=arguments.size,
            count_slow=arguments.count_slow,
            params=params,
            kept=kept,
            on_progress=Bar("scans"),
        )
        written = write_table(replace_network(read_table(arguments.out), measured, methods), arguments.out)
        _report(measured)
        sys.stdout.write(f"{', '.join(path.name for path in written)} in {arguments.out.parent}\n")
    return 0


def run_robustness(arguments: argparse.Namespace) -> int:
    """Measure and write beside each checkpoint; 0 when all is written.

    Raises:
        UserFacingError: a network has no checkpoint, or the data cannot be used.
    """
    from lightbox.metrics.robustness import ROBUSTNESS_NAME, write_robustness
    from lightbox.training.robustness.measure import measure

    for network in arguments.network.split(","):
        card = get_card(arguments.task, NETWORKS[network].key)
        found = measure(card, arguments.data, scans=arguments.count, on_step=Bar("answers"))
        write_robustness(found, card.folder / ROBUSTNESS_NAME)
        sys.stdout.write(f"{card.task}/{card.network}, {found.scans} scans\n")
        for row in found.rows:
            share, (low, high) = found.accuracy(row)
            sys.stdout.write(
                f"  {row.alteration:10} {row.strength:6g}  {100 * share:5.1f} % ({100 * low:.1f} to {100 * high:.1f})\n"
            )
    return 0


def run_samples(arguments: argparse.Namespace) -> int:
    """Ask and write; 0 when all is written.

    Raises:
        UserFacingError: a sample or a checkpoint cannot be read.
    """
    from lightbox.ground_truth.sample_answers import measure, read_answers, write_answers
    from lightbox.imaging.samples import list_samples

    cards = [card for task in TASKS for key in NETWORKS if (card := find_checkpoint(task, key)) is not None]
    known = None if arguments.all else read_answers()
    answers = measure(list_samples(), cards, known=known, on_answer=_report_answer)
    path = write_answers(answers, arguments.out or settings.get_path("SAMPLES_DIR"))
    sys.stdout.write(f"{path.name} in {path.parent}\n")
    return 0


def _report_answer(answer: SampleAnswer) -> None:
    maps = ", ".join(f"{method} {share:.2f}" for method, share in answer.mass.items())
    sys.stdout.write(
        f"{answer.network:9} {answer.sample:22} {'right' if answer.right else f'calls it {answer.called}'}"
        f"  area {answer.area:.3f}  {maps}\n"
    )


def _report(table: Table) -> None:
    for accuracy in table.accuracies:
        sys.stdout.write(f"{accuracy.network} calls {accuracy.right} of {accuracy.count} {accuracy.label} right\n")
    for row in table.rows:
        if row.label == "all":
            sys.stdout.write(
                f"  {row.method:22} {row.subset:6} n {row.count:4}  pointing {row.pointing:.3f}  mass {row.mass:.3f}  "
                f"rank {row.rank:.3f}  area {row.area:.3f}  {row.seconds:.2f} s\n"
            )
