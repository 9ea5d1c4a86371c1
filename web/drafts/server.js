// Drafts on the server: requests and the names of their states.

import { getJson, postJson, request } from '../shell/api.js';

/** The states, and the look of each in lists. */
export const STATES = {
  drafting: ['起草中', 'draft'],
  in_review: ['待审核', 'pending'],
  returned: ['已退回', 'returned'],
  in_approval: ['待签发', 'pending'],
  approved: ['已签发', 'approved'],
  filed: ['已生成', 'filed'],
};

const path = id => `/v1/drafts/${encodeURIComponent(id)}`;
const tagged = version => ({ 'if-match': `"${version}"` });

/** A record without the content. */
function withoutContent(draft) {
  const record = Object.assign({}, draft);
  delete record.content;
  return record;
}

/** The drafts of the agency, last changed first. @param {string} query */
export function list(query) {
  return getJson('/v1/drafts?limit=100' + (query ? '&' + query : ''));
}

/** A draft: `{record, content}`. */
export async function load(id) {
  const draft = await getJson(path(id));
  return { record: withoutContent(draft), content: draft.content };
}

/** Creates a draft and returns its record. The key makes a repeated request harmless. */
export async function create(content, key) {
  return (await postJson('/v1/drafts', content, { 'idempotency-key': key })).json();
}

/** Saves a new version and returns the record. Fails with 412 if another version is newer. */
export async function save(id, version, content) {
  const headers = Object.assign({ 'content-type': 'application/json' }, tagged(version));
  return (await request(path(id), { method: 'PUT', headers, body: JSON.stringify(content) })).json();
}

export function remove(id) {
  return request(path(id), { method: 'DELETE' });
}

/** Takes a step of 审签 and returns the record. */
export async function step(id, name, version, remark) {
  return (await postJson(`${path(id)}/steps`, { step: name, version, remark })).json();
}

export async function steps(id) {
  return (await getJson(`${path(id)}/steps`)).steps;
}

/** Reserves a number for a draft: the next free one, or the one that is asked for. */
export async function takeNumber(id, wanted) {
  return (await postJson(`${path(id)}/number`, wanted)).json();
}

/** The numbers of an agency in a year. */
export function sequences(year, agency) {
  return getJson('/v1/sequences?' + new URLSearchParams(agency ? { year, agency } : { year }).toString());
}
