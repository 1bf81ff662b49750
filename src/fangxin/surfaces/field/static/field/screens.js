// The screens of the work: the day's list, one visit, its end, and what has not been sent yet.

import { button, h, say, show, tell } from "./dom.js";
import { finishScreen } from "./finish.js";
import { itemCard } from "./items.js";
import { order } from "./route.js";
import { derive, itemsOf, progress } from "./state.js";

const QUIET = 1500;
const NOTE_MOST = 500;

export class Screens {
  constructor(context) {
    this.context = context;
    this.place = null;
    this.redraw = () => this.list();
    this.locate();
  }

  // --- facts ----------------------------------------------------------------------------------------------------

  cards() {
    return derive(this.context.snapshot, this.context.journal.list());
  }

  card(name) {
    return this.cards().find((one) => (one.visit.id ? `visit:${one.visit.id}` : `key:${one.key}`) === name);
  }

  checklist(card) {
    return this.context.snapshot?.checklists?.[card.visit.checklist];
  }

  // Where the phone is, if it knows and the person lets it say. Nothing waits for it.
  locate() {
    navigator.geolocation?.getCurrentPosition(
      ({ coords }) => (this.place = { latitude: coords.latitude, longitude: coords.longitude, accuracy_m: Math.round(coords.accuracy) }),
      () => {},
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  }

  // Write it down first. What the screen shows next is read from the journal.
  async note(card, kind, payload, files = []) {
    const { clock, journal } = this.context;
    await journal.note({
      uuid: crypto.randomUUID(), kind, subject: card.key, files,
      payload: { ...payload, about: card.visit.premises.name.slice(0, 200) },
      made_at: clock.wall(), mono: clock.mono(), boot: clock.boot,
    });
    this.bar();
    clearTimeout(this.soon);
    this.soon = setTimeout(() => navigator.onLine && this.context.sync(), QUIET);
  }

  // --- frame ----------------------------------------------------------------------------------------------------

  changed() {
    this.bar();
    // A redraw must not take the pen or the keyboard away from the person.
    if (!document.activeElement?.matches("input, textarea, canvas") && !document.querySelector("canvas")) this.redraw();
  }

  bar() {
    const { contact, journal } = this.context;
    const pending = journal.pending().length;
    const state = document.getElementById("state");
    state.textContent = pending ? say("unsent", { n: pending }) : say("all_sent");
    state.className = pending ? "warn" : "good";
    document.getElementById("contact").textContent = contactText(contact);
    const bar = document.getElementById("bar");
    if (bar.hidden) {
      bar.hidden = false;
      document.getElementById("to-list").addEventListener("click", () => this.list());
      document.getElementById("to-unsent").addEventListener("click", () => this.unsent());
      document.getElementById("to-lock").addEventListener("click", () => this.context.lock());
    }
  }

  // --- the day --------------------------------------------------------------------------------------------------

  list() {
    this.redraw = () => this.list();
    this.bar();
    tell("");
    const cards = this.cards();
    const open = cards.filter((card) => card.state === "open");
    const begun = cards.filter((card) => ["started", "judged"].includes(card.state));
    const done = cards.filter((card) => card.state === "told");
    const from = this.place ?? this.context.snapshot?.station;
    const byId = new Map(open.map((card) => [card.visit.id, card]));
    const way = order(open.map((card) => ({ id: card.visit.id, ...card.visit.premises.place })), from);
    const lines = way.map((stop, n) => this.line(byId.get(stop.id), stop.metres, n === 0));
    if (!this.context.snapshot) {
      show(say("list_title"), h("p", {}, say("nothing_yet")));
      return;
    }
    show(
      say("list_title"),
      begun.length ? [h("h2", {}, say("begun", { n: begun.length })), begun.map((card) => this.line(card, null))] : null,
      h("h2", {}, say("to_do", { n: open.length })),
      open.length ? [h("p", { class: "hint" }, say(this.place ? "way_from_here" : "way_from_station")), lines] : h("p", {}, say("nothing_to_do")),
      done.length ? [h("h2", {}, say("done", { n: done.length })), done.map((card) => this.line(card, null))] : null,
    );
  }

  line(card, metres, first = false) {
    const { visit } = card;
    const checklist = this.checklist(card);
    const { done, all } = progress(card, checklist);
    const facts = [
      metres === null ? null : say(first ? "metres_first" : "metres", { n: metres < 1000 ? `${metres} m` : `${(metres / 1000).toFixed(1)} km` }),
      visit.due_on ? say("due", { day: visit.due_on }) : null,
      card.key ? say("items_done", { done, all }) : null,
      card.state === "judged" ? say("unsigned") : null,
    ].filter(Boolean);
    return h(
      "button", { type: "button", class: `visit ${card.troubles.length ? "trouble" : ""}`, onclick: () => this.visit(name(card)) },
      h("strong", {}, visit.premises.name), h("span", {}, visit.premises.address || say("no_address")),
      h("span", { class: "facts" }, facts.join(" · ")),
      card.troubles.length ? h("span", { class: "bad" }, say("has_conflict")) : null,
    );
  }

  // --- one visit ------------------------------------------------------------------------------------------------

  visit(which) {
    const card = this.card(which);
    if (!card) return this.list();
    this.redraw = () => this.visit(which);
    const checklist = this.checklist(card);
    const head = this.about(card);
    if (card.state === "open") return show(card.visit.premises.name, head, this.beginForm(card));
    if (card.state === "told") return show(card.visit.premises.name, head, h("p", { class: "good" }, say("visit_done")), this.back());
    if (!checklist) return show(card.visit.premises.name, head, h("p", { class: "bad" }, say("no_checklist")), this.back());
    const { done, all } = progress(card, checklist);
    const groups = new Map();
    for (const item of itemsOf(card, checklist)) groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
    const count = h("p", { class: "count", id: "count" }, say("items_done", { done, all }));
    const items = [...groups].map(([group, list]) => [h("h2", {}, group), list.map((item) => itemCard(this, which, card, item))]);
    return show(card.visit.premises.name, head, count, items, button(say("to_finish"), () => finishScreen(this, which), "primary wide"), this.back());
  }

  count(which) {
    const card = this.card(which);
    const { done, all } = progress(card, this.checklist(card));
    const count = document.getElementById("count");
    if (count) count.textContent = say("items_done", { done, all });
  }

  about(card) {
    const { visit } = card;
    const last = visit.last ? say("last_time", { day: visit.last.on }) : say("no_last_time");
    return h(
      "div", { class: "about" },
      h("p", {}, [visit.kind, visit.reason, visit.basis].filter(Boolean).join(" · ")),
      h("p", {}, visit.premises.address || say("no_address")),
      h("p", {}, last),
      visit.last?.findings?.length ? h("ul", {}, visit.last.findings.map((text) => h("li", {}, text))) : null,
      card.troubles.map((trouble) => h("p", { class: "bad" }, trouble.reason)),
    );
  }

  beginForm(card) {
    const { person, colleagues } = this.context.snapshot;
    const planned = new Set(card.visit.officers ?? []);
    const boxes = colleagues.map((one) => {
      const box = h("input", { type: "checkbox", value: String(one.id), checked: planned.has(one.id) });
      return h("label", { class: "check" }, box, h("span", {}, one.name));
    });
    const begin = button(say("begin_visit"), async () => {
      const others = boxes.map((label) => label.querySelector("input")).filter((box) => box.checked).map((box) => Number(box.value));
      if (!others.length) return tell(say("two_officers"), "bad");
      tell("");
      const started = { ...card, key: crypto.randomUUID() };
      await this.note(started, "start", {
        visit: card.visit.id, edition: card.visit.checklist, chosen_items: card.visit.items,
        officers: [person.id, ...others], ...this.place,
      });
      return this.visit(name(card));
    }, "primary wide");
    return h("div", {}, h("p", {}, say("with_whom", { name: person.name })), boxes, begin, this.back());
  }

  back() {
    return button(say("back_to_list"), () => this.list(), "plain wide");
  }

  // --- what has not been sent -----------------------------------------------------------------------------------

  unsent() {
    this.redraw = () => this.unsent();
    const pending = this.context.journal.pending();
    const notices = this.context.snapshot?.notices ?? [];
    const about = new Map();
    for (const { operation } of pending) about.set(operation.payload.about, [...(about.get(operation.payload.about) ?? []), operation]);
    const lines = [...about].map(([shop, operations]) => h("li", {}, `${shop} · ${say("unsent", { n: operations.length })} · ${localTime(operations.at(-1).made_at)}`));
    show(
      say("unsent_title"),
      h("p", {}, contactText(this.context.contact)),
      h("p", {}, pending.length ? say("unsent", { n: pending.length }) : say("all_sent")),
      lines.length ? h("ul", {}, lines) : null,
      this.context.journal.unreadable ? h("p", { class: "bad" }, say("unreadable", { n: this.context.journal.unreadable })) : null,
      button(say("send_now"), () => this.context.sync(), "primary wide"),
      notices.length ? h("h2", {}, say("notices")) : null,
      notices.length ? h("ul", {}, notices.map((one) => h("li", {}, `${say(`kind_${one.kind}`)} · ${one.about} · ${one.reason}`))) : null,
      this.back(),
    );
  }

  textArea(value, label, rows = 2) {
    return h("textarea", { rows: String(rows), maxlength: String(NOTE_MOST), "aria-label": label }, value ?? "");
  }
}

export function name(card) {
  return card.visit.id ? `visit:${card.visit.id}` : `key:${card.key}`;
}

// What a database keeps: no control characters, no half characters.
export function clean(text) {
  const plain = text.replace(/[\u0000-\u0008\u000b-\u001f]/g, "");
  return plain.toWellFormed ? plain.toWellFormed() : plain;
}

function localTime(iso) {
  return new Date(iso).toLocaleString(undefined, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
}

function contactText(contact) {
  if (!contact) return say("contact_none");
  const at = contact.at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  if (contact.unknown) return say("contact_unknown");
  return say(contact.ok ? "contact_ok" : "contact_failed", { at });
}
