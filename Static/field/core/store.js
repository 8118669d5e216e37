// The phone's storage: tables of values with a text `key`. A `write` resolves only after a commit with strict
// durability; when its work throws, or the browser refuses (quota), nothing of it is kept.
//
//   read(tables, work), write(tables, work): `work(tx)` awaits nothing but tx.get(table, key), tx.range(table, prefix)
//   (values in the order of their keys); tx.put(table, value) and tx.delete(table, key) are told and not awaited.

export const TABLES = ["meta", "devices", "ops", "drafts", "evidence", "blobs"];
const VERSION = 1;

/** Nothing may be called saved. reason: none, blocked (another tab holds an old version), version (ours is the old
 * one). */
export class StoreRefused extends Error {
  constructor(reason, cause) {
    super(`storage refused: ${reason}`, { cause });
    this.name = "StoreRefused";
    this.reason = reason;
  }
}

export function openStore(name = "jarshy-field", factory = globalThis.indexedDB) {
  return new Promise((resolve, reject) => {
    if (!factory) throw new StoreRefused("none");
    const request = factory.open(name, VERSION);
    request.onupgradeneeded = () => {
      for (const table of TABLES) {
        const there = request.result.objectStoreNames.contains(table);
        if (!there) request.result.createObjectStore(table, { keyPath: "key" });
      }
    };
    request.onblocked = () => reject(new StoreRefused("blocked"));
    request.onerror = () =>
      reject(new StoreRefused(request.error?.name === "VersionError" ? "version" : "none", request.error));
    request.onsuccess = () => {
      // A newer page wants to upgrade.
      request.result.onversionchange = () => request.result.close();
      resolve(new IndexedStore(request.result));
    };
  }).catch((fault) => {
    throw fault instanceof StoreRefused ? fault : new StoreRefused("none", fault);
  });
}

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

class IndexedStore {
  constructor(database) {
    this.database = database;
  }

  read(tables, work) {
    return this.#transact(tables, "readonly", work);
  }

  write(tables, work) {
    return this.#transact(tables, "readwrite", work);
  }

  #transact(tables, mode, work) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(tables, mode, { durability: "strict" });
      let result;
      let fault;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(fault ?? transaction.error ?? new Error("storage gave up"));
      const table = (which) => transaction.objectStore(which);
      const tx = {
        get: (which, key) => answered(table(which).get(key)),
        range: (which, prefix) => answered(table(which).getAll(IDBKeyRange.bound(prefix, `${prefix}\uffff`))),
        put: (which, value) => void table(which).put(value),
        delete: (which, key) => void table(which).delete(key),
      };
      Promise.resolve(tx)
        .then(work)
        .then(
          (value) => {
            result = value;
          },
          (error) => {
            fault = error;
            try {
              transaction.abort();
            } catch {
              reject(error); // it had already ended by itself
            }
          },
        );
    });
  }
}
