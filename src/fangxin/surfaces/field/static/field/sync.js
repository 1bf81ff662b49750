// One round of synchronisation. Neither screen nor network of its own: journal, transport and clock are handed in.
//
// transport: send(body) → answer · uploadState(digest) → {received, complete} · uploadChunk(digest, offset, size, bytes)
//            → {received, complete} · snapshot() → value. Every one may throw; then the round ends and nothing is lost.
// clock:     wall() → ISO text · mono() → milliseconds since `boot` · boot: a name for this start of the page
// photos:    read(digest) → bytes (or null)
//
// The rules that keep work from being lost or doubled:
// 1. An operation is sent until an answer for it was read whole and written into the journal.
// 2. It stays on the phone until the server has confirmed, in a later answer, that it still holds it.
// 3. Each operation names the one before it on the same subject, so that the server applies them in order.

import { FINAL } from "./journal.js";

export const PROTOCOL = 1;
export const LIMITS = { operations: 50, chunk: 256 * 1024, files: 20 };

export async function round({ journal, transport, clock, photos, device, limits = LIMITS }) {
  await journal.load();
  const pending = journal.pending().slice(0, limits.operations);
  const { sent, lost } = await sendFiles({ pending, transport, photos, limits });
  const asked = journal.unconfirmed().map((o) => o.operation.uuid);
  const body = {
    protocol: PROTOCOL, device, boot: clock.boot, sent_at: clock.wall(), mono: clock.mono(),
    pending: journal.pending().length, confirm: asked, operations: chain(journal.list(), pending, lost),
  };
  const answer = await transport.send(body);
  if (answer?.protocol !== PROTOCOL || !Array.isArray(answer.answers) || !Array.isArray(answer.confirmed)) {
    throw new Error("answer not understood");
  }
  await keep(journal, answer, asked);
  const left = journal.pending().length;
  const moved = answer.answers.some((a) => FINAL.has(a.state)) || sent > 0;
  const more = journal.unconfirmed().length > 0 || (left > 0 && moved);
  return { wipe: answer.wipe === true, left, more, answer };
}

// Rounds until nothing moves any more; true when nothing is left to send or to confirm.
export async function synchronise(parts, { most = 40 } = {}) {
  for (let n = 0; n < most; n += 1) {
    const result = await round(parts);
    if (result.wipe || !result.more) return result;
  }
  return { wipe: false, left: parts.journal.pending().length, more: true };
}

// The newest picture of what the server has. What was confirmed before it was asked for is in it, and may be forgotten.
export async function refresh({ journal, transport, keepSnapshot }) {
  await journal.load();
  const settled = journal.settled().map((o) => o.operation.uuid);
  const snapshot = await transport.snapshot();
  await keepSnapshot(snapshot);
  return { snapshot, forgotten: await journal.forget(settled) };
}

async function keep(journal, answer, asked) {
  for (const one of answer.answers) {
    const held = journal.operations.get(one.uuid);
    if (held && !held.answer && FINAL.has(one.state)) await journal.answered(one.uuid, one);
  }
  const confirmed = new Set(answer.confirmed);
  await journal.confirmed(asked.filter((uuid) => confirmed.has(uuid)));
  await journal.reopened(asked.filter((uuid) => !confirmed.has(uuid)));
}

function chain(all, pending, lost) {
  const wanted = new Set(pending.map((o) => o.operation.uuid));
  const last = new Map();
  const chained = [];
  for (const { operation } of all) {
    if (wanted.has(operation.uuid)) {
      const gone = (operation.files ?? []).filter((digest) => lost.has(digest));
      chained.push({ ...operation, after: last.get(operation.subject) ?? null, lost: gone });
    }
    last.set(operation.subject, operation.uuid);
  }
  return chained;
}

async function sendFiles({ pending, transport, photos, limits }) {
  const digests = [...new Set(pending.flatMap((o) => o.operation.files ?? []))];
  const lost = new Set();
  let sent = 0;
  for (const digest of digests) {
    const done = sent < limits.files ? await sendFile(digest, { transport, photos, limits }) : "later";
    if (done === "sent") sent += 1;
    // The picture is gone from the phone: the operation goes without it, and a person is told.
    if (done === "lost") lost.add(digest);
  }
  return { sent, lost };
}

async function sendFile(digest, { transport, photos, limits }) {
  let { received, complete } = await transport.uploadState(digest);
  if (complete) return "there";
  const bytes = await photos.read(digest);
  if (!bytes) return "lost";
  while (!complete) {
    const chunk = bytes.slice(received, received + limits.chunk);
    const next = await transport.uploadChunk(digest, received, bytes.length, chunk);
    if (!next.complete && next.received === received) throw new Error("upload does not move");
    ({ received, complete } = next);
  }
  return "sent";
}
