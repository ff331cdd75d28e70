/* What Back and Forward go through. Streamlit makes an entry of every change of the address; a person takes for a step
   only what brings another place: another page, scan, section or card. The rest changes the entry that is there. */
(() => {
  if (window.lightboxHistory) return;
  window.lightboxHistory = true;
  // By the last part of a page's address, the settings that make a place; "*" is all of them.
  const places = PLACES;
  const push = history.pushState.bind(history);
  const acts = ["pointerdown", "keydown", "drop"];
  let acted = acts.some((kind) => performance.eventCounts?.get(kind) ?? true);
  // A quick server's first answer comes before this script: the page that opened has an entry more than it should.
  const under = window.navigation?.entries()[navigation.currentEntry.index - 1];
  if (!acted && under?.sameDocument && performance.getEntriesByType("navigation")[0]?.type === "navigate") {
    const address = location.href;
    addEventListener("popstate", (event) => {
      event.stopImmediatePropagation();  // Streamlit would run the page for this step
      history.replaceState(null, "", address);
    }, { capture: true, once: true });
    history.back();
  }
  for (const kind of acts) {
    addEventListener(kind, () => { acted = true; }, { capture: true });
  }
  const where = (address) => {
    const names = places[address.pathname.split("/").pop()] ?? [];
    const all = [...address.searchParams].sort();
    const kept = names.includes("*") ? all : all.filter(([name]) => names.includes(name));
    return address.pathname + "?" + new URLSearchParams(kept);
  };
  history.pushState = (state, title, url) => {
    const target = new URL(url ?? "", location.href);
    const samePage = target.pathname === location.pathname;
    // Nobody did anything since the last entry: a page that was just opened puts its settings into its address.
    const enters = samePage ? acted && where(target) !== where(new URL(location.href)) : true;
    if (enters) {
      acted = false;
      push(state, title, url);
    } else history.replaceState(state, title, url);
  };
})();
