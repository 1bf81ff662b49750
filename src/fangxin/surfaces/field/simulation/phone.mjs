// Phones for the simulator: the real journal and the real synchronisation, on a disk and a network that the driver rules.
//
// One line of JSON in (a command, or what became of a call), one line out: everything that happened until all is quiet.
// A phone is a disk; a window is one running page on it. A killed window never hears from its calls again.

import { createInterface } from "node:readline";
import { writeSync } from "node:fs";
import { Journal } from "../static/field/journal.js";
import { refresh, synchronise } from "../static/field/sync.js";

const LIMITS = { operations: 6, chunk: 16, files: 5 };
const plain = { seal: async (value) => structuredClone(value), open: async (value) => structuredClone(value) };

let disks = new Map();
let windows = new Map();
let calls = new Map();
let said = [];
let nextCall = 1;

class Disk {
  constructor() {
    this.journal = [];
    this.next = 1;
    this.photos = {};
    this.snapshot = null;
    this.history = [];
  }

  do({ what, args }) {
    this.history.push(JSON.stringify({ journal: this.journal, next: this.next, snapshot: this.snapshot }));
    if (what === "append") {
      this.journal.push({ n: this.next, ...args.record });
      this.next += 1;
      return this.next - 1;
    }
    if (what === "remove") this.journal = this.journal.filter((record) => !args.positions.includes(record.n));
    if (what === "snapshot") this.snapshot = args.snapshot;
    return null;
  }

  // As it was some writes ago: a phone put back from a copy.
  putBack(writes) {
    const at = Math.max(0, this.history.length - writes);
    if (at < this.history.length) Object.assign(this, JSON.parse(this.history[at]));
    this.history.length = at;
  }
}

class Window {
  constructor(phone, name, boot, client) {
    Object.assign(this, { phone, name, boot, client, wall: "", mono: 0, alive: true });
    this.disk = disks.get(phone);
    this.journal = new (CLIENTS[client] ?? Journal)(this.storage(), plain);
  }

  // A call that the driver answers, refuses or never answers.
  call(what, args) {
    const id = nextCall;
    nextCall += 1;
    said.push({ call: id, window: this.name, phone: this.phone, what, args });
    return new Promise((resolve, reject) => calls.set(id, { window: this, what, args, resolve, reject }));
  }

  storage() {
    return {
      all: async () => structuredClone(this.disk.journal),
      append: (record) => this.call("append", { record }),
      remove: (positions) => {
        const gone = this.disk.journal.filter((r) => positions.includes(r.n) && r.sealed.type === "operation");
        return positions.length ? this.call("remove", { positions, uuids: gone.map((r) => r.sealed.operation.uuid) }) : null;
      },
    };
  }

  transport() {
    const parsed = async (what, args) => JSON.parse(await this.call(what, args));
    const honest = {
      send: (body) => parsed("send", { body: JSON.stringify(body) }),
      uploadState: (digest) => parsed("uploadState", { digest }),
      uploadChunk: (digest, offset, size, chunk) =>
        parsed("uploadChunk", { digest, offset, size, chunk: Buffer.from(chunk).toString("hex") }),
      snapshot: () => parsed("fetch", {}),
    };
    if (this.client !== "forgets_when_sent") return honest;
    const send = async (body) => {
      for (const { uuid } of body.operations) await this.journal.answered(uuid, { state: "applied" });
      await this.journal.confirmed(body.operations.map((o) => o.uuid));
      return honest.send(body);
    };
    return { ...honest, send };
  }

  parts() {
    const clock = { boot: this.boot, wall: () => this.wall, mono: () => this.mono };
    const photos = { read: async (d) => (this.disk.photos[d] ? Buffer.from(this.disk.photos[d], "hex") : null) };
    return { journal: this.journal, transport: this.transport(), clock, photos, device: this.phone, limits: LIMITS };
  }

  async run(command) {
    if (command.do === "note") {
      Object.assign(this.disk.photos, command.photos);
      return this.journal.note(command.operation);
    }
    if (command.do === "sync") return synchronise(this.parts());
    const keepSnapshot = (snapshot) => this.call("snapshot", { snapshot });
    return refresh({ journal: this.journal, transport: this.transport(), keepSnapshot });
  }
}

// Phones that break the rule, so that the simulator can be seen to notice.
class ForgetsWhenAnswered extends Journal {
  async answered(uuid, answer) {
    await super.answered(uuid, answer);
    await super.confirmed([uuid]);
  }
}
const CLIENTS = { forgets_when_answered: ForgetsWhenAnswered };

function start(command, window) {
  window.run(command).then(
    () => window.alive && said.push({ finished: command.id, window: window.name }),
    (error) => window.alive && said.push({ failed: command.id, window: window.name, why: String(error.message) }),
  );
}

function settle({ call, value, failed }) {
  const waiting = calls.get(call);
  calls.delete(call);
  if (failed) return waiting.reject(new Error("network"));
  const local = ["append", "remove", "snapshot"].includes(waiting.what);
  return waiting.resolve(local ? waiting.window.disk.do(waiting) : value);
}

function kill({ phone, effect, putBack }) {
  for (const [id, waiting] of calls) {
    if (waiting.window.phone !== phone) continue;
    if (id === effect) waiting.window.disk.do(waiting);
    calls.delete(id);
  }
  for (const [name, window] of windows) {
    if (window.phone !== phone) continue;
    window.alive = false;
    windows.delete(name);
  }
  if (putBack) disks.get(phone).putBack(putBack);
}

const COMMANDS = {
  reset() {
    disks = new Map();
    windows = new Map();
    calls = new Map();
  },
  open({ phone, window, boot, client }) {
    if (!disks.has(phone)) disks.set(phone, new Disk());
    windows.set(window, new Window(phone, window, boot, client));
  },
  reply: settle,
  kill,
  look({ phone }) {
    const { journal, snapshot } = disks.get(phone);
    said.push({ journal: journal.map((r) => r.sealed), snapshot });
  },
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const command = JSON.parse(line);
  const window = windows.get(command.window);
  if (window && command.wall) Object.assign(window, { wall: command.wall, mono: command.mono });
  if (COMMANDS[command.do]) COMMANDS[command.do](command);
  else start(command, window);
  setImmediate(() => {
    const all = said;
    said = [];
    writeSync(1, `${JSON.stringify(all)}\n`);
  });
});
