// One document that is being written: its versions, its problems and where it is saved.

import { History } from '../model/history.js';
import * as json from '../model/pointer.js';
import { Sync } from '../drafts/sync.js';

/** The pause after the last change before the draft is saved, in milliseconds. */
const PAUSE = 800;

export class Editing {
  /** @param {any} draft @param {() => void} onChange */
  constructor(draft, onChange) {
    this.history = new History(draft.doc);
    this.onChange = onChange;
    this.sync = new Sync(draft, onChange);
    this.problems = { errors: [], warnings: [] };
    /** What to offer after the last change: `{text, action, run}`. @type {any} */
    this.notice = null;
    this.timer = 0;
    this.isComposing = false;
    this.edit = this.edit.bind(this);
    this.apply = this.apply.bind(this);
  }

  get doc() {
    return this.history.present;
  }

  get status() {
    return this.timer ? '正在保存…' : this.sync.status;
  }

  /** Sets the value at a pointer; `undefined` removes it. Typing in one place is one step of undo. */
  edit(pointer, value) {
    const before = json.get(this.doc, pointer);
    // A number that is typed as it was stays a number.
    const isSame = before === value || (typeof before === 'number' && String(before) === value)
      || (before === null && value === undefined);
    if (!isSame) this.apply(json.set(this.doc, pointer, value), pointer);
  }

  /** Replaces the document. */
  apply(doc, step = '') {
    if (doc === this.doc) return;
    this.history.change(withSignOff(this.doc, doc), step, Date.now());
    this.notice = null;
    this.changed();
  }

  /** Removes an entry of a list and offers to take that back. */
  removeEntry(list, index, name) {
    this.apply(json.remove(this.doc, list, index));
    this.offerUndo(name);
  }

  /** Removes a value and offers to take that back. */
  drop(pointer, name) {
    this.apply(json.set(this.doc, pointer, undefined));
    this.offerUndo(name);
  }

  offerUndo(name) {
    this.notify({ text: `已删除“${name}”`, action: '撤销', run: () => this.undo() });
  }

  /** Offers something after the last change, until the next one. */
  notify(notice) {
    this.notice = notice;
    this.onChange();
  }

  undo() {
    this.notice = null;
    if (this.history.undo()) this.changed();
  }

  redo() {
    if (this.history.redo()) this.changed();
  }

  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
    this.onChange();
  }

  /** Saves the draft now, here and on the server. */
  async save() {
    clearTimeout(this.timer);
    this.timer = 0;
    await this.sync.save(this.doc, this.isComposing);
  }

  /** Takes over what another person saved, if nothing here waits to be saved. */
  async refresh() {
    const { doc } = this;
    const content = this.timer ? null : await this.sync.newer();
    if (content !== null && doc === this.doc) this.apply(content);
  }

  /** Keeps what is not kept yet while the window closes. */
  saveAtOnce() {
    this.sync.saveAtOnce(this.doc);
  }

  /** Takes over the problems that the service found. */
  setProblems(errors, warnings) {
    this.problems = { errors, warnings };
    this.onChange();
  }
}

/** 署名 follows 发文机关 as long as they are equal. */
function withSignOff(before, after) {
  const old = before.document;
  const now = after.document;
  const follows = now.sign_off && old.issuers !== now.issuers && old.sign_off === now.sign_off
    && JSON.stringify(old.sign_off) === JSON.stringify(old.issuers);
  return follows ? json.set(after, '/document/sign_off', now.issuers) : after;
}
