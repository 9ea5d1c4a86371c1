// Requests to the service. Every failure is an `ApiProblem` with a sentence for the clerk.

export class ApiProblem extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(body.detail || body.title || '服务未能完成请求。');
    this.status = status;
    this.title = body.title || '未能完成';
    this.errors = body.errors || [];
    this.warnings = body.warnings || [];
    this.requestId = body.request_id || '';
  }
}

const listeners = { over: new Set(), begun: new Set() };

/** Calls a function whenever a session is over or has begun. Returns how to stop that. */
export function onSession(change, listener) {
  listeners[change].add(listener);
  return () => listeners[change].delete(listener);
}

function tell(change) {
  listeners[change].forEach(listener => listener());
}

/** @param {string} path @param {RequestInit} [options] @returns {Promise<Response>} */
export async function request(path, options) {
  let response;
  try {
    response = await fetch(path, Object.assign({ credentials: 'same-origin' }, options));
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiProblem(0, { title: '连接中断', detail: '暂时连不上服务，请检查网络；已填的内容不会丢失。' });
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => ({}));
  if (response.status === 401) tell('over');
  throw new ApiProblem(response.status, body);
}

/** @param {string} path */
export async function getJson(path) {
  return (await request(path)).json();
}

/** @param {string} path @param {any} value @param {Record<string, string>} [headers] */
export function postJson(path, value, headers) {
  const all = Object.assign({ 'content-type': 'application/json' }, headers);
  return request(path, { method: 'POST', headers: all, body: JSON.stringify(value) });
}

/** The caller; `null` if nobody is signed in. */
export async function whoAmI() {
  try {
    return await getJson('/v1/me');
  } catch (error) {
    if (error.status === 401 || error.status === 403) return null;
    throw error;
  }
}

/** Signs in with a key; the service answers with a session cookie, so the key is not kept. */
export async function signIn(key) {
  const response = await request('/auth/key', { method: 'POST', headers: { authorization: `Bearer ${key}` } });
  tell('begun');
  return response.json();
}

export function signOut() {
  return request('/auth/logout', { method: 'POST' });
}

/** Whether the office has a sign-in service of its own. */
export async function hasProvider() {
  const response = await fetch('/auth/login', { redirect: 'manual' }).catch(() => null);
  return response !== null && response.type === 'opaqueredirect';
}
