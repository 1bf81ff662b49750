// The disk of the phone: one journal that is only added to, and a cabinet of named things. Every write resolves when
// it lies on the disk, not before.

const NAME = "fangxin-field";

export async function openStore() {
  const db = await new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("journal", { keyPath: "n", autoIncrement: true });
      asked.result.createObjectStore("cabinet");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  // Another window wipes the phone: let go, so that it can.
  db.onversionchange = () => db.close();
  return new Store(db);
}

export function wipeStore() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = resolve;
    asked.onerror = () => reject(asked.error);
  });
}

class Store {
  constructor(db) {
    this.db = db;
  }

  #write(name, act) {
    return new Promise((resolve, reject) => {
      const transaction = this.db.transaction(name, "readwrite", { durability: "strict" });
      const asked = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    });
  }

  #read(name, act) {
    return new Promise((resolve, reject) => {
      const asked = act(this.db.transaction(name, "readonly").objectStore(name));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  append(record) {
    return this.#write("journal", (journal) => journal.add(record));
  }

  all() {
    return this.#read("journal", (journal) => journal.getAll());
  }

  count() {
    return this.#read("journal", (journal) => journal.count());
  }

  remove(positions) {
    if (!positions.length) return Promise.resolve();
    return this.#write("journal", (journal) => void positions.forEach((n) => journal.delete(n)));
  }

  get(key) {
    return this.#read("cabinet", (cabinet) => cabinet.get(key));
  }

  put(key, value) {
    return this.#write("cabinet", (cabinet) => cabinet.put(value, key));
  }

  drop(key) {
    return this.#write("cabinet", (cabinet) => cabinet.delete(key));
  }

  names(prefix) {
    return this.#read("cabinet", (cabinet) => cabinet.getAllKeys(IDBKeyRange.bound(prefix, `${prefix}\uffff`)));
  }

  close() {
    this.db.close();
  }
}
