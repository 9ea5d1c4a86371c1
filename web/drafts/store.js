// Drafts in this browser (IndexedDB): what is being written survives a closed window and a lost line.

const NAME = 'hongtou';
const STORE = 'drafts';
/** The start of the names in the storage that can be written at once. */
const CLOSING = 'hongtou-draft-';

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

/**
 * Keeps a draft: `{id, owner, doc, saved, server, isDirty}`. `server` is the record of the draft on the server, if it is
 * there; `isDirty` whether this copy is newer.
 */
export function keep(draft) {
  return run('readwrite', store => store.put(draft));
}

/**
 * Keeps a draft while the window closes, when nothing that takes time may still finish. `recover` moves
 * it to the other drafts.
 */
export function keepAtOnce(draft) {
  try {
    localStorage.setItem(CLOSING + draft.id, JSON.stringify(draft));
  } catch (error) {
    // Too long for this place; the last pause was kept.
  }
}

async function recover() {
  for (const key of Object.keys(localStorage).filter(key => key.startsWith(CLOSING))) {
    const draft = JSON.parse(localStorage.getItem(key));
    const known = await run('readonly', store => store.get(draft.id));
    if (!known || known.saved < draft.saved) await keep(draft);
    localStorage.removeItem(key);
  }
}

/** @param {string} id */
export async function find(id) {
  await recover();
  return run('readonly', store => store.get(id));
}

/** @param {string} id */
export function drop(id) {
  localStorage.removeItem(CLOSING + id);
  return run('readwrite', store => store.delete(id));
}

/** The drafts of a person, newest first. @param {string} owner */
export async function all(owner) {
  await recover();
  const drafts = await run('readonly', store => store.getAll());
  return drafts.filter(draft => draft.owner === owner).sort((a, b) => b.saved - a.saved);
}

/** Keeps a draft under the id that the server gave it. */
export async function rename(before, draft) {
  await keep(draft);
  if (before !== draft.id) await drop(before);
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
