/* A map is drawn as large as its box. Plotly narrows an axis to keep the film's proportions, and Streamlit may hand it this
   narrowed axis back as if it had been asked for: a box that changes its size while it is drawn first keeps a small
   picture (streamlit/streamlit#17010). Films ask for whole axes, so any other that Plotly starts from is that fault. */
(() => {
  if (window.lightboxWholeFilms) return;
  window.lightboxWholeFilms = true;
  const AGAIN = 400, SETTLED = 150; // milliseconds
  const narrowed = (axis) => axis?._inputDomain && (axis._inputDomain[0] > 0 || axis._inputDomain[1] < 1);
  setInterval(() => {
    for (const chart of document.querySelectorAll('[class*="st-key-film-"] .js-plotly-plot')) {
      const { xaxis, yaxis } = chart._fullLayout ?? {};
      if (!narrowed(xaxis) && !narrowed(yaxis)) continue;
      for (const axis of [xaxis, yaxis]) {
        axis._inputDomain = null;
        axis._input.domain = [0, 1];
      }
      // Streamlit draws it anew where its box is another: one pixel lower, and back.
      const box = chart.closest(".stPlotlyChart");
      box.style.setProperty("height", `${box.clientHeight - 1}px`, "important");
      setTimeout(() => box.style.removeProperty("height"), SETTLED);
    }
  }, AGAIN);
})();
