// The checklist on the spot. Without this file every answer is still sent and saved, by a reload.
const list = document.getElementById("checklist");

// Said beside what was pressed: an answer or a picture.
const tell = (form, text) => {
  const line = form.querySelector("[data-item-error]") ?? form.parentElement.querySelector("[data-item-error]");
  if (line) line.textContent = text;
};

// Nothing may look saved that is not.
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  list.addEventListener(name, (event) => tell(event.target, list.dataset.offline));
}
list.addEventListener("htmx:responseError", (event) => {
  const gone = [403, 404].includes(event.detail.xhr.status);
  tell(event.target, gone ? list.dataset.moved : list.dataset.failed);
});

// A picture is sent as soon as it is taken, with the place if the device tells it.
let place = null;
const ask = () => {
  navigator.geolocation?.getCurrentPosition(
    (found) => { place = found.coords; },
    () => {},
    { enableHighAccuracy: true, timeout: 8000, maximumAge: 60000 },
  );
};
list.addEventListener("click", (event) => { if (event.target.matches("input[type=file]")) ask(); });
list.addEventListener("change", (event) => {
  if (!event.target.matches("input[type=file]") || !event.target.files.length) return;
  const form = event.target.form;
  if (place) {
    form.querySelector("[name=latitude]").value = place.latitude;
    form.querySelector("[name=longitude]").value = place.longitude;
  }
  const taken = event.target.files[0].lastModified;
  if (taken) form.querySelector("[name=taken_at]").value = new Date(taken).toISOString();
  form.requestSubmit();
});

// The line of progress is replaced with every answer.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-next-open]")) return;
  const open = list.querySelector('[data-answered="no"]')?.closest(".item");
  if (!open) return;
  event.preventDefault();
  open.scrollIntoView({ block: "start" });
  open.querySelector("button")?.focus({ preventScroll: true });
});
