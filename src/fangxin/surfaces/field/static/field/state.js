// What the screen shows: the server's last picture, and on top of it everything the person did since. Nothing else.

export function derive(snapshot, held) {
  const cards = new Map();
  for (const visit of snapshot?.visits ?? []) cards.set(`visit:${visit.id}`, card(visit));
  for (const inspection of snapshot?.inspections ?? []) adopt(cards, inspection);
  for (const one of held) apply(cards, one);
  return [...cards.values()];
}

function card(visit) {
  return { visit, key: null, number: "", state: "open", items: {}, base: {}, photos: {}, signed: {}, told: null, judged: null, officers: visit.officers ?? [], troubles: [] };
}

function adopt(cards, inspection) {
  const name = inspection.visit.id ? `visit:${inspection.visit.id}` : `key:${inspection.key}`;
  const found = cards.get(name) ?? card(inspection.visit);
  const { key, number, state, items, photos, officers, signed, judged } = inspection;
  cards.set(name, { ...found, key, number, state, items: { ...items }, base: items, photos: { ...photos }, officers, signed: { ...signed }, judged });
}

function apply(cards, { operation, answer }) {
  const found = [...cards.values()].find((one) => one.key === operation.subject) ?? begun(cards, operation);
  if (!found) return;
  const payload = operation.payload;
  if (operation.kind === "item") found.items[payload.code] = payload;
  if (operation.kind === "photo") found.photos[payload.code] = [...new Set([...(found.photos[payload.code] ?? []), ...operation.files])];
  if (operation.kind === "judge") Object.assign(found, { judged: payload, state: "judged" });
  if (operation.kind === "sign") found.signed[payload.officer] = true;
  if (operation.kind === "tell") Object.assign(found, { told: payload, state: "told" });
  if (operation.kind === "cancel") found.state = "cancelled";
  if (answer && answer.state !== "applied") found.troubles.push(answer);
}

function begun(cards, operation) {
  const found = operation.kind === "start" ? cards.get(`visit:${operation.payload.visit}`) : null;
  // Begun by somebody else as well: the server joins the two, the phone goes on under its own name.
  if (found) Object.assign(found, { key: operation.subject, state: "started", officers: operation.payload.officers });
  return found;
}

export function progress(card, checklist) {
  const wanted = itemsOf(card, checklist);
  const done = wanted.filter((item) => answered(card.items[item.code]));
  return { all: wanted.length, done: done.length, missing: wanted.filter((item) => !done.includes(item)) };
}

// A failed item is answered when it is said whether safety is affected.
export function answered(result) {
  return Boolean(result?.outcome) && (result.outcome !== "fail" || typeof result.safety_affected === "boolean");
}

export function itemsOf(card, checklist) {
  const chosen = card.visit.items;
  return (checklist?.items ?? []).filter(
    (item) => (!chosen?.length || chosen.includes(item.code)) && (!item.kinds?.length || item.kinds.includes(card.visit.premises.kind)),
  );
}

// The mildest result that the findings allow; the server judges by the rule in force.
export function mildest(card, checklist) {
  const failed = itemsOf(card, checklist).map((item) => card.items[item.code]).filter((r) => r?.outcome === "fail");
  if (failed.some((result) => result.safety_affected)) return "nonconforming";
  return failed.length ? "mostly" : "conforming";
}
