"use strict";
// Zoom, drag, find and fold on a drawing that the server made; without this file the whole drawing is still there.
(() => {
  const svg = document.querySelector("svg[data-zoom]");
  if (!svg) return;
  if (!svg.classList.contains("supply-map")) svg.setAttribute("preserveAspectRatio", "xMinYMin meet");
  const whole = { x: 0, y: 0, w: Number(svg.dataset.width), h: Number(svg.dataset.height) };
  const view = { ...whole };
  const card = svg.closest(".supply-picture");
  const show = () => svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
  const aspect = () => (svg.clientHeight || 540) / (svg.clientWidth || 1000);

  function zoom(factor, at) {
    const centre = at || { x: view.x + view.w / 2, y: view.y + view.h / 2 };
    const w = Math.min(Math.max(view.w * factor, 240), Math.max(whole.w, whole.h / aspect()) * 1.2);
    const scale = w / view.w;
    view.x = centre.x - (centre.x - view.x) * scale;
    view.y = centre.y - (centre.y - view.y) * scale;
    view.w = w;
    view.h *= scale;
    show();
  }
  // The whole, but never larger than it was drawn.
  const all = () => {
    view.w = Math.max(whole.w, svg.clientWidth || 0);
    view.h = Math.max(whole.h, view.w * aspect());
    view.x = 0;
    view.y = 0;
    show();
  };
  // Opened at a size that can be read, with the asked lot in the middle.
  function begin() {
    const start = svg.querySelector(".supply-lot.is-start rect");
    const readable = svg.clientWidth || 1000;
    if (svg.classList.contains("supply-map")) return;
    if (!start || whole.w <= readable * 1.15 && whole.h <= readable * aspect() * 1.15) return all();
    view.w = Math.min(whole.w, readable);
    view.h = view.w * aspect();
    view.x = Math.max(0, Math.min(whole.w - view.w, Number(start.getAttribute("x")) - view.w / 2));
    view.y = Math.max(0, Math.min(Math.max(0, whole.h - view.h), Number(start.getAttribute("y")) - view.h / 2));
    show();
  }
  const pointAt = (event) => {
    const box = svg.getBoundingClientRect();
    return { x: view.x + ((event.clientX - box.left) / box.width) * view.w, y: view.y + ((event.clientY - box.top) / box.height) * view.h };
  };
  card.querySelector("[data-zoom-in]")?.addEventListener("click", () => zoom(0.7));
  card.querySelector("[data-zoom-out]")?.addEventListener("click", () => zoom(1.4));
  card.querySelector("[data-zoom-all]")?.addEventListener("click", all);
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;  // the page scrolls, unless somebody asks to zoom
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 0.87, pointAt(event));
  }, { passive: false });

  let held = null, moved = false;
  svg.addEventListener("pointerdown", (event) => { held = { x: event.clientX, y: event.clientY }; moved = false; });
  window.addEventListener("pointerup", () => { held = null; });
  svg.addEventListener("pointermove", (event) => {
    if (!held) return;
    const box = svg.getBoundingClientRect();
    const dx = event.clientX - held.x, dy = event.clientY - held.y;
    if (Math.abs(dx) + Math.abs(dy) > 4) moved = true;
    view.x -= (dx / box.width) * view.w;
    view.y -= (dy / box.height) * view.h;
    held = { x: event.clientX, y: event.clientY };
    show();
  });
  svg.addEventListener("click", (event) => { if (moved) event.preventDefault(); }, true);

  const bands = [...svg.querySelectorAll(".supply-band[data-from]")];
  svg.querySelectorAll(".supply-lot[data-lot]").forEach((lot) => {
    const light = (on) => bands.forEach((band) => {
      if (band.dataset.from === lot.dataset.lot || band.dataset.to === lot.dataset.lot) band.classList.toggle("is-lit", on);
    });
    ["pointerenter", "focus"].forEach((name) => lot.addEventListener(name, () => light(true)));
    ["pointerleave", "blur"].forEach((name) => lot.addEventListener(name, () => light(false)));
  });

  card.querySelector("[data-find]")?.addEventListener("input", (event) => {
    const text = event.target.value.trim();
    svg.classList.toggle("is-filtered", text !== "");
    svg.querySelectorAll(".supply-lot[data-text]").forEach((lot) => lot.classList.toggle("is-found", text !== "" && lot.dataset.text.includes(text)));
  });

  svg.querySelectorAll("[data-fold]").forEach((label) => {
    const name = label.querySelector("title").textContent;
    const fold = () => {
      const folded = label.classList.toggle("is-folded");
      const gone = new Set();
      svg.querySelectorAll(".supply-lot[data-text]").forEach((lot) => {
        if (lot.dataset.text.endsWith(` ${name}`)) { lot.classList.toggle("supply-hidden", folded); gone.add(lot.dataset.lot); }
      });
      bands.forEach((band) => { if (gone.has(band.dataset.from) || gone.has(band.dataset.to)) band.classList.toggle("supply-hidden", folded); });
    };
    label.addEventListener("click", () => { if (!moved) fold(); });
    label.addEventListener("keydown", (event) => { if (event.key === "Enter") fold(); });
  });
  begin();
})();
