// What lies on the phone is sealed with a data key. The key itself lies there twice, wrapped:
//   byPin       under a key derived from the six-digit PIN; removed after too many wrong tries
//   byRecovery  under a secret that only the server holds and hands out after a normal sign-in
// So a forgotten PIN loses no work, and a thief who guesses ends at a door that needs the server.

export const ROUNDS = 600_000;
export const MOST_TRIES = 10;
const CONTEXT = new TextEncoder().encode("fangxin-field-1");

export function available() {
  return Boolean(globalThis.isSecureContext ?? true) && Boolean(globalThis.crypto?.subtle);
}

export function isPin(text) {
  return /^\d{6}$/.test(text);
}

export class Box {
  constructor(key) {
    this.key = key;
  }

  async seal(value) {
    return this.sealBytes(new TextEncoder().encode(JSON.stringify(value)));
  }

  async open(sealed) {
    return JSON.parse(new TextDecoder().decode(await this.openBytes(sealed)));
  }

  async sealBytes(bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: CONTEXT }, this.key, bytes) };
  }

  async openBytes({ iv, data }) {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: CONTEXT }, this.key, data));
  }
}

export async function create(pin, recovery) {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const lock = { tries: 0, byPin: await wrap(key, pin), byRecovery: await wrap(key, recovery) };
  return { lock, box: new Box(key) };
}

// The try is counted before it is made, so that closing the page gives no tries for nothing.
// `save(lock)` puts the lock on the disk. Returns {box} or {left} (tries left; 0 means: sealed until the next sign-in).
export async function unlock(lock, pin, save) {
  if (!lock.byPin) return { left: 0 };
  const counted = { ...lock, tries: lock.tries + 1 };
  await save(counted);
  const key = await unwrap(counted.byPin, pin, false);
  if (key) {
    await save({ ...counted, tries: 0 });
    return { box: new Box(key) };
  }
  const left = MOST_TRIES - counted.tries;
  if (left <= 0) await save({ ...counted, byPin: null });
  return { left: Math.max(left, 0) };
}

// With the server's half: set a new PIN, keep the work.
export async function recover(lock, recovery, pin) {
  const key = await unwrap(lock.byRecovery, recovery, true);
  if (!key) return null;
  return { lock: { ...lock, tries: 0, byPin: await wrap(key, pin) }, box: new Box(key) };
}

async function derive(secret, salt, rounds) {
  const material = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"]);
}

async function wrap(key, secret) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const under = await derive(secret, salt, ROUNDS);
  const data = await crypto.subtle.wrapKey("raw", key, under, { name: "AES-GCM", iv, additionalData: CONTEXT });
  return { salt, iv, rounds: ROUNDS, data };
}

async function unwrap({ salt, iv, rounds, data }, secret, extractable) {
  const under = await derive(secret, salt, rounds);
  const how = { name: "AES-GCM", iv, additionalData: CONTEXT };
  try {
    return await crypto.subtle.unwrapKey("raw", data, under, how, "AES-GCM", extractable, ["encrypt", "decrypt"]);
  } catch {
    return null;
  }
}
