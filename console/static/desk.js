// Keyboard on lists: "/" finds, j and k move, Enter opens. A click anywhere on a line opens it too.
(() => {
  const rows = () => [...document.querySelectorAll("tr[data-go]")];
  const typing = (e) => e.target.closest("input, textarea, select, [contenteditable], .q-dialog");
  let at = null; // the chosen line, by its link, so that a refresh does not lose it
  const show = (row) => {
    rows().forEach((each) => each.classList.toggle("at", each === row));
    if (!row) return;
    at = row.dataset.go;
    row.scrollIntoView({ block: "nearest" });
  };
  const chosen = () => rows().find((row) => row.dataset.go === at);
  const step = (by) => {
    const all = rows();
    const index = all.indexOf(chosen());
    show(all[Math.max(0, Math.min(all.length - 1, index < 0 ? 0 : index + by))]);
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    const search = document.querySelector("input.search");
    if (e.target === search) {
      if (e.key === "Escape") search.blur();
      if (e.key === "Enter") { search.blur(); show(rows()[0]); }
      return;
    }
    if (typing(e)) return;
    if (e.key === "/" && search) { e.preventDefault(); search.focus(); search.select(); }
    else if (e.key === "j") step(1);
    else if (e.key === "k") step(-1);
    else if (e.key === "Enter" && chosen() && !e.target.closest("a, button")) location.href = at;
  });
  document.addEventListener("click", (e) => {
    const row = e.target.closest("tr[data-go]");
    if (!row || e.target.closest("a, button") || getSelection().toString()) return;
    location.href = row.dataset.go;
  });
  new MutationObserver(() => { const row = chosen(); if (row && !row.classList.contains("at")) show(row); })
    .observe(document.documentElement, { childList: true, subtree: true });
})();
