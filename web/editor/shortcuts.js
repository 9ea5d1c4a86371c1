// The keys of the editor: save, undo and redo, next problem, 生成公文.

import { get } from '../model/pointer.js';
import { isComposing } from '../fields/keys.js';
import { sorted, standInNext } from './problems.js';

/** The pointer of the text field that has the focus; empty if none has. */
function focused() {
  const field = document.activeElement;
  const isText = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type === 'text');
  return isText && field.id.startsWith('at/') ? field.id.slice(2) : '';
}

/**
 * Whether the browser's own undo is the right one: typing in this field was the last change. Its steps
 * are words, and the caret stays where it was.
 */
function isOwnUndo(editing) {
  const at = focused();
  const { past, present, step } = editing.history;
  if (at === '' || step !== at || past.length === 0) return false;
  const before = past[past.length - 1];
  if (get(before, at) !== get(present, at)) return true;
  // Undone to where the typing began: the step is used up.
  past.pop();
  return false;
}

/** Remembers what the browser undid, so that its own redo takes that back. */
export function noteInput(event, view) {
  view.ownRedo = event.inputType === 'historyUndo' ? event.target.id : '';
}

/** @param {any} event @param {{editing: any, view: any, finish: () => void}} parts */
export function shortcut(event, { editing, view, finish }) {
  if (isComposing(event) || event.defaultPrevented) return;
  const isControl = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (event.key === 'F8') {
    view.last = standInNext(sorted(editing.problems, editing.doc), view.last, event.shiftKey ? -1 : 1);
  } else if (event.key === 'F9') {
    finish();
  } else if (isControl && key === 's') {
    editing.save();
  } else if (isControl && (key === 'y' || (key === 'z' && event.shiftKey))) {
    if (view.ownRedo !== '' && view.ownRedo === event.target.id) return;
    editing.redo();
  } else if (isControl && key === 'z') {
    if (isOwnUndo(editing)) return;
    editing.undo();
  } else {
    return;
  }
  event.preventDefault();
}
