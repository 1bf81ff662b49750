// The end of a visit: result, opinion, signatures of both sides. Each step is in the journal before the next begins,
// so that a page that dies in between goes on where it was.

import { button, field, h, say, show, tell } from "./dom.js";
import { jpeg } from "./photos.js";
import { clean, name } from "./screens.js";
import { SignaturePad } from "./signature.js";
import { itemsOf, mildest, progress } from "./state.js";

const RESULTS = ["conforming", "mostly", "nonconforming"];

export function finishScreen(screens, which) {
  const card = screens.card(which);
  const checklist = screens.checklist(card);
  screens.redraw = () => finishScreen(screens, which);
  const back = button(say("back_to_items"), () => screens.visit(which), "plain wide");
  const { missing } = progress(card, checklist);
  if (missing.length) {
    const lines = missing.slice(0, 12).map((item) => h("li", {}, `${item.code} ${item.text}`));
    return show(say("finish_title"), h("p", { class: "bad" }, say("missing", { n: missing.length })), h("ul", {}, lines), back);
  }
  return card.judged ? signing(screens, which, card, back) : judging(screens, which, card, checklist, back);
}

function judging(screens, which, card, checklist, back) {
  const least = mildest(card, checklist);
  const failed = itemsOf(card, checklist).filter((item) => card.items[item.code].outcome === "fail");
  let result = least;
  const choices = RESULTS.map((one) => {
    const element = button(say(one), () => {
      result = one;
      for (const other of choices) other.setAttribute("aria-pressed", String(other === element));
    }, `choice ${one === "conforming" ? "pass" : "fail"}`);
    element.setAttribute("aria-pressed", String(one === least));
    // Milder than what was found is no choice.
    element.hidden = RESULTS.indexOf(one) < RESULTS.indexOf(least) || (least === "conforming" && one !== "conforming");
    return element;
  });
  const opinion = h("textarea", { rows: "4", maxlength: "1500" }, failed.length ? failed.map((i) => `${i.code} ${i.text}`).join("；") : say("nothing_found"));
  const go = button(say("confirm_result"), async () => {
    if (!opinion.value.trim()) return tell(say("opinion_needed"), "bad");
    tell("");
    await screens.note(card, "judge", { result, opinion: clean(opinion.value.trim()) });
    return finishScreen(screens, which);
  }, "primary wide");
  show(
    say("finish_title"), h("p", {}, say("failed_count", { n: failed.length })),
    failed.length ? h("ul", {}, failed.map((item) => h("li", {}, `${item.code} ${item.text}`))) : null,
    h("p", {}, say("result_question")), h("div", { class: "three" }, choices), field(say("opinion"), opinion), go, back,
  );
}

function signing(screens, which, card, back) {
  const people = new Map([...screens.context.snapshot.colleagues, screens.context.snapshot.person].map((one) => [one.id, one.name]));
  const pads = card.officers.filter((id) => !card.signed[id]).map((id) => ({ id, ...pad(say("officer_signs", { name: people.get(id) ?? "" })) }));
  const other = otherSide();
  const end = button(say("finish"), async () => {
    const lacking = pads.find((one) => !one.pad.signed);
    if (lacking) return tell(say("officer_unsigned"), "bad");
    const told = other.read();
    if (!told) return undefined;
    tell("");
    for (const one of pads) await screens.note(card, "sign", { officer: one.id }, [await keep(screens, one.pad)]);
    const files = told.pad ? [await keep(screens, told.pad)] : [];
    await screens.note(card, "tell", told.payload, files);
    return screens.visit(name(card));
  }, "primary wide");
  show(say("sign_title"), h("p", { class: "result" }, `${say(card.judged.result)}：${card.judged.opinion}`), pads.map((one) => one.element), other.element, end, back);
}

function pad(label) {
  const canvas = h("canvas", { class: "pad", "aria-label": label });
  canvas.width = 700;
  canvas.height = 240;
  const drawn = new SignaturePad(canvas);
  return { pad: drawn, element: h("div", { class: "signature" }, h("p", {}, label), canvas, button(say("clear"), () => drawn.clear(), "plain")) };
}

// The inspected signs, or refuses with a witness.
function otherSide() {
  const signer = h("input", { type: "text", maxlength: "60", autocomplete: "off" });
  const reason = h("textarea", { rows: "2", maxlength: "300" });
  const witness = h("input", { type: "text", maxlength: "60", autocomplete: "off" });
  const theirs = pad(say("operator_signs"));
  const signs = h("div", {}, field(say("signer"), signer), theirs.element);
  const refuses = h("div", { hidden: true }, field(say("refusal_reason"), reason), field(say("witness"), witness));
  const refused = h("input", { type: "checkbox" });
  refused.addEventListener("change", () => {
    signs.hidden = refused.checked;
    refuses.hidden = !refused.checked;
  });
  const read = () => {
    const fail = (word) => void tell(say(word), "bad");
    if (refused.checked) {
      if (!reason.value.trim() || !witness.value.trim()) return fail("refusal_incomplete");
      return { payload: { refusal_reason: clean(reason.value.trim()), witness: clean(witness.value.trim()) }, pad: null };
    }
    if (!signer.value.trim() || !theirs.pad.signed) return fail("signature_incomplete");
    return { payload: { signer: clean(signer.value.trim()) }, pad: theirs.pad };
  };
  return { read, element: h("div", {}, h("h2", {}, say("other_side")), h("label", { class: "check" }, refused, h("span", {}, say("refuses"))), signs, refuses) };
}

async function keep(screens, drawn) {
  return screens.context.photos.keep(await jpeg(drawn.canvas, 0.9));
}
