// Small manners of every page. No page depends on this file to be usable.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  const question = event.submitter?.dataset.ask;
  if (question && !window.confirm(question)) { event.preventDefault(); return; }
  // A second press must not send twice.
  setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((b) => { b.disabled = true; }), 0);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form button:disabled").forEach((b) => { b.disabled = false; }));
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
// On a phone the list comes first; its filters open on a touch, or stand open when they are in use.
if (window.matchMedia("(max-width: 767px)").matches && !window.location.search) {
  document.querySelectorAll(".filter-fold").forEach((fold) => { fold.open = false; });
}
