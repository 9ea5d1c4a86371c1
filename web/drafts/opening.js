// Opens a draft: the copy of this browser, the one of the server, or the newer of both.

import * as server from './server.js';
import { drop, find, keep } from './store.js';

/**
 * The draft with an id; `null` if it is neither here nor on the server.
 * @param {string} id @param {any} me @returns {Promise<any>}
 */
export async function open(id, me) {
  const found = await find(id).catch(() => undefined);
  const local = found && found.owner === me.id ? found : null;
  if (local && !local.server) return local;
  let there;
  try {
    there = await server.load(id);
  } catch (error) {
    // The line is down, or the session is over: go on with what is here.
    if (error.status !== 404) {
      if (local) return local;
      throw error;
    }
    if (local && local.isDirty) return Object.assign({}, local, { server: null });
    if (local) await drop(id);
    return null;
  }
  if (local && local.isDirty) return local;
  const draft = { id, owner: me.id, doc: there.content, saved: Date.now(), server: there.record, isDirty: false };
  await keep(draft).catch(() => null);
  return draft;
}
