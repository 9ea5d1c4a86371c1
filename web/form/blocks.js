// 正文: paragraphs, headings and tables, one block after the other.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { untouched } from '../clipboard/tidied.js';
import { TYPES, blockOf, retyped, textOf, textPath, typeOf } from '../model/blocks.js';
import { withoutNumber } from '../clipboard/pasted.js';
import { memo } from '../shell/memo.js';
import { rosterOf } from '../model/roster.js';
import { Text } from '../fields/text.js';
import { Grid } from './grid.js';
import { Field, Messages } from '../fields/field.js';
import { afterDrawing, fieldId, problemsAt, standIn } from '../fields/places.js';
import { standAtStart } from '../fields/paragraphs.js';
import { rowForm } from '../fields/row-form.js';

/** @param {{at: string, label: string, blocks: any[], form: any, simple?: boolean}} props */
export function Blocks({ at, label, blocks, form, simple }) {
  const list = blocks || [];
  const own = problemsAt(form.problems, at);
  return html`<div class="blocks" id=${fieldId(at)}>
    ${list.map((block, index) => html`<${Row} key=${index} at=${`${at}/${index}`} list=${at} index=${index} label=${label}
      block=${block} simple=${simple} form=${rowForm(form, `${at}/${index}`)} isLast=${index === list.length - 1} />`)}
    <button type="button" class="add" onClick=${() => {
      form.apply(json.insert(form.doc, at, list.length, ''));
      afterDrawing(() => standIn(`${at}/${list.length}`));
    }}>＋ 段落</button>
    <${Messages} errors=${own.errors} warnings=${own.warnings} shown />
  </div>`;
}

const Row = memo(({ at, list, index, label, block, form, simple }) => {
  const type = typeOf(block);
  const path = textPath(block);
  const actions = rowActions({ at, list, index, block, form, type });
  const move = event => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') || event.defaultPrevented) return;
    event.preventDefault();
    actions.move(event.key === 'ArrowUp' ? -1 : 1);
  };
  return html`<div class=${'block block-' + type} id=${path === '' ? null : fieldId(at)} onKeyDown=${move}>
    ${simple ? '' : html`<select class="block-type" aria-label=${`${label}第${index + 1}段的样式`} value=${type}
        onChange=${event => actions.retype(event.target.value)}>
      ${TYPES.map(([group, types]) => {
        const options = types.map(([key, name]) => html`<option key=${key} value=${key} selected=${key === type}>${name}</option>`);
        return group === '' ? options : html`<optgroup key=${group} label=${group}>${options}</optgroup>`;
      })}
    </select>`}
    <div class="block-body">
      ${block.score_table ? html`<p class="quiet">此处印出下面“得分”中的各项得分。</p>`
        : block.roster ? html`<${Roster} at=${`${at}/roster`} label=${`${label}第${index + 1}段`} block=${block} form=${form} />`
        : path === null ? html`<${Grid} at=${`${at}/table`} table=${block.table} form=${form} />`
        : html`<${BlockText} at=${at} path=${path} label=${`${label}第${index + 1}段`} block=${block} form=${form} actions=${actions} />`}
    </div>
    <button type="button" class="small" title="删除此段" aria-label=${`删除${label}第${index + 1}段`}
      onClick=${() => form.removeEntry(list, index, textOf(block).slice(0, 12) || '空段')}>×</button>
  </div>`;
});

/** A list of names, a line for each. */
function Roster({ at, label, block, form }) {
  const inside = one => one.pointer.startsWith(at);
  return html`<${Field} at=${at} label=${label} quiet grows bare form=${form} value=${textOf(block)}
      hint="一人一行，称谓后加冒号，如“组　长：程远山　市长”；称谓相同的，下一行只写姓名。"
      onValue=${text => form.edit(at, rosterOf(text))} />
    <${Messages} errors=${form.problems.errors.filter(inside)} warnings=${form.problems.warnings.filter(inside)} shown />`;
}

function BlockText({ at, path, label, block, form, actions }) {
  const here = problemsAt(form.problems, at + path);
  const around = path === '' ? { errors: [], warnings: [] } : problemsAt(form.problems, at);
  const isRunIn = block.heading && block.paragraph != null;
  const beside = isRunIn && problemsAt(form.problems, at + '/paragraph');
  return html`<${Text} at=${at + path} label=${label} value=${textOf(block)} showsAll=${form.showsAll}
      errors=${here.errors.concat(around.errors)} warnings=${here.warnings.concat(around.warnings)}
      onText=${text => form.edit(at + path, text)} onSplit=${actions.split} onJoin=${actions.join}
      onBlocks=${actions.paste} onMove=${actions.move} />
    ${isRunIn && html`<${Text} at=${at + '/paragraph'} label="接排的正文" value=${block.paragraph} showsAll=${form.showsAll}
      errors=${beside.errors} warnings=${beside.warnings} onText=${text => form.edit(at + '/paragraph', text)} />`}`;
}

/** The document with blocks pasted between two parts of the text of a block. */
function pasted(doc, { at, list, index, before, found, after, withText }) {
  const blocks = found.slice();
  const replaces = before === '' && typeof blocks[0] !== 'string';
  let next = doc;
  if (replaces) next = json.remove(doc, list, index);
  else next = json.set(doc, at, withText(before + (typeof blocks[0] === 'string' ? blocks.shift() : '')));
  const last = blocks.length - 1;
  if (after !== '' && last >= 0 && typeof blocks[last] === 'string') blocks[last] += after;
  else if (after !== '' && last >= 0) blocks.push(after);
  else if (after !== '') return json.set(next, at, withText(textOf(json.get(next, at)) + after));
  return json.insert(next, list, replaces ? index : index + 1, ...blocks);
}

/** What the keys and buttons of a block do. */
function rowActions({ at, list, index, block, form, type }) {
  const withText = text => (textPath(block) === null ? text : json.set(block, textPath(block), text));
  return {
    split(before, after) {
      // A heading is followed by a paragraph, an article by an article.
      const next = /^(article|item)/.test(type) ? type : 'paragraph';
      const doc = json.set(form.doc, at, withText(before));
      form.apply(json.insert(doc, list, index + 1, ...after.map(text => blockOf(next, text))));
      afterDrawing(() => standAtStart(`${list}/${index + after.length}`));
    },
    paste(before, blocks, after, plain) {
      const insert = found => {
        form.apply(pasted(form.doc, { at, list, index, before, found, after, withText }));
        afterDrawing(() => standIn(`${list}/${index + found.length - 1}`));
      };
      insert(blocks);
      const asItWas = () => {
        form.editing.undo();
        insert(untouched(plain));
      };
      form.notify({ text: `已整理为${blocks.length}段`, action: '按原文粘贴', run: asItWas });
    },
    join() {
      const before = json.get(form.doc, list)[index - 1];
      const path = before === undefined ? null : textPath(before);
      if (path === null) return;
      const text = textOf(before);
      const doc = json.remove(form.doc, list, index);
      form.apply(json.set(doc, `${list}/${index - 1}${path}`, text + textOf(block)));
      afterDrawing(() => standAtStart(`${list}/${index - 1}`, text.length));
    },
    move(by) {
      form.apply(json.move(form.doc, list, index, index + by));
      afterDrawing(() => standIn(`${list}/${index + by}`));
    },
    retype(to) {
      if (to === type) return;
      const kept = block.roster ? block : withText(textPath(block) === null ? '' : withoutNumber(textOf(block)));
      const blocks = retyped(kept, to);
      form.apply(json.insert(json.remove(form.doc, list, index), list, index, ...blocks));
    },
  };
}
