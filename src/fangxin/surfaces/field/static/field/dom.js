// Elements without a framework, and the page's words.

const words = JSON.parse(document.getElementById("words").textContent);

export function say(name, values = {}) {
  const text = words[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_whole, key) => values[key] ?? "");
}

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function button(label, act, kind = "") {
  const element = h("button", { type: "button", class: `button ${kind}` }, label);
  // One press, one act: a second press while the first is being written down does nothing.
  element.addEventListener("click", async () => {
    if (element.disabled) return;
    element.disabled = true;
    try {
      await act();
    } finally {
      element.disabled = false;
    }
  });
  return element;
}

export function show(title, ...content) {
  const main = document.getElementById("main");
  main.replaceChildren(h("h1", { tabindex: "-1" }, title), ...content.flat(Infinity).filter(Boolean));
  window.scrollTo(0, 0);
  main.querySelector("h1").focus({ preventScroll: true });
}

export function tell(text, tone = "plain") {
  const box = document.getElementById("notice");
  box.className = `notice ${tone}`;
  box.textContent = text;
  box.hidden = !text;
}

export function field(label, input, hint = "") {
  return h("label", { class: "field" }, h("span", {}, label), input, hint ? h("small", {}, hint) : null);
}
