// The start of the page: begin, lock, unlock, wipe, synchronise. The screens of the work are in screens.js.

import { button, field, h, say, show, tell } from "./dom.js";
import { Journal } from "./journal.js";
import { Photos } from "./photos.js";
import { openStore, wipeStore } from "./store.js";
import { refresh, synchronise } from "./sync.js";
import { NotYours, reportWiped, session, standing, transport, SignInNeeded, UnknownDevice } from "./transport.js";
import { available, create, isPin, MOST_TRIES, recover, unlock } from "./vault.js";
import { Screens } from "./screens.js";

const IDLE = 10 * 60_000;
const AGAIN = 60_000;

const clock = {
  boot: globalThis.crypto?.randomUUID?.() ?? "",
  wall: () => new Date().toISOString(),
  mono: () => performance.now(),
};

let store;

async function start() {
  if (!available() || !globalThis.indexedDB) {
    show(say("unsafe_title"), h("p", {}, say("unsafe_text")));
    return;
  }
  navigator.serviceWorker?.register("/field/sw.js", { scope: "/field/" }).catch(() => {});
  navigator.storage?.persist?.().catch(() => {});
  store = await openStore();
  const [device, lock] = [await store.get("device"), await store.get("lock")];
  if (!device || !lock) return begin();
  if ((await standing(device.uuid)).wipe) return wipe(device.uuid);
  return lock.byPin ? askPin(device) : askNewPin(device);
}

// --- begin ------------------------------------------------------------------------------------------------------

async function signedIn() {
  let who;
  try {
    who = await session.who();
  } catch {
    show(say("offline_title"), h("p", {}, say("offline_text")), button(say("again"), start, "wide"));
    return null;
  }
  if (!who.signed_in) {
    const link = h("a", { class: "button primary wide", href: "/people/sign-in/?next=/field/" }, say("sign_in"));
    show(say("begin_title"), h("p", {}, say("sign_in_text")), link);
    return null;
  }
  if (!who.may) {
    show(say("begin_title"), h("p", {}, say("no_post")));
    return null;
  }
  return who;
}

async function begin() {
  const who = await signedIn();
  if (!who) return;
  pinForm(say("begin_title"), say("begin_text", { name: who.name }), async (pin) => {
    const given = await session.enrol(who.csrf, deviceName());
    const { lock, box } = await create(pin, given.recovery);
    await store.put("secrets", await box.seal({ token: given.token }));
    await store.put("lock", lock);
    await store.put("device", { uuid: given.device, name: who.name });
    await work(box, given.device);
  });
}

async function askNewPin(device) {
  const who = await signedIn();
  if (!who) return;
  pinForm(say("new_pin_title"), say("new_pin_text"), async (pin) => {
    const { recovery } = await session.recover(who.csrf, device.uuid);
    const opened = await recover(await store.get("lock"), recovery, pin);
    if (!opened) {
      tell(say("recover_failed"), "bad");
      return;
    }
    await store.put("lock", opened.lock);
    await work(opened.box, device.uuid);
  });
}

function deviceName() {
  const agent = navigator.userAgent;
  return ["iPhone", "iPad", "Android", "HarmonyOS", "Windows", "Macintosh", "Linux"].find((n) => agent.includes(n)) ?? "";
}

// The last six digits of a birthday are no secret, but a row or one digit is nobody's.
function tooSimple(pin) {
  return /^(\d)\1{5}$/.test(pin) || "01234567890".includes(pin) || "09876543210".includes(pin);
}

function pinInput(name) {
  return h("input", { name, type: "password", inputmode: "numeric", pattern: "[0-9]*", maxlength: "6", autocomplete: "off", class: "pin" });
}

function pinForm(title, text, done) {
  const [first, second] = [pinInput("first"), pinInput("second")];
  const submit = button(say("set_pin"), async () => {
    tell("");
    if (!isPin(first.value) || first.value !== second.value) return tell(say("pins_differ"), "bad");
    if (tooSimple(first.value)) return tell(say("pin_simple"), "bad");
    tell(say("wait"));
    try {
      await done(first.value);
    } catch (error) {
      tell(say(error instanceof NotYours ? "recover_failed" : error instanceof SignInNeeded ? "sign_in_text" : "offline_text"), "bad");
    }
    return undefined;
  }, "primary wide");
  show(title, h("p", {}, text), field(say("pin"), first), field(say("pin_again"), second), submit);
}

// --- lock -------------------------------------------------------------------------------------------------------

function askPin(device) {
  const input = pinInput("pin");
  const open = async () => {
    if (!isPin(input.value)) return tell(say("pin_six"), "bad");
    tell(say("wait"));
    const opened = await unlock(await store.get("lock"), input.value, (lock) => store.put("lock", lock));
    input.value = "";
    if (opened.box) return work(opened.box, device.uuid);
    if (opened.left > 0) return tell(say("pin_wrong", { left: opened.left }), "bad");
    return tooManyTries(device);
  };
  input.addEventListener("keydown", (event) => event.key === "Enter" && open());
  show(
    say("locked_title"), h("p", {}, say("locked_text", { name: device.name })), field(say("pin"), input),
    button(say("unlock"), open, "primary wide"), button(say("forgot"), () => askNewPin(device), "plain wide"),
  );
  input.focus();
}

// Nothing unsent on the phone: it is wiped, and a sign-in brings everything back. Otherwise the work stays sealed.
async function tooManyTries(device) {
  if ((await store.count()) === 0) return wipe(device.uuid);
  tell(say("too_many", { most: MOST_TRIES }), "bad");
  return askNewPin(device);
}

function watchIdle() {
  let last = { wall: Date.now(), mono: performance.now() };
  const idle = () => Math.max(Math.abs(Date.now() - last.wall), performance.now() - last.mono);
  const touch = () => {
    if (idle() > IDLE) lockNow();
    last = { wall: Date.now(), mono: performance.now() };
  };
  for (const name of ["pointerdown", "keydown", "input"]) document.addEventListener(name, touch, { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => !document.hidden && idle() > IDLE && lockNow());
  setInterval(() => idle() > IDLE && lockNow(), 10_000);
}

// A fresh page holds no key.
function lockNow() {
  location.reload();
}

async function wipe(uuid) {
  store?.close();
  await wipeStore();
  for (const name of await caches.keys()) await caches.delete(name);
  for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) await worker.unregister();
  await reportWiped(uuid);
  tell("");
  document.getElementById("bar").hidden = true;
  show(say("wiped_title"), h("p", {}, say("wiped_text")));
}

// --- work -------------------------------------------------------------------------------------------------------

async function work(box, uuid) {
  tell("");
  const { token } = await box.open(await store.get("secrets"));
  const journal = await new Journal(store, box).load();
  const photos = new Photos(store, box);
  const parts = { journal, transport: transport(token), clock, photos, device: uuid };
  const sealed = await store.get("snapshot");
  const context = {
    journal, photos, clock, contact: null,
    snapshot: sealed ? await box.open(sealed) : null,
    sync: () => contact(parts, context, box, uuid),
    lock: lockNow,
  };
  const screens = new Screens(context);
  context.screens = screens;
  watchIdle();
  screens.list();
  globalThis.addEventListener("online", () => context.sync());
  setInterval(() => !document.hidden && navigator.onLine && context.sync(), AGAIN);
  await context.sync();
}

// One window synchronises at a time where the browser can arrange it; where it cannot, the server sorts it out.
function contact(parts, context, box, uuid) {
  const run = () => meet(parts, context, box, uuid);
  return navigator.locks ? navigator.locks.request("fangxin-field", run) : run();
}

async function meet(parts, context, box, uuid) {
  try {
    const result = await synchronise(parts);
    if (result.wipe) return await wipe(uuid);
    const keepSnapshot = async (snapshot) => store.put("snapshot", await box.seal(snapshot));
    context.snapshot = (await refresh({ ...parts, keepSnapshot })).snapshot;
    await parts.photos.tidy(new Set(parts.journal.list().flatMap((o) => o.operation.files ?? [])));
    context.contact = { ok: true, at: new Date() };
  } catch (error) {
    context.contact = { ok: false, at: new Date(), unknown: error instanceof UnknownDevice };
  }
  context.screens.changed();
  return undefined;
}

start().catch(() => show(say("trouble_title"), h("p", {}, say("trouble_text")), button(say("again"), lockNow, "wide")));
