// A labelled field with the problems at its place.

import { html, useState } from '../vendor/standalone.module.js';
import { fieldId, problemsAt } from './places.js';

/**
 * Whether the errors of a field show: not while it is filled for the first time.
 * @param {boolean} showsAll @param {any} value
 */
export function useShown(showsAll, value) {
  const [isIn, setIn] = useState(false);
  const [wasLeft, setLeft] = useState(false);
  const isFilled = value !== '' && value !== undefined && value !== null;
  const events = {
    onFocus: () => setIn(true),
    onBlur: () => {
      setIn(false);
      setLeft(true);
    },
  };
  return { shown: showsAll || wasLeft || (isFilled && !isIn), events };
}

/** The sentences below a field. */
export function Messages({ id, errors, warnings, shown }) {
  const visible = shown ? errors : [];
  if (visible.length + warnings.length === 0) return null;
  return html`<div id=${id} class="messages">
    ${visible.map(one => html`<p class="fault">${one.detail}</p>`)}
    ${warnings.map(one => html`<p class="doubt">${one.detail}</p>`)}
  </div>`;
}

/**
 * @param {{at: string, label: string, form: any, value?: any, onValue?: (text: string) => void, type?: string,
 *   hint?: string, options?: string[][], className?: string, grows?: boolean, list?: string, quiet?: boolean,
 *   onKeyDown?: (event: any) => void, bare?: boolean}} props
 */
export function Field(props) {
  const { at, label, form, type, hint, options, className, grows, quiet, bare } = props;
  const value = props.value === undefined || props.value === null ? '' : props.value;
  const { errors, warnings } = problemsAt(form.problems, at);
  const { shown, events } = useShown(form.showsAll, value);
  const id = fieldId(at);
  const isWrong = shown && errors.length > 0;
  const shared = Object.assign({
    id,
    'aria-invalid': isWrong ? 'true' : null,
    'aria-describedby': isWrong || warnings.length ? id + '-note' : hint ? id + '-hint' : null,
    class: isWrong ? 'wrong' : warnings.length ? 'doubtful' : '',
    onKeyDown: props.onKeyDown,
  }, events);
  const take = event => (props.onValue ? props.onValue(event.target.value) : form.edit(at, event.target.value));
  return html`<div class=${'field ' + (className || '')}>
    <label for=${id} class=${quiet ? 'unseen' : ''}>${label}</label>
    ${options ? html`<select ...${shared} value=${value} onChange=${take}>
        ${options.map(([key, name]) => html`<option key=${key} value=${key} selected=${key === value}>${name}</option>`)}
      </select>`
    : grows ? html`<div class="grow" data-text=${value + '\n'}><textarea ...${shared} rows="1" value=${value} onInput=${take}></textarea></div>`
    : html`<input ...${shared} type=${type || 'text'} autocomplete="off" spellcheck="false" value=${value} onInput=${take} />`}
    ${hint && html`<p id=${id + '-hint'} class="hint">${hint}</p>`}
    ${!bare && html`<${Messages} id=${id + '-note'} errors=${errors} warnings=${warnings} shown=${shown} />`}
  </div>`;
}

/** A field whose value is removed when it is emptied. */
export function OptionalField(props) {
  const take = text => {
    const value = props.type === 'number' ? (text === '' ? undefined : Number(text)) : text || undefined;
    props.form.edit(props.at, value);
  };
  return html`<${Field} ...${props} onValue=${take} />`;
}
