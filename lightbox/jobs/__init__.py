"""Computing in worker processes: queue, progress, cancel, isolation, cache. Importing it loads no torch and no Dask."""

from lightbox.jobs.engine import Engine
from lightbox.jobs.engine_of_process import get_engine, make_engine
from lightbox.jobs.job import Job
from lightbox.jobs.request import ExplainRequest, Prediction, PredictRequest, Work
from lightbox.jobs.status import EngineStatus

__all__ = [
    "Engine",
    "EngineStatus",
    "ExplainRequest",
    "Job",
    "PredictRequest",
    "Prediction",
    "Work",
    "get_engine",
    "make_engine",
]
