// The journal: what the person did, written down before anything else happens, in the order in which it was done.
// No screen, no network, no clock: the storage and the sealing are handed in, so that it runs under Node as well.
//
// storage: append(record) → position · all() → [{n, ...record}] in order · remove([n]) · get/put/drop(key, value)
// box:     seal(value) → sealed · open(sealed) → value
//
// The position that the storage gives is the operation's sequence number: two windows of one phone never get the same.

export const FINAL = new Set(["applied", "conflict", "refused"]);

export class Journal {
  constructor(storage, box) {
    this.storage = storage;
    this.box = box;
    this.operations = new Map();
    this.orphans = [];
    this.unreadable = 0;
  }

  // Read everything anew: another window may have written meanwhile.
  async load() {
    const records = await this.storage.all();
    const entries = await Promise.all(records.map((record) => this.#open(record)));
    const found = new Map();
    // What speaks of operations that another window has let go meanwhile.
    this.orphans = entries.filter((entry) => !fold(found, entry)).map((entry) => entry.n);
    this.operations = found;
    this.unreadable = entries.filter((entry) => entry.type === "unreadable").length;
    return this;
  }

  async #open(record) {
    try {
      return { ...(await this.box.open(record.sealed)), n: record.n };
    } catch {
      return { type: "unreadable", n: record.n };
    }
  }

  async #write(entry) {
    const n = await this.storage.append({ sealed: await this.box.seal(entry) });
    fold(this.operations, { ...entry, n });
    return n;
  }

  // Resolves when the operation lies on the disk; only then may the screen show it as noted.
  async note(operation) {
    const n = await this.#write({ type: "operation", operation });
    return { ...operation, sequence: n };
  }

  answered(uuid, answer) {
    return this.#write({ type: "answer", uuid, state: answer.state, reason: answer.reason ?? "" });
  }

  confirmed(uuids) {
    return uuids.length ? this.#write({ type: "confirmed", uuids }) : undefined;
  }

  // The server does not know what it once answered for (it was restored from a copy): send it again.
  reopened(uuids) {
    return uuids.length ? this.#write({ type: "reopened", uuids }) : undefined;
  }

  // Only what the server has confirmed in a later answer leaves the phone, with everything said about it.
  async forget(uuids) {
    const gone = uuids.filter((uuid) => this.operations.get(uuid)?.confirmed);
    const positions = gone.flatMap((uuid) => this.operations.get(uuid).positions);
    const kept = new Set([...this.operations.values()].flatMap((o) => (gone.includes(o.operation.uuid) ? [] : o.positions)));
    await this.storage.remove([...positions.filter((n) => !kept.has(n)), ...this.orphans]);
    this.orphans = [];
    for (const uuid of gone) this.operations.delete(uuid);
    return gone;
  }

  list() {
    return [...this.operations.values()].sort((a, b) => a.operation.sequence - b.operation.sequence);
  }

  pending() {
    return this.list().filter((o) => !o.answer);
  }

  unconfirmed() {
    return this.list().filter((o) => o.answer && !o.confirmed);
  }

  settled() {
    return this.list().filter((o) => o.confirmed);
  }
}

// False when nothing that is still here is spoken of.
function fold(operations, entry) {
  if (entry.type === "unreadable") return true;
  if (entry.type === "operation") {
    const operation = { ...entry.operation, sequence: entry.n };
    operations.set(operation.uuid, { operation, answer: null, confirmed: false, positions: [entry.n] });
    return true;
  }
  const held = (entry.uuids ?? [entry.uuid]).map((uuid) => operations.get(uuid)).filter(Boolean);
  for (const one of held) {
    one.positions.push(entry.n);
    if (entry.type === "answer") one.answer = { state: entry.state, reason: entry.reason };
    if (entry.type === "confirmed") one.confirmed = true;
    if (entry.type === "reopened") Object.assign(one, { answer: null, confirmed: false });
  }
  return held.length > 0;
}
