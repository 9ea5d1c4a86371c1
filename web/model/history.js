// The versions of a document, for undo and redo. Typing in one field is one step.

/** The longest pause within one step of typing, in milliseconds. */
const PAUSE = 1500;
const LONGEST = 300;

export class History {
  /** @param {any} present */
  constructor(present) {
    this.present = present;
    this.past = [];
    this.future = [];
    this.step = '';
    this.at = 0;
  }

  /** Replaces the present. Changes of the same step merge while they follow each other quickly. */
  change(next, step, now) {
    const merges = step !== '' && step === this.step && now - this.at < PAUSE;
    if (!merges) this.past = this.past.concat([this.present]).slice(-LONGEST);
    this.present = next;
    this.future = [];
    this.step = step;
    this.at = now;
  }

  undo() {
    if (this.past.length === 0) return false;
    this.future.push(this.present);
    this.present = this.past.pop();
    this.step = '';
    return true;
  }

  redo() {
    if (this.future.length === 0) return false;
    this.past.push(this.present);
    this.present = this.future.pop();
    this.step = '';
    return true;
  }
}
