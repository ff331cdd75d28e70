/* A sample opens at the top of the page: its answer and the maps stand above the gallery that it was picked from. */
(() => {
  if (window.lightboxGallery) return;
  window.lightboxGallery = true;
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('[class*="st-key-sample-"] button')) return;
    document.querySelector("[data-testid=stMain]")?.scrollTo({ top: 0 });
  }, { capture: true });
})();
