// A place to sign with a finger: dark strokes on white, kept as a picture.

export class SignaturePad {
  constructor(canvas, onChange = () => {}) {
    this.canvas = canvas;
    this.onChange = onChange;
    this.pen = canvas.getContext("2d");
    this.length = 0;
    this.clear();
    canvas.style.touchAction = "none";
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (this.last = null));
  }

  // A dot is not a signature.
  get signed() {
    return this.length > 40;
  }

  clear() {
    this.pen.fillStyle = "#fff";
    this.pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.pen.lineWidth = 4;
    this.pen.lineCap = "round";
    this.pen.strokeStyle = "#111";
    this.length = 0;
    this.last = null;
    this.#tell();
  }

  #point(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = this.canvas.width / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  }

  #down(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.#point(event);
  }

  #move(event) {
    if (!this.last) return;
    const next = this.#point(event);
    this.pen.beginPath();
    this.pen.moveTo(this.last.x, this.last.y);
    this.pen.lineTo(next.x, next.y);
    this.pen.stroke();
    this.length += Math.hypot(next.x - this.last.x, next.y - this.last.y);
    this.last = next;
    this.#tell();
  }

  #tell() {
    this.canvas.dataset.signed = String(this.signed);
    this.onChange();
  }
}
