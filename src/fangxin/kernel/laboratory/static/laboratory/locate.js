// Where the sample is taken, if the phone says and the person asks for it.
const button = document.querySelector("[data-locate]");
const said = document.querySelector("[data-located]");

button?.addEventListener("click", () => {
  const fail = () => { said.textContent = said.dataset.failed; };
  if (!navigator.geolocation) return fail();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      document.querySelector('input[name="latitude"]').value = coords.latitude.toFixed(6);
      document.querySelector('input[name="longitude"]').value = coords.longitude.toFixed(6);
      said.textContent = said.dataset.done;
    },
    fail,
    { enableHighAccuracy: true, timeout: 10000 },
  );
});
