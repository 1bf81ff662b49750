// Parcels by class on a plane without tiles. Pattern and letter say the class too; everything shown stands in a table.
const box = document.querySelector("[data-land-map]");
const source = document.getElementById("land-map-data");
if (box && source) {
  const data = JSON.parse(source.textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const METRES = 111195;
  const LETTERS = { priority: "优", safe_use: "安", strict: "严", none: "" };

  const known = data.parcels.length ? data.parcels : data.places.length ? data.places : [{ lat: 34, lng: 111 }];
  const lats = known.map((p) => p.lat), lngs = known.map((p) => p.lng);
  const origin = { lat: (Math.min(...lats) + Math.max(...lats)) / 2, lng: (Math.min(...lngs) + Math.max(...lngs)) / 2 };
  const squeeze = Math.cos((origin.lat * Math.PI) / 180);
  const plane = (lat, lng) => ({ x: (lng - origin.lng) * METRES * squeeze, y: -(lat - origin.lat) * METRES });

  const make = (tag, attributes, text) => {
    const element = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const svg = make("svg", {});
  const defs = svg.appendChild(make("defs", {}));
  const pattern = (id, fill, lines) => {
    const found = defs.appendChild(make("pattern", { id, width: 7, height: 7, patternUnits: "userSpaceOnUse" }));
    found.appendChild(make("rect", { width: 7, height: 7, fill }));
    lines.forEach((d) => found.appendChild(make("path", { d, stroke: "#3b2a00", "stroke-width": 1 })));
  };
  pattern("land-safe_use", "#f3d27a", ["M-1,8 L8,-1"]);
  pattern("land-strict", "#e08a80", ["M-1,8 L8,-1", "M-1,-1 L8,8"]);
  ["safe_use", "strict"].forEach((cls) => document.querySelectorAll(`.origin-legend .parcel-${cls}`).forEach((one) => { one.style.fill = `url(#land-${cls})`; }));
  const layer = svg.appendChild(make("g", {}));
  box.appendChild(svg);
  const scaleBar = box.appendChild(Object.assign(document.createElement("div"), { className: "map-scale" }));

  const parcels = data.parcels.map((p) => {
    const coordinates = !p.geometry || p.geometry.type === "Point" ? [] : p.geometry.type === "Polygon" ? [p.geometry.coordinates] : p.geometry.coordinates;
    return { ...p, at: plane(p.lat, p.lng), rings: coordinates.flat().map((ring) => ring.map(([lng, lat]) => plane(lat, lng))) };
  });
  const spread = Math.max(300, ...known.map((p) => { const q = plane(p.lat, p.lng); return Math.max(Math.abs(q.x), Math.abs(q.y)); }));
  const view = { x: 0, y: 0, metresPerPixel: 1 };
  const size = () => ({ w: box.clientWidth || 300, h: box.clientHeight || 300 });
  const fit = () => { view.metresPerPixel = (2.3 * spread) / Math.min(size().w, size().h); view.x = 0; view.y = 0; };
  const screen = (p) => ({ x: size().w / 2 + (p.x - view.x) / view.metresPerPixel, y: size().h / 2 + (p.y - view.y) / view.metresPerPixel });

  function drawParcel(parcel) {
    const centre = screen(parcel.at);
    const { w, h } = size();
    if (centre.x < -80 || centre.y < -80 || centre.x > w + 80 || centre.y > h + 80) return;
    const near = view.metresPerPixel < 12 && parcel.rings.length;
    const shape = near
      ? make("path", { d: parcel.rings.map((ring) => "M" + ring.map((p) => { const q = screen(p); return `${q.x.toFixed(1)},${q.y.toFixed(1)}`; }).join("L") + "Z").join(""), "fill-rule": "evenodd", class: `parcel-${parcel.cls}` })
      : make("circle", { cx: centre.x, cy: centre.y, r: parcel.cls === "priority" || parcel.cls === "none" ? 3 : 6, class: `parcel parcel-${parcel.cls}` });
    if (near && (parcel.cls === "safe_use" || parcel.cls === "strict")) shape.style.fill = `url(#land-${parcel.cls})`;
    shape.appendChild(make("title", {}, `${parcel.name} · ${parcel.word} · ${parcel.crop} · ${parcel.mu} ${data.words.mu}`));
    const link = make("a", { href: parcel.url, "aria-label": `${parcel.name} ${parcel.word}` });
    link.appendChild(shape);
    layer.appendChild(link);
    const polluted = parcel.cls === "safe_use" || parcel.cls === "strict";
    if (LETTERS[parcel.cls] && view.metresPerPixel < (polluted ? 40 : 8)) layer.appendChild(make("text", { x: centre.x - 6, y: centre.y + 4, "pointer-events": "none" }, LETTERS[parcel.cls]));
  }

  function draw() {
    layer.replaceChildren();
    // The grave ones last, so that nothing covers them.
    ["none", "priority", "safe_use", "strict"].forEach((cls) => parcels.filter((p) => p.cls === cls).forEach(drawParcel));
    data.places.forEach((place) => {
      const p = screen(plane(place.lat, place.lng));
      layer.appendChild(make("circle", { cx: p.x, cy: p.y, r: 3, class: "place-dot" }));
      layer.appendChild(make("text", { x: p.x + 6, y: p.y - 5 }, place.name));
    });
    const steps = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];
    const length = steps.find((s) => s / view.metresPerPixel > 60) || 20000;
    scaleBar.style.width = `${length / view.metresPerPixel}px`;
    scaleBar.textContent = length < 1000 ? `${length} ${data.words.metres}` : `${length / 1000} ${data.words.kilometres}`;
  }

  function zoom(factor, at) {
    const { w, h } = size();
    const point = at || { x: w / 2, y: h / 2 };
    const next = Math.min(500, Math.max(0.2, view.metresPerPixel * factor));
    view.x += (point.x - w / 2) * (view.metresPerPixel - next);
    view.y += (point.y - h / 2) * (view.metresPerPixel - next);
    view.metresPerPixel = next;
    draw();
  }

  const buttons = box.appendChild(Object.assign(document.createElement("div"), { className: "map-buttons" }));
  [["+", 0.5], ["−", 2], ["⌂", 0]].forEach(([label, factor]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: label });
    button.addEventListener("click", (event) => { event.stopPropagation(); if (factor) zoom(factor); else { fit(); draw(); } });
    buttons.appendChild(button);
  });

  let held = null;
  svg.addEventListener("pointerdown", (event) => { held = { x: event.clientX, y: event.clientY, moved: false }; if (!event.target.closest("a")) svg.setPointerCapture(event.pointerId); });
  svg.addEventListener("pointermove", (event) => {
    if (!held) return;
    const dx = event.clientX - held.x, dy = event.clientY - held.y;
    if (!held.moved && Math.hypot(dx, dy) < 6) return;
    held = { x: event.clientX, y: event.clientY, moved: true };
    view.x -= dx * view.metresPerPixel; view.y -= dy * view.metresPerPixel;
    draw();
  });
  svg.addEventListener("pointerup", () => { held = null; });
  box.addEventListener("wheel", (event) => {
    event.preventDefault();
    const frame = box.getBoundingClientRect();
    zoom(event.deltaY > 0 ? 1.3 : 1 / 1.3, { x: event.clientX - frame.left, y: event.clientY - frame.top });
  }, { passive: false });
  box.addEventListener("keydown", (event) => {
    const step = 60 * view.metresPerPixel;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (moves[event.key]) { event.preventDefault(); view.x += moves[event.key][0]; view.y += moves[event.key][1]; draw(); }
    if (event.key === "+" || event.key === "=") zoom(0.7);
    if (event.key === "-") zoom(1.4);
  });

  fit();
  draw();
  window.addEventListener("resize", draw);
}
