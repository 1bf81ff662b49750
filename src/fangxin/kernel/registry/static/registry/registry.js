// Keys for the matching screen and the print button; every act works without them.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea")) return;
  // A letter only moves the focus: nothing is decided before Enter.
  document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)?.focus();
});
