"""Every page and view that the browser tests walk through, by its address."""

from lightbox.core import notice

VIEWS = {
    "compare": "/",
    "compare, maps": "/?sample=chest-viral-2&methods=lrp,grad_cam&networks=convnet",
    "ground truth": "/ground_truth",
    **{f"networks, {view}": f"/networks?view={view}" for view in ("results", "own", "embedding", "training", "data")},
    **{f"libraries, {view}": f"/navigator?view={view}" for view in ("table", "list", "matrix", "wizard", "suggest")},
    "libraries, wizard's answer": "/navigator?view=wizard&framework=pytorch",
    "libraries, side by side": "/navigator?view=compare&compared=captum,zennit",
    "libraries, card": "/navigator?library=captum",
}

# No run under way, and nothing left of one, for a second: charts fade in, and a run may follow on another.
QUIET = """() => {
  const busy = "[data-testid=stStatusWidget], [data-testid=stSkeleton], [data-stale=true]";
  const now = performance.now();
  if (document.querySelector(busy)) window.lastBusy = now;
  return now - (window.lastBusy ??= now) > 1000;
}"""
# Between two looks, in ms: a look in each frame, as is usual, keeps the browser drawing frames.
LOOK = 100


def settle(page, name=""):
    """Wait until a view and all of its elements are drawn."""
    page.get_by_text(notice.TEXT).wait_for()
    page.get_by_role("heading").first.wait_for()
    if name == "compare, maps":
        page.wait_for_function(
            "document.querySelectorAll('.js-plotly-plot .hm').length === 2", timeout=120_000, polling=LOOK
        )
    page.wait_for_function(QUIET, timeout=60_000, polling=LOOK)
