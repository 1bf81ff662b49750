"use strict";
// Reads a code with the telephone's own detector where there is one; typing works everywhere.
(() => {
  const start = document.getElementById("camera-start");
  const video = document.getElementById("camera");
  const field = document.querySelector("[data-scan]");
  if (!start || !field || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  start.hidden = false;
  start.addEventListener("click", async () => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      start.hidden = true;  // not allowed: the field stays
      return;
    }
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const look = async () => {
      const found = await detector.detect(video).catch(() => []);
      if (!found.length) { requestAnimationFrame(look); return; }
      stream.getTracks().forEach((track) => track.stop());
      video.hidden = true;
      field.value = found[0].rawValue;
      field.form.requestSubmit();
    };
    look();
  });
})();
