"""Askers without a browser: threads that each own jobs of one engine, or that share one network as nobody should."""

from __future__ import annotations

import random
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from benchmarks.soaking.deck import Question, Verdict, cards_of, choose, read_scan
from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from lightbox.explainers import Attribution
    from lightbox.jobs import Engine
    from lightbox.networks import Network

    Answer = Callable[[Question, str], NDArray[np.float32]]

SWITCH_SECONDS = 1e-4


def ask_for(
    seconds: float, owners: int, references: Mapping[Question, NDArray[np.float32]], answer: Answer, *, seed: int = 0
) -> Verdict:
    """Threads that ask random questions of the deck for a while."""
    verdict, lock = Verdict(), threading.Lock()
    until = time.monotonic() + seconds
    questions = sorted(references, key=str)

    def ask(owner: str) -> None:
        drawn = random.Random(f"{seed}/{owner}")
        while time.monotonic() < until:
            question = drawn.choice(questions)
            try:
                values = answer(question, owner)
            except (
                UserFacingError,
                RuntimeError,
                ValueError,
                IndexError,
                KeyError,
                TypeError,
                AttributeError,
            ) as error:
                with lock:
                    verdict.errors.append(f"{question}: {error}")
                continue
            with lock:
                verdict.judge(values, references[question])

    threads = [threading.Thread(target=ask, args=(f"owner-{number}",)) for number in range(owners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return verdict


def answer_by_engine(engine: Engine) -> Answer:
    """Asks the engine for the prediction and then for the map, as the page does."""
    from lightbox import jobs
    from lightbox.comparison.ask import ask_maps
    from lightbox.imaging.views import Views

    scans: dict[str, Views] = {}

    def finish(job: jobs.Job, owner: str) -> Any:
        job.wait()
        engine.release(job, owner)
        if job.error is not None:
            raise job.error
        return job.result

    def answer(question: Question, owner: str) -> NDArray[np.float32]:
        views = scans.setdefault(question.sample, Views(read_scan(question.sample)))
        card = cards_of(views.scan.modality)[question.network]
        asked = engine.submit(jobs.PredictRequest(card, views.prepared(card.preprocessing)), owner)
        predictions = {question.network: finish(asked, owner)}
        grid = ask_maps(
            engine, owner, views, {question.network: card}, predictions=predictions, choice=choose(question.method)
        )
        attribution: Attribution = finish(grid[question.network][question.method], owner)
        return attribution.values

    return answer


class SharedNetworks:
    """One copy of each network for all threads of this process: what the engine is there to prevent."""

    def __init__(self) -> None:
        from lightbox.explainers import warm_up

        warm_up()
        self.networks: dict[tuple[str, str], Network] = {}
        self._lock = threading.Lock()
        # Threads meet in the middle of a method as often in seconds as they otherwise would in hours.
        sys.setswitchinterval(SWITCH_SECONDS)

    def answer(self, question: Question, _owner: str) -> NDArray[np.float32]:
        """The map, on the shared network, at the same time as others."""
        from lightbox.explainers import Target, run
        from lightbox.imaging.preprocess import prepare

        scan = read_scan(question.sample)
        network = self._network(scan.modality, question.network)
        x = network.to_input(prepare(scan.pixels, network.preprocessing).pixels)
        choice = choose(question.method)
        logits = network.logits(x)[0].tolist()
        target: Target = choice.target(question.method, network.classes, logits)
        params = choice.params(question.method, NETWORKS[question.network])
        return run(question.method, network, x, target, progress=None, **params).values

    def _network(self, task: str, key: str) -> Network:
        from lightbox.networks import load_checkpoint

        with self._lock:
            if (task, key) not in self.networks:
                self.networks[task, key] = load_checkpoint(cards_of(task)[key])
            return self.networks[task, key]
