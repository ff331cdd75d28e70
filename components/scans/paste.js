/* A picture pasted anywhere on Compare goes into the uploader, as if it had been dropped there: the same limits, the same
   way, nothing kept here. */
(() => {
  if (window.lightboxPaste) return;
  window.lightboxPaste = true;
  addEventListener("paste", (event) => {
    const input = document.querySelector('[class*="st-key-compare-upload-"] input[type="file"]');
    const [file] = event.clipboardData?.files ?? [];
    if (!input || input.disabled || !file) return;
    event.preventDefault();
    const brought = new DataTransfer();
    brought.items.add(file);
    input.files = brought.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
