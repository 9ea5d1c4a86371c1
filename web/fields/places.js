// Where the value at a JSON Pointer stands in the form.

import { parent } from '../model/pointer.js';

/**
 * Values without a field of their own, and the field that sets them.
 * @type {[RegExp, string][]}
 */
const ALIASES = [
  [/^\/document\/sign_off(\/|$)/, '/document/issuers$1'],
  [/^\/document\/attachments\/(\d+)\/body$/, '/document/attachments/$1/title'],
];

/** The id of the field for a pointer. @param {string} pointer */
export function fieldId(pointer) {
  return 'at' + pointer;
}

/** The element for a pointer, or for what is around it. @param {string} pointer @returns {HTMLElement|null} */
export function elementAt(pointer) {
  let at = pointer;
  for (const [from, to] of ALIASES) at = at.replace(from, to);
  for (; ; at = parent(at)) {
    const element = document.getElementById(fieldId(at));
    if (element) return element;
    if (at === '') return null;
  }
}

/** Opens what hides the field, scrolls to it and stands in it. @param {string} pointer */
export function standIn(pointer) {
  const element = elementAt(pointer);
  if (!element) return;
  for (let around = element.parentElement; around; around = around.parentElement) {
    if (around.tagName === 'DETAILS') around.setAttribute('open', '');
  }
  if (element.tagName === 'DETAILS') element.setAttribute('open', '');
  const inner = 'input, textarea, select, button';
  const target = element.matches(inner) ? element : element.querySelector(inner) || element;
  target.scrollIntoView({ block: 'center' });
  /** @type {HTMLElement} */ (target).focus({ preventScroll: true });
}

/**
 * Runs an action once the form shows the change that was just made, and before the next key arrives.
 * Preact draws in a microtask, which was queued before this one.
 */
export function afterDrawing(action) {
  Promise.resolve().then(action);
}

/** The problems at a pointer, or at what stands in its place. */
export function problemsAt(problems, pointer) {
  const isHere = one => {
    let at = one.pointer;
    for (const [from, to] of ALIASES) at = at.replace(from, to);
    return at === pointer;
  };
  return {
    errors: problems.errors.filter(isHere),
    warnings: problems.warnings.filter(isHere),
  };
}
