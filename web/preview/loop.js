// Keeps the pictures of the pages up to date: one request at a time, the newest document wins.

import { postJson, request } from '../shell/api.js';
import { filled, gaps } from '../model/placeholders.js';

/** The pause after the last change, in milliseconds. */
const PAUSE = 120;
/** The pause before a request that failed is sent again. */
const RETRY = 4000;
/** Pictures of pages that are kept although no page shows them, for undo. */
const SPARE = 24;

export class PreviewLoop {
  /** @param {{onPages: (state: any) => void, onProblems: (errors: any[], warnings: any[]) => void}} events */
  constructor(events) {
    this.events = events;
    this.pictures = new Map();
    this.pages = [];
    this.visible = [1, 2];
    this.width = 600;
    this.doc = null;
    /** Where the pages of a stored document are, for callers who may not submit. */
    this.stored = '';
    this.timer = 0;
    this.isBusy = false;
    this.isDirty = false;
    this.isOver = false;
  }

  /** Takes over a document. @param {any} doc @param {number} [pause] */
  update(doc, pause = PAUSE) {
    this.doc = doc;
    this.schedule(pause);
  }

  /** Shows what is stored on the server instead of a document. @param {string} path */
  showStored(path) {
    this.stored = path;
    this.doc = {};
    this.schedule(0);
  }

  /** Takes over which pages are in view and how wide they are, in pixels. */
  look(visible, width) {
    const isSame = width === this.width && visible.every(page => this.visible.includes(page));
    this.visible = visible;
    this.width = width;
    const isMissing = visible.some(page => this.pages[page - 1] && !this.pictures.has(this.pages[page - 1].hash));
    if (!isSame || isMissing) this.schedule(0);
  }

  schedule(pause) {
    this.isDirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), pause);
  }

  stop() {
    this.isOver = true;
    clearTimeout(this.timer);
    this.pictures.forEach(url => URL.revokeObjectURL(url));
    this.pictures.clear();
  }

  async run() {
    if (this.isBusy || !this.isDirty || !this.doc || this.isOver) return;
    this.isBusy = true;
    this.isDirty = false;
    const { doc } = this;
    try {
      await this.show(doc);
    } catch (error) {
      if (!this.isOver) this.events.onPages({ fault: error.message });
      if (error.status !== 401) this.timer = setTimeout(() => this.schedule(0), RETRY);
    }
    this.isBusy = false;
    // Something changed meanwhile; its own pause is over or still runs.
    if (this.isDirty) this.schedule(PAUSE);
  }

  async show(doc) {
    let answer = await this.ask(doc);
    if (this.isOver) return;
    const { errors, warnings } = answer.layout;
    this.events.onProblems(errors, warnings);
    let empty = [];
    if (!answer.layout.valid) {
      const substitute = this.stored ? doc : filled(doc, errors);
      if (substitute === doc) return this.events.onPages({ isStale: true, fault: '' });
      answer = await this.ask(substitute);
      empty = gaps(doc, substitute);
      if (!answer.layout.valid) return this.events.onPages({ isStale: true, fault: '' });
    }
    this.pages = answer.layout.pages;
    const { places } = answer.layout;
    await this.take(answer.form);
    if (this.isOver) return;
    this.events.onPages({ pages: this.pages, pictures: this.pictures, places, width: answer.width, isStale: false, empty, fault: '' });
  }

  async ask(doc) {
    const { width } = this;
    const have = this.visible.map(page => this.pages[page - 1]).filter(page => page && this.pictures.has(page.hash));
    const query = `width=${width}&want=${this.visible.join(',')}&have=${have.map(page => page.hash).join(',')}`;
    const response = this.stored ? await request(`${this.stored}?${query}`) : await postJson('/v1/previews/pages?' + query, doc);
    const form = await response.formData();
    return { form, width, layout: JSON.parse(String(form.get('layout'))) };
  }

  /** Takes the pictures of a response, decoded, so that the swap does not flicker. */
  async take(form) {
    for (let page = 1; page <= this.pages.length; page++) {
      const file = form.get(`page-${page}`);
      if (!file) continue;
      const url = URL.createObjectURL(file);
      const image = new Image();
      image.src = url;
      await image.decode().catch(() => null);
      this.pictures.set(this.pages[page - 1].hash, url);
    }
    this.forget();
  }

  forget() {
    const shown = new Set(this.pages.map(page => page.hash));
    const spare = Array.from(this.pictures.keys()).filter(hash => !shown.has(hash));
    for (const hash of spare.slice(0, Math.max(0, spare.length - SPARE))) {
      URL.revokeObjectURL(this.pictures.get(hash));
      this.pictures.delete(hash);
    }
  }
}
