// A plain map without tiles: places, stalls and zones on a plane. Everything it shows stands in a table or in fields too.
const box = document.querySelector("[data-zone-map]");
const source = document.getElementById("zone-map-data");
if (box && source) {
  const data = JSON.parse(source.textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const METRES = 111195;
  const field = (name) => document.getElementById(`id_${name}`);

  // Plane coordinates: metres east and north of the middle of what is shown.
  const all = [...data.places, ...data.stalls, ...data.zones, ...(data.own ? [data.own] : [])];
  const wanted = data.focus && data.zones.length ? data.zones : all;
  const known = wanted.length ? wanted : [{ lat: 34, lng: 111 }];
  const lats = known.map((p) => p.lat), lngs = known.map((p) => p.lng);
  const origin = { lat: (Math.min(...lats) + Math.max(...lats)) / 2, lng: (Math.min(...lngs) + Math.max(...lngs)) / 2 };
  const squeeze = Math.cos((origin.lat * Math.PI) / 180);
  const plane = (lat, lng) => ({ x: (lng - origin.lng) * METRES * squeeze, y: -(lat - origin.lat) * METRES });
  const ground = (x, y) => ({ lat: origin.lat - y / METRES, lng: origin.lng + x / (METRES * squeeze) });

  const svg = document.createElementNS(SVG, "svg");
  const layer = svg.appendChild(document.createElementNS(SVG, "g"));
  box.appendChild(svg);
  const scaleBar = box.appendChild(Object.assign(document.createElement("div"), { className: "map-scale" }));

  const spread = Math.max(300, ...known.map((p) => { const q = plane(p.lat, p.lng); return Math.max(Math.abs(q.x), Math.abs(q.y)) + (p.radius || 0) * 1.5; }));
  const view = { x: 0, y: 0, metresPerPixel: 1 };
  const size = () => ({ w: box.clientWidth || 300, h: box.clientHeight || 300 });
  const fit = () => { view.metresPerPixel = (2.3 * spread) / Math.min(size().w, size().h); view.x = 0; view.y = 0; };
  const screen = (p) => ({ x: size().w / 2 + (p.x - view.x) / view.metresPerPixel, y: size().h / 2 + (p.y - view.y) / view.metresPerPixel });
  const fromScreen = (x, y) => ground(view.x + (x - size().w / 2) * view.metresPerPixel, view.y + (y - size().h / 2) * view.metresPerPixel);

  const make = (tag, attributes, text) => {
    const element = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const add = (...parts) => layer.appendChild(make(...parts));

  function drawZone(zone, own) {
    const kind = own ? "zone zone-own" : zone.full ? "zone zone-full" : "zone";
    const centre = screen(plane(zone.lat, zone.lng));
    let shape;
    if (zone.corners.length > 2) {
      const points = zone.corners.map(([lat, lng]) => { const p = screen(plane(lat, lng)); return `${p.x},${p.y}`; }).join(" ");
      shape = make("polygon", { points, class: kind });
    } else {
      shape = make("circle", { cx: centre.x, cy: centre.y, r: Math.max(4, zone.radius / view.metresPerPixel), class: kind });
    }
    if (zone.name) shape.appendChild(make("title", {}, `${zone.name} · ${zone.hours} · ${data.words.taken} ${zone.taken}/${zone.capacity}${zone.full ? ` · ${data.words.full}` : ""}`));
    if (zone.url && !data.drawing) {
      const link = make("a", { href: zone.url });
      link.appendChild(shape);
      layer.appendChild(link);
    } else layer.appendChild(shape);
    if (zone.name && view.metresPerPixel < 12) add("text", { x: centre.x + 6, y: centre.y - 6 }, `${zone.name} ${zone.taken}/${zone.capacity}`);
  }

  const own = { lat: null, lng: null, radius: 100, corners: [] };
  function readFields() {
    own.lat = parseFloat(field("latitude").value); own.lng = parseFloat(field("longitude").value);
    own.radius = parseFloat(field("radius_m").value) || 100;
    own.corners = field("corners").value.split("\n").map((line) => line.split(/[,，\s]+/).filter(Boolean).map(Number)).filter((p) => p.length === 2 && p.every(Number.isFinite));
  }
  function writeFields() {
    const middle = own.corners.length > 2
      ? { lat: own.corners.reduce((s, p) => s + p[0], 0) / own.corners.length, lng: own.corners.reduce((s, p) => s + p[1], 0) / own.corners.length }
      : own;
    if (Number.isFinite(middle.lat)) { field("latitude").value = middle.lat.toFixed(6); field("longitude").value = middle.lng.toFixed(6); }
    field("corners").value = own.corners.map((p) => `${p[0].toFixed(6)}, ${p[1].toFixed(6)}`).join("\n");
  }

  function draw() {
    layer.replaceChildren();
    const near = view.metresPerPixel < 30;
    data.places.forEach((place) => {
      if (!place.town && !near) return;
      const p = screen(plane(place.lat, place.lng));
      add("circle", { cx: p.x, cy: p.y, r: place.town ? 4 : 2, class: "place-dot" });
      add("text", { x: p.x + 6, y: p.y + 4 }, place.name);
    });
    data.stalls.forEach((stall) => {
      const p = screen(plane(stall.lat, stall.lng));
      add("circle", { cx: p.x, cy: p.y, r: near ? 4 : 2, class: "stall-dot" }).appendChild(make("title", {}, `${data.words.stall}：${stall.name}`));
    });
    data.zones.forEach((zone) => drawZone(zone, false));
    if (data.drawing) {
      readFields();
      if (own.corners.length > 2 || Number.isFinite(own.lat)) drawZone({ ...own, lat: Number.isFinite(own.lat) ? own.lat : own.corners[0][0], lng: Number.isFinite(own.lng) ? own.lng : own.corners[0][1] }, true);
      own.corners.forEach(([lat, lng]) => { const p = screen(plane(lat, lng)); add("circle", { cx: p.x, cy: p.y, r: 6, class: "corner" }); });
    }
    const steps = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];
    const length = steps.find((s) => s / view.metresPerPixel > 60) || 20000;
    scaleBar.style.width = `${length / view.metresPerPixel}px`;
    scaleBar.textContent = `${length} ${data.words.metres}`;
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
  svg.addEventListener("pointerup", (event) => {
    const still = held && !held.moved;
    held = null;
    if (!still || !data.drawing) return;
    const frame = box.getBoundingClientRect();
    take(fromScreen(event.clientX - frame.left, event.clientY - frame.top));
  });
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

  let tool = "circle";
  function take(point) {
    readFields();
    if (tool === "polygon") own.corners.push([point.lat, point.lng]);
    else { own.corners = []; own.lat = point.lat; own.lng = point.lng; }
    writeFields();
    draw();
  }
  const tools = document.querySelector("[data-zone-tools]");
  if (tools && data.drawing) {
    tools.hidden = false;
    const mark = () => tools.querySelectorAll("[data-tool=circle],[data-tool=polygon]").forEach((b) => { const on = b.dataset.tool === tool; b.classList.toggle("btn-primary", on); b.setAttribute("aria-pressed", on); });
    tools.addEventListener("click", (event) => {
      const name = event.target.closest("[data-tool]")?.dataset.tool;
      if (name === "circle" || name === "polygon") { tool = name; mark(); }
      if (name === "undo") { readFields(); own.corners.pop(); writeFields(); draw(); }
      if (name === "here" && navigator.geolocation) navigator.geolocation.getCurrentPosition((found) => take({ lat: found.coords.latitude, lng: found.coords.longitude }));
    });
    ["latitude", "longitude", "radius_m", "corners"].forEach((name) => field(name).addEventListener("input", draw));
    mark();
  }

  fit();
  if (data.drawing && data.own) { const p = plane(data.own.lat, data.own.lng); view.x = p.x; view.y = p.y; view.metresPerPixel = 1.5; }
  draw();
  window.addEventListener("resize", draw);
}
