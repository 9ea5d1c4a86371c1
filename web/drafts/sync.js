// Keeps a draft in this browser and on the server: every pause is saved, and what the line or another
// clerk prevents waits here.

import { onSession } from '../shell/api.js';
import { momentText } from '../shell/dates.js';
import * as server from './server.js';
import { keep, keepAtOnce, rename } from './store.js';

/** The pause before a save that failed is repeated, in milliseconds. */
const RETRY = 5000;

export class Sync {
  /** @param {any} draft The draft as the browser keeps it. @param {() => void} onChange */
  constructor(draft, onChange) {
    this.draft = draft;
    this.onChange = onChange;
    /** The record and content of the newer version of another clerk. @type {any} */
    this.conflict = null;
    this.isDropped = false;
    this.running = null;
    this.timer = 0;
    this.status = draft.server && !draft.isDirty ? `已保存 ${momentText(draft.server.changed_at)}` : `已保存于本机 ${momentText(draft.saved)}`;
    this.stops = [onSession('begun', () => this.push())];
    const push = () => this.push();
    addEventListener('online', push);
    this.stops.push(() => removeEventListener('online', push));
  }

  /** The record on the server; `null` while the draft is only here. */
  get record() {
    return this.draft.server || null;
  }

  /** Whether this caller may take a step with the draft. */
  may(step) {
    return this.record === null ? step === 'edit' || step === 'file' : this.record.steps.includes(step);
  }

  say(status) {
    this.status = status;
    this.onChange();
  }

  /** Keeps a document here, then on the server unless a word is being composed. */
  async save(doc, isComposing = false) {
    if (this.isDropped) return;
    const isChanged = doc !== this.draft.doc;
    const before = this.draft.saved;
    this.draft = Object.assign({}, this.draft, { doc, saved: Date.now(), isDirty: isChanged || Boolean(this.draft.isDirty) });
    try {
      await keep(this.draft);
    } catch (error) {
      if (!this.record) return this.say(`未能保存（上次保存：${momentText(before)}），请勿关闭此页`);
    }
    if (isComposing) this.say(`已保存于本机 ${momentText(this.draft.saved)}`);
    else await this.push();
  }

  /** Keeps a document while the window closes. */
  saveAtOnce(doc) {
    if (this.isDropped || doc === this.draft.doc) return;
    keepAtOnce(Object.assign({}, this.draft, { doc, saved: Date.now(), isDirty: true }));
  }

  /** Saves what the server does not have. Requests follow each other, and the last document wins. */
  push() {
    if (!this.running) {
      this.running = this.pushAll().then(() => {
        this.running = null;
      });
    }
    return this.running;
  }

  async pushAll() {
    clearTimeout(this.timer);
    while (this.draft.isDirty && !this.isDropped && !this.conflict) {
      const { doc } = this.draft;
      try {
        const record = await this.send(doc);
        await this.take(record, doc);
      } catch (error) {
        return this.failed(error);
      }
    }
    if (!this.conflict && !this.isDropped) this.say(this.record ? `已保存 ${momentText(this.record.changed_at)}` : `已保存于本机 ${momentText(this.draft.saved)}`);
  }

  send(doc) {
    if (this.record) return server.save(this.record.id, this.record.version, doc);
    // The same request again, not another content, creates no second draft.
    return server.create(doc, `${this.draft.id}-${this.draft.saved}`);
  }

  /** Takes over the record of the server; the address then names the draft as others do. */
  async take(record, doc) {
    const before = this.draft.id;
    this.draft = Object.assign({}, this.draft, { id: record.id, server: record, isDirty: this.draft.doc !== doc });
    await rename(before, this.draft).catch(() => null);
    if (before !== record.id && location.hash === `#/draft/${before}`) history.replaceState(null, '', `#/drafts/${record.id}`);
  }

  async failed(error) {
    const here = `内容已存于本机（${momentText(this.draft.saved)}）`;
    if (error.status === 412) return this.meetConflict();
    if (error.status === 404) return this.keepHere();
    if (error.status === 409 && this.record) await this.seeAgain();
    // Not to be repeated: the server would refuse the same again.
    if (error.status >= 400 && error.status < 500 && ![401, 408, 429].includes(error.status)) return this.say(`未能保存到服务器：${error.message}${here}`);
    this.timer = setTimeout(() => this.push(), RETRY);
    this.say(`未能保存到服务器，${here}`);
  }

  /** Takes over the record of the server, as when another person has locked the draft. */
  async seeAgain() {
    const there = await server.load(this.record.id).catch(() => null);
    if (there) this.draft = Object.assign({}, this.draft, { server: Object.assign({}, there.record, { version: this.record.version }) });
  }

  /**
   * What the server has, if it is newer and nothing here waits to be saved: the content, or `null`. The record is taken
   * over in any case.
   */
  async newer() {
    if (!this.record || this.draft.isDirty || this.isDropped || this.conflict) return null;
    const { version } = this.record;
    const there = await server.load(this.record.id).catch(() => null);
    if (!there || this.draft.isDirty || this.record.version !== version) return null;
    await this.see(there.record);
    if (there.record.version === version) return null;
    this.draft = Object.assign({}, this.draft, { doc: there.content });
    return there.content;
  }

  /** The draft was deleted on the server: it lives on in this browser. */
  async keepHere() {
    this.draft = Object.assign({}, this.draft, { server: null });
    await keep(this.draft).catch(() => null);
    this.say(`已保存于本机 ${momentText(this.draft.saved)}`);
  }

  async meetConflict() {
    try {
      this.conflict = await server.load(this.record.id);
      this.say('另一版本更新，请选择');
    } catch (error) {
      await this.failed(error);
    }
  }

  /** Ends a conflict with a document, which becomes the version after the newer one. */
  async settle(doc) {
    const { record } = this.conflict;
    this.conflict = null;
    this.draft = Object.assign({}, this.draft, { server: record, doc, saved: Date.now(), isDirty: true });
    await keep(this.draft).catch(() => null);
    await this.push();
  }

  /** Takes over a record after a step of 审签 or another act. */
  async see(record) {
    this.draft = Object.assign({}, this.draft, { server: record });
    await keep(this.draft).catch(() => null);
    this.onChange();
  }

  stop() {
    clearTimeout(this.timer);
    this.stops.forEach(stop => stop());
  }
}
