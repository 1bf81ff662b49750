// Keys for the matching screen; every act works without them.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea")) return;
  // A letter only moves the focus: nothing is decided before Enter.
  document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)?.focus();
});
