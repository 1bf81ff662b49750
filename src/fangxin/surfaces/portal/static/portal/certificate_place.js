"use strict";
// Tells about where the code was looked at, only after a tap and the telephone's own question.
(() => {
  const form = document.getElementById("place-form");
  if (!form || !navigator.geolocation) return;
  form.hidden = false;
  const button = document.getElementById("place-button");
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(async ({ coords }) => {
      // Rounded here already: the exact place never leaves the telephone.
      form.longitude.value = coords.longitude.toFixed(2);
      form.latitude.value = coords.latitude.toFixed(2);
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
      button.disabled = false;
      if (answer && answer.ok) {
        button.hidden = true;
        document.getElementById("place-thanks").hidden = false;
      }
    }, () => { form.hidden = true; }, { maximumAge: 60000, timeout: 20000 });
  });
})();
