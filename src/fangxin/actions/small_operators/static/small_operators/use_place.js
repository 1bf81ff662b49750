// The phone's own position into the fields of a form; without it the fields can be typed.
const button = document.querySelector("[data-use-place]");
if (button && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => navigator.geolocation.getCurrentPosition((found) => {
    document.getElementById("id_latitude").value = found.coords.latitude.toFixed(6);
    document.getElementById("id_longitude").value = found.coords.longitude.toFixed(6);
  }));
}
