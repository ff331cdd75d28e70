import pytest

from components.shell.address import Field, parse

METHODS = Field("methods", "many", ["lrp"], ["lrp", "lime"])
BASELINE = Field("baseline", "one", "black", ["black", "white"])
SEED = Field("seed", "number", 0, low=0, high=10)
OPACITY = Field("opacity", "number", 0.8, low=0.1, high=1.0)
FLAG = Field("network_view", "flag", default=False)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (METHODS, "lime,lrp", ["lime", "lrp"]),
        (METHODS, "lime,lime", ["lime"]),
        (METHODS, "", []),
        (BASELINE, "white", "white"),
        (SEED, "7", 7),
        (OPACITY, "0.5", 0.5),
        (FLAG, "1", True),
        (FLAG, "0", False),
    ],
)
def test_what_the_page_writes_it_reads_back(field, text, value):
    parsed = parse(field, text)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (METHODS, "lrp,../../etc"),
        (METHODS, "lrp;lime"),
        (BASELINE, "BLACK"),
        (BASELINE, ""),
        (BASELINE, "<script>"),
        (BASELINE, "x" * 100_000),
        (SEED, "1.5"),
        (SEED, "11"),
        (SEED, "nan"),
        (SEED, "inf"),
        (SEED, "1e400"),
        (OPACITY, "-1"),
        (OPACITY, "viel"),
        (OPACITY, "٣.٥x"),
        (FLAG, "true"),
        (FLAG, ""),
    ],
)
def test_nonsense_is_no_value(field, text):
    assert parse(field, text) is None
