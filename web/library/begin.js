// Begins a draft: empty, from the example, or from a finished document.

import { getJson } from '../shell/api.js';
import { go } from '../shell/route.js';
import { blank, renewed } from '../model/kinds.js';
import { begin } from '../drafts/store.js';

export async function openExample(me) {
  const address = new URL('../example/report.json', import.meta.url);
  go('draft', await begin(await getJson(address.pathname), me.id));
}

export async function openBlank(kind, me) {
  go('draft', await begin(blank(kind), me.id));
}

/** A draft for the next year from a finished document. */
export async function openRenewed(id, me) {
  go('draft', await begin(renewed(await getJson(`/v1/filings/${id}/source`)), me.id));
}

/** A draft with the content of a finished document, under its number. */
export async function openAgain(id, me) {
  go('draft', await begin(await getJson(`/v1/filings/${id}/source`), me.id));
}
