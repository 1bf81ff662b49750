// The line to the platform. The phone shows who it is by its token, never by the browser's cookies.

const PATIENCE = 60_000;

export class SignInNeeded extends Error {}
export class UnknownDevice extends Error {}
export class NotYours extends Error {}

async function ask(url, options = {}) {
  const answer = await fetch(url, { cache: "no-store", ...options, signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status === 401) throw new UnknownDevice();
  if (answer.status === 403) throw new SignInNeeded();
  if (answer.status === 404) throw new NotYours();
  if (!answer.ok) throw new Error(`answer ${answer.status}`);
  return answer.json();
}

export function transport(token) {
  const auth = { Authorization: `Device ${token}` };
  const as = (options = {}) => ({ credentials: "omit", ...options, headers: { ...auth, ...options.headers } });
  const json = { "Content-Type": "application/json" };
  return {
    send: (body) => ask("/field/sync", as({ method: "POST", headers: json, body: JSON.stringify(body) })),
    snapshot: () => ask("/field/snapshot", as()),
    uploadState: (digest) => ask(`/field/upload/${digest}`, as()),
    uploadChunk: (digest, offset, size, chunk) =>
      ask(`/field/upload/${digest}?offset=${offset}&size=${size}`, as({
        method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: chunk,
      })),
  };
}

// With the session of the browser: only to begin, and to set a new PIN.
export const session = {
  who: () => ask("/field/who", { credentials: "same-origin" }),
  enrol: (csrf, name) => post("/field/enrol", csrf, { name }),
  recover: (csrf, device) => post("/field/recover", csrf, { device }),
};

function post(url, csrf, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  return ask(url, { method: "POST", credentials: "same-origin", headers, body: JSON.stringify(body) });
}

// Asked also while locked: must this phone be wiped? Without network the answer is: not known.
export async function standing(device) {
  try {
    return await ask(`/field/standing/${device}`, { credentials: "omit" });
  } catch {
    return { wipe: false };
  }
}

export function reportWiped(device) {
  return fetch(`/field/wiped/${device}`, { method: "POST", credentials: "omit" }).catch(() => {});
}
