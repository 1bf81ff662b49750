// Review of a plan: each field is saved when it is left, and shows its place in the original text.
(() => {
  const root = document.querySelector(".review");
  if (!root) return;
  const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "{}");
  const places = read("source-places"), lengths = read("source-lengths");
  const pane = document.getElementById("source-text");
  // Offsets count characters; strings here count UTF-16 units.
  const letters = pane ? Array.from(pane.textContent) : [];

  const nearest = (pointer) => {
    for (let p = pointer; p; p = p.slice(0, p.lastIndexOf("/"))) if (p in places) return p;
    return Object.keys(places).find((p) => p.startsWith(pointer + "/"));
  };

  const show = (pointer) => {
    const key = pointer && nearest(pointer);
    if (!pane || !key) return;
    const from = places[key], to = from + lengths[key];
    const mark = document.createElement("mark");
    mark.textContent = letters.slice(from, to).join("");
    pane.replaceChildren(letters.slice(0, from).join(""), mark, letters.slice(to).join(""));
    pane.scrollTop = mark.offsetTop - pane.offsetTop - pane.clientHeight / 3;
  };

  root.addEventListener("focusin", (event) => show(event.target.dataset?.pointer));

  root.addEventListener("change", (event) => {
    const field = event.target.dataset?.field;
    if (!field || !window.htmx) return;
    const value = event.target.type === "checkbox" ? String(event.target.checked) : event.target.value;
    htmx.ajax("POST", root.dataset.fieldUrl, {
      target: "#state-" + field.replaceAll(".", "-"), swap: "innerHTML", values: { field, value },
    });
  });
})();
