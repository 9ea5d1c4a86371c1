// One document that is being written: its versions, its problems and its copy in this browser.

import { History } from '../model/history.js';
import * as json from '../model/pointer.js';
import { keep, keepAtOnce } from '../library/drafts.js';
import { momentText } from '../shell/dates.js';

/** The pause after the last change before the draft is kept, in milliseconds. */
const PAUSE = 600;

export class Editing {
  /** @param {{id: string, owner: string, doc: any, saved: number}} draft @param {() => void} onChange */
  constructor(draft, onChange) {
    this.draft = draft;
    this.history = new History(draft.doc);
    this.onChange = onChange;
    this.problems = { errors: [], warnings: [] };
    this.status = `已保存于本机 ${momentText(draft.saved)}`;
    this.undone = null;
    this.timer = 0;
    this.isDropped = false;
    this.edit = this.edit.bind(this);
    this.apply = this.apply.bind(this);
  }

  get doc() {
    return this.history.present;
  }

  /** Sets the value at a pointer; `undefined` removes it. Typing in one place is one step of undo. */
  edit(pointer, value) {
    this.apply(json.set(this.doc, pointer, value), pointer);
  }

  /** Replaces the document. */
  apply(doc, step = '') {
    if (doc === this.doc) return;
    this.history.change(withSignOff(this.doc, doc), step, Date.now());
    this.undone = null;
    this.changed();
  }

  /** Removes an entry of a list and offers to take that back. */
  removeEntry(list, index, name) {
    this.apply(json.remove(this.doc, list, index));
    this.undone = name;
    this.onChange();
  }

  undo() {
    this.undone = null;
    if (this.history.undo()) this.changed();
  }

  redo() {
    if (this.history.redo()) this.changed();
  }

  changed() {
    this.status = '正在保存…';
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
    this.onChange();
  }

  /** Keeps the draft in this browser now. */
  async save() {
    clearTimeout(this.timer);
    if (this.isDropped) return;
    const before = this.draft.saved;
    this.draft = Object.assign({}, this.draft, { doc: this.doc, saved: Date.now() });
    try {
      await keep(this.draft);
      this.status = `已保存于本机 ${momentText(this.draft.saved)}`;
    } catch (error) {
      this.status = `未能保存（上次保存：${momentText(before)}），请勿关闭此页`;
    }
    this.onChange();
  }

  /** Keeps what is not kept yet while the window closes. */
  saveAtOnce() {
    if (this.isDropped || this.draft.doc === this.doc) return;
    keepAtOnce(Object.assign({}, this.draft, { doc: this.doc, saved: Date.now() }));
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
