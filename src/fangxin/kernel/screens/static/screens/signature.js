// Signing with a finger or a mouse. The strokes go along with the form as a small picture.
const LEAST_LENGTH = 40; // a dot is not a signature

function pad(canvas) {
  const form = canvas.closest("form");
  const field = form.querySelector(`input[name="${canvas.dataset.field}"]`);
  const said = form.querySelector("[data-signature-state]");
  const pen = canvas.getContext("2d");
  let last = null;
  let length = 0;

  const clear = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { lineWidth: 4, lineCap: "round", strokeStyle: "#111" });
    length = 0;
    last = null;
    field.value = "";
    if (said) said.textContent = "";
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) * canvas.width) / box.width,
      y: ((event.clientY - box.top) * canvas.height) / box.height,
    };
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = at(event);
    pen.beginPath();
    pen.moveTo(last.x, last.y);
    pen.lineTo(next.x, next.y);
    pen.stroke();
    length += Math.hypot(next.x - last.x, next.y - last.y);
    last = next;
  });
  const lift = () => {
    last = null;
    if (length < LEAST_LENGTH) return;
    field.value = canvas.toDataURL("image/png");
    if (said) said.textContent = canvas.dataset.signed;
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  form.querySelector("[data-signature-clear]")?.addEventListener("click", clear);
  clear();
}

document.querySelectorAll("canvas.signature").forEach(pad);
