// One item of a checklist: three large buttons, and what a failure asks for.

import { button, h, say, tell } from "./dom.js";
import { NotAPhoto, shrink, TooLarge } from "./photos.js";
import { clean } from "./screens.js";

const OUTCOMES = ["pass", "fail", "not_applicable"];
const PAUSE = 1200;

export function itemCard(screens, which, card, item) {
  const element = h("section", { class: "item", "aria-label": item.text });
  draw(element, { screens, which, item });
  return element;
}

function draw(element, parts) {
  const { screens, which, item } = parts;
  const card = screens.card(which);
  const result = card.items[item.code] ?? {};
  const save = async (change, redraw = true) => {
    const note = clean(element.querySelector("textarea")?.value ?? result.note ?? "");
    const now = screens.card(which);
    await screens.note(now, "item", next(now.items[item.code], now.base[item.code], item, note, change));
    if (redraw) draw(element, parts);
    screens.count(which);
  };
  element.className = `item ${result.outcome ?? ""}`;
  element.replaceChildren(
    h("p", { class: "text" }, h("span", { class: "code" }, item.code), item.key ? h("span", { class: "key" }, say("key_item")) : null, item.text),
    item.judge ? h("details", {}, h("summary", {}, say("how_to_judge")), h("p", {}, item.judge), h("p", { class: "hint" }, item.clause)) : "",
    h("div", { class: "three", role: "group" }, OUTCOMES.map((outcome) => choice(say(outcome), result.outcome === outcome, () => save({ outcome }), outcome))),
    ...(result.outcome ? [failure(result, save), notes(screens, result, save), pictures(screens, which, item)] : []),
  );
}

// The whole item each time, so that the last one read decides.
// `seen` is what the server had when the phone last asked, so that it can tell whether a colleague's note was known.
function next(before, server, item, note, change) {
  const { outcome, safety_affected, accident_potential, corrected_on_site } = { ...before, ...change };
  const failed = outcome === "fail";
  const danger = failed && Boolean(accident_potential);
  return {
    code: item.code, outcome, note, accident_potential: danger,
    safety_affected: failed ? danger || (safety_affected ?? null) : null,
    corrected_on_site: failed && Boolean(corrected_on_site),
    seen: server?.outcome ?? null,
  };
}

function choice(label, pressed, act, kind) {
  const element = button(label, act, `choice ${kind}`);
  element.setAttribute("aria-pressed", String(pressed));
  return element;
}

function failure(result, save) {
  if (result.outcome !== "fail") return "";
  return h(
    "div", { class: "failure" },
    h("p", {}, say("safety_question")),
    h("div", { class: "two", role: "group" },
      choice(say("yes"), result.safety_affected === true, () => save({ safety_affected: true }), "fail"),
      choice(say("no"), result.safety_affected === false, () => save({ safety_affected: false }), "pass")),
    choice(say("danger"), result.accident_potential === true, () => save({ accident_potential: !result.accident_potential }), "fail"),
    choice(say("corrected"), result.corrected_on_site === true, () => save({ corrected_on_site: !result.corrected_on_site }), "pass"),
  );
}

function notes(screens, result, save) {
  const area = screens.textArea(result.note, say("note"));
  area.placeholder = say("note");
  let timer;
  let kept = result.note ?? "";
  const write = () => {
    clearTimeout(timer);
    if (area.value === kept) return;
    kept = area.value;
    // Not drawn anew: the person may still be writing.
    save({}, false);
  };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(write, PAUSE);
  });
  area.addEventListener("change", write);
  return area;
}

function pictures(screens, which, item) {
  const card = screens.card(which);
  const count = (card.photos[item.code] ?? []).length;
  const input = h("input", { type: "file", accept: "image/jpeg,image/png,image/webp", capture: "environment", class: "hidden-input", id: `photo-${item.code}` });
  const label = h("label", { class: "button", for: `photo-${item.code}` }, count ? say("photos", { n: count }) : say("take_photo"));
  input.addEventListener("change", async () => {
    const file = input.files[0];
    input.value = "";
    if (!file) return;
    tell(say("shrinking"));
    try {
      const digest = await screens.context.photos.keep(await shrink(file));
      await screens.note(card, "photo", { code: item.code, ...screens.place }, [digest]);
      tell("");
      label.textContent = say("photos", { n: (screens.card(which).photos[item.code] ?? []).length });
    } catch (error) {
      tell(say(error instanceof NotAPhoto ? "not_a_photo" : error instanceof TooLarge ? "photo_too_large" : "photo_failed"), "bad");
    }
  });
  return h("div", {}, input, label);
}
