/* A picture pasted anywhere on Compare goes into the uploader, as if it had been dropped there: the same limits, the same
   way, nothing kept here. One that comes before the page is ready waits for it. */
(() => {
  if (window.lightboxPaste) return;
  window.lightboxPaste = true;
  const LOOK_AGAIN = 100, PATIENCE = 30_000, RUNNING_NO_LONGER_THAN = 5_000;
  let waiting = 0;
  const uploader = () => document.querySelector('[class*="st-key-compare-upload-"] input[type="file"]');
  // A page that is being drawn for the first time may still exchange the uploader for another one.
  const isDrawing = () => document.querySelector('[data-test-script-state="running"], [data-test-script-state="initial"]');
  const isCompare = () => !/\/(ground_truth|networks|navigator)\/?$/.test(location.pathname);

  function bring(file, since) {
    const waited = performance.now() - since;
    if (!isCompare() || waited > PATIENCE) return;
    const input = uploader();
    if (!input || input.disabled || (isDrawing() && waited < RUNNING_NO_LONGER_THAN)) {
      waiting = setTimeout(bring, LOOK_AGAIN, file, since);
      return;
    }
    const brought = new DataTransfer();
    brought.items.add(file);
    input.files = brought.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  addEventListener("paste", (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (!file || !isCompare()) return;
    event.preventDefault();
    clearTimeout(waiting);
    bring(file, performance.now());
  });
})();
