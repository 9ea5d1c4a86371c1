// Drafts in this browser (IndexedDB): what is being written survives a closed window and a lost line.

const NAME = 'hongtou';
const STORE = 'drafts';

let opened = null;

function open() {
  if (!opened) {
    opened = new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'id' });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }
  return opened;
}

async function run(mode, ask) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const asked = ask(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Keeps a draft: `{id, owner, doc, saved}`. */
export function keep(draft) {
  return run('readwrite', store => store.put(draft));
}

/** @param {string} id */
export function find(id) {
  return run('readonly', store => store.get(id));
}

/** @param {string} id */
export function drop(id) {
  return run('readwrite', store => store.delete(id));
}

/** The drafts of a person, newest first. @param {string} owner */
export async function all(owner) {
  const drafts = await run('readonly', store => store.getAll());
  return drafts.filter(draft => draft.owner === owner).sort((a, b) => b.saved - a.saved);
}

/** Keeps a new draft and returns its id. */
export async function begin(doc, owner) {
  const id = newId();
  await keep({ id, owner, doc, saved: Date.now() });
  return id;
}

// `crypto.randomUUID` is missing on plain-http addresses and in old browsers.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
