// One paragraph of running text: grows with its text, Ctrl+B marks bold, Enter begins the next one.

import { html } from '../vendor/standalone.module.js';
import { sent, shown as asShown } from '../model/insertions.js';
import { paragraphs } from '../model/pasted.js';
import { Messages, useShown } from './field.js';
import { isComposing, toggleBold } from './keys.js';
import { fieldId } from './places.js';

/**
 * @param {{at: string, label: string, value: string, errors: any[], warnings: any[], showsAll: boolean,
 *   onText: (text: string) => void, onSplit?: (before: string, after: string[]) => void, onJoin?: () => void,
 *   onMove?: (by: number) => void}} props
 */
export function Text({ at, label, value: stored, errors, warnings, showsAll, onText, onSplit, onJoin, onMove }) {
  const value = asShown(stored);
  const { shown, events } = useShown(showsAll, value);
  const key = event => {
    if (isComposing(event)) return;
    const area = event.target;
    const caret = area.selectionStart;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'b') {
      event.preventDefault();
      toggleBold(area);
    } else if (event.key === 'Enter' && isPlain && onSplit) {
      event.preventDefault();
      onSplit(sent(area.value.slice(0, caret)), [sent(area.value.slice(area.selectionEnd))]);
    } else if (event.key === 'Backspace' && isPlain && caret === 0 && area.selectionEnd === 0 && onJoin) {
      event.preventDefault();
      onJoin();
    } else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown') && onMove) {
      event.preventDefault();
      onMove(event.key === 'ArrowUp' ? -1 : 1);
    }
  };
  const paste = event => {
    const parts = paragraphs(event.clipboardData.getData('text/plain'));
    if (parts.length < 2 || !onSplit) return;
    event.preventDefault();
    const area = event.target;
    const last = parts.length - 1;
    parts[last] += area.value.slice(area.selectionEnd);
    onSplit(sent(area.value.slice(0, area.selectionStart) + parts[0]), parts.slice(1).map(sent));
  };
  const id = fieldId(at);
  const isWrong = shown && errors.length > 0;
  return html`<div class="text">
    <div class="grow" data-text=${value + '\n'}>
      <textarea ...${events} id=${id} rows="1" aria-label=${label} aria-invalid=${isWrong ? 'true' : null}
        aria-describedby=${isWrong || warnings.length ? id + '-note' : null}
        class=${isWrong ? 'wrong' : warnings.length ? 'doubtful' : ''} value=${value}
        onInput=${event => onText(sent(event.target.value))} onKeyDown=${key} onPaste=${paste}></textarea>
    </div>
    <${Messages} id=${id + '-note'} errors=${errors} warnings=${warnings} shown=${shown} />
  </div>`;
}
