// One paragraph of running text: grows with its text, Ctrl+B marks bold, Enter begins the next one.

import { html } from '../vendor/standalone.module.js';
import { sent, shown as asShown } from '../model/insertions.js';
import { textsOf, tidied } from '../clipboard/tidied.js';
import { Messages, useShown } from './field.js';
import { isComposing, toggleBold } from './keys.js';
import { fieldId } from './places.js';

/**
 * @param {{at: string, label: string, value: string, errors: any[], warnings: any[], showsAll: boolean,
 *   onText: (text: string) => void, onSplit?: (before: string, after: string[]) => void, onJoin?: () => void, onBlocks?: (before: string, blocks: any[], after: string, text: string) => void,
 *   onMove?: (by: number) => void}} props `onBlocks` takes over what was pasted: paragraphs, headings and tables.
 */
export function Text({ at, label, value: stored, errors, warnings, showsAll, onText, onSplit, onJoin, onBlocks, onMove }) {
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
    const [plain, rich] = ['text/plain', 'text/html'].map(type => event.clipboardData.getData(type));
    const area = event.target;
    const [before, after] = [area.value.slice(0, area.selectionStart), area.value.slice(area.selectionEnd)];
    const blocks = tidied(plain, rich);
    const isText = blocks.length === 1 && (typeof blocks[0] === 'string' || before + after !== '' || !onBlocks);
    if (blocks.length === 0 || (isText && typeof blocks[0] === 'string' && blocks[0] === plain)) return;
    event.preventDefault();
    const texts = textsOf(plain, rich);
    // So that the browser's own undo takes it back.
    if (isText) document.execCommand('insertText', false, typeof blocks[0] === 'string' ? blocks[0] : texts.join(''));
    else if (onBlocks) onBlocks(sent(before), blocks, sent(after), plain);
    else if (onSplit) onSplit(sent(before + texts[0]), texts.slice(1).map((text, index) => sent(index === texts.length - 2 ? text + after : text)));
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
