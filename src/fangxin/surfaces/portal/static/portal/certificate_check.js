"use strict";
// Checks the signed code of a certificate without a network. The form of the code is told in docs/methods/certificates.md.
(() => {
  const VERSION = 1, HINT = 4, SIGNATURE = 64, DIGEST = 12;
  const UNITS = ["kg", "head", "piece"];
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const DOMAIN = new TextEncoder().encode("fangxin.certificate\n");

  class Unreadable extends Error {}
  class Newer extends Error {}

  function codeIn(text) {
    let found = text.trim();
    if (found.includes("/")) found = found.split("?")[0].split("#")[0].replace(/\/+$/, "").split("/").pop();
    return found.replace(/[\s-]+/g, "").toUpperCase();
  }

  function bytesOf(code) {
    const bytes = [];
    let held = 0, bits = 0;
    for (const letter of code) {
      const value = LETTERS.indexOf(letter);
      if (value < 0) throw new Unreadable();
      held = (held << 5) | value;
      bits += 5;
      if (bits >= 8) { bits -= 8; bytes.push((held >> bits) & 255); held &= (1 << bits) - 1; }
    }
    if (held || bits >= 5) throw new Unreadable();
    return new Uint8Array(bytes);
  }

  function statementOf(content) {
    let at = 0;
    const take = (count) => {
      if (at + count > content.length) throw new Unreadable();
      at += count;
      return content.slice(at - count, at);
    };
    const byte = () => take(1)[0];
    const number = () => {
      let value = 0, factor = 1;
      for (let place = 0; place < 8; place += 1) {
        const next = byte();
        value += (next & 127) * factor;
        if (next < 128) {
          if ((place && !next) || !Number.isSafeInteger(value)) throw new Unreadable();
          return value;
        }
        factor *= 128;
      }
      throw new Unreadable();
    };
    const words = () => new TextDecoder("utf-8", { fatal: true }).decode(take(byte()));
    const county = number(), year = byte() + 2000, serial = number();
    const day = new Date(Date.UTC(2000, 0, 1 + number()));
    const digits = byte(), origin = number();
    const thousandths = number(), unit = UNITS[byte()];
    byte();  // commitments and bases stand on the label in words
    const producer = words(), product = words();
    take(DIGEST);
    if (at !== content.length || !unit) throw new Unreadable();
    return {
      number: `${String(county).padStart(6, "0")}-${year}-${String(serial).padStart(7, "0")}`,
      issued_on: day.toISOString().slice(0, 10),
      origin: String(origin).padStart(digits, "0"),
      quantity: String(thousandths / 1000), unit, producer, product,
    };
  }

  const hex = (bytes) => Array.from(bytes, (value) => value.toString(16).padStart(2, "0")).join("");

  async function verify(text, keys) {
    let content, statement;
    try {
      content = bytesOf(codeIn(text));
      if (!content.length) throw new Unreadable();
      if (content[0] !== VERSION) throw new Newer();
      if (content.length <= 1 + HINT + SIGNATURE) throw new Unreadable();
      statement = statementOf(content.slice(1 + HINT, -SIGNATURE));
    } catch (error) {
      return { outcome: error instanceof Newer ? "newer_version" : "unreadable" };
    }
    const named = keys.filter((key) => key.key_id.startsWith(hex(content.slice(1, 1 + HINT))));
    if (!named.length) return { outcome: "unknown_key", statement };
    const message = new Uint8Array([...DOMAIN, ...content.slice(0, -SIGNATURE)]);
    let signer = null;
    for (const key of named) {
      let right;
      try {
        const der = Uint8Array.from(atob(key.public_key.replace(/-----[^-]+-----|\s/g, "")), (sign) => sign.charCodeAt(0));
        const known = await crypto.subtle.importKey("spki", der, { name: "Ed25519" }, false, ["verify"]);
        right = await crypto.subtle.verify({ name: "Ed25519" }, known, content.slice(-SIGNATURE), message);
      } catch {
        return { outcome: "needs_network", statement };
      }
      if (!right) continue;
      signer = key;
      const day = statement.issued_on;
      if ((!key.valid_from || key.valid_from <= day) && (!key.valid_to || day <= key.valid_to)) return { outcome: "genuine", statement };
    }
    return { outcome: signer ? "outside_validity" : "forged", statement };
  }

  const page = document.getElementById("check");
  const answer = document.getElementById("check-answer");
  const { keys } = JSON.parse(page.dataset.keys);
  document.getElementById("check-go").addEventListener("click", async () => {
    const found = await verify(document.getElementById("check-code").value, keys);
    answer.replaceChildren(page.querySelector(`template[data-outcome="${found.outcome}"]`).content.cloneNode(true));
    answer.dataset.outcome = found.outcome;
    // A false code's words would lend it weight.
    if (!found.statement || found.outcome === "forged") return;
    const facts = page.querySelector("template[data-facts]").content.cloneNode(true);
    const unit = page.querySelector(`[data-unit="${found.statement.unit}"]`).textContent;
    for (const slot of facts.querySelectorAll("[data-fact]")) {
      const value = found.statement[slot.dataset.fact];
      slot.textContent = slot.dataset.fact === "quantity" ? `${value} ${unit}` : value;
    }
    answer.append(facts);
  });
})();
