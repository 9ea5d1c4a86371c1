// The pages beside the form, with zoom and page turning.

import { html, useEffect, useLayoutEffect, useRef, useState } from '../vendor/standalone.module.js';
import { placesOf, pointerAt } from './places.js';

const ZOOMS = [0.7, 0.85, 1, 1.25, 1.5, 2];
const GAP = 16;

/** @param {{loop: any, state: any, active?: string, onPlace?: (pointer: string) => void}} props */
export function Pages({ loop, state, active, onPlace }) {
  const scroll = useRef(null);
  const [zoom, setZoom] = useState(1);
  const [space, setSpace] = useState(560);
  const [first, setFirst] = useState(1);
  const { pages, pictures, isStale, empty, fault } = state;
  const width = Math.round((space - 2 * GAP) * zoom);
  const heights = pages.map(page => Math.round(page.height * width / state.width));
  const look = () => setFirst(watch(scroll.current, heights, loop, width));
  useLayoutEffect(() => {
    const measure = () => scroll.current && setSpace(scroll.current.clientWidth);
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, []);
  useEffect(() => {
    look();
  }, [width, pages]);
  const topOf = page => heights.slice(0, page - 1).reduce((sum, height) => sum + height + GAP, 0);
  const turn = to => {
    scroll.current.scrollTop = topOf(to);
  };
  const shown = active ? placesOf(state.places, active) : [];
  useEffect(() => {
    if (shown.length > 0) bringIntoView(scroll.current, topOf(shown[0].page), shown[0], heights[shown[0].page - 1]);
  }, [active, state.places]);
  const gapsOn = page => state.places.filter(place => place.page === page && empty.includes(place.pointer));
  const click = (event, page) => {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width * 1000, (event.clientY - box.top) / box.height * 1000];
    const pointer = onPlace && pointerAt(state.places, page, x, y);
    if (pointer) onPlace(pointer);
  };
  return html`<section class="pages" aria-label="版面">
    <${Tools} zoom=${zoom} onZoom=${setZoom} first=${first} count=${pages.length} onTurn=${turn} />
    ${fault ? html`<p class="note note-fault" role="status">${fault}</p>`
      : isStale ? html`<p class="note" role="status">有错误，版面停在上次正确的内容。</p>`
      : empty.length > 0 ? html`<p class="note" role="status">〔　〕处尚未填写。</p>` : ''}
    <div class="pages-scroll" ref=${scroll} onScroll=${look} tabindex="0" aria-label="各页版面">
      ${pages.length === 0 && html`<p class="quiet pages-none">${isStale ? '改正错误后显示版面。' : '正在排版…'}</p>`}
      ${pages.map((page, index) => html`<div key=${index} class=${onPlace ? 'paper paper-leads' : 'paper'}
          style=${{ width: width + 'px', height: heights[index] + 'px' }} onClick=${event => click(event, index + 1)}>
        ${pictures.has(page.hash) && html`<img src=${pictures.get(page.hash)} alt=${`第${index + 1}页`} />`}
        ${gapsOn(index + 1).map((place, n) => html`<${Box} key=${'g' + n} look="gap" place=${place} beside=${place.height * 0.7} />`)}
        ${shown.filter(place => place.page === index + 1).map((place, n) => html`<${Box} key=${n} look="mark" place=${place} beside=${8} around=${3} />`)}
      </div>`)}
    </div>
  </section>`;
}

/** A box over a text: the outline of the field that has the focus, or the veil that makes a placeholder grey. A bracket is outside its box. */
function Box({ look, place, beside, around = 0 }) {
  const part = value => value / 10 + '%';
  const style = {
    left: part(place.x - beside),
    top: part(place.y - around),
    width: part(place.width + 2 * beside),
    height: part(place.height + 2 * around),
  };
  return html`<div class=${look} style=${style}></div>`;
}

/** Scrolls only if the place is out of view: pages that follow every key would be a nuisance. */
function bringIntoView(box, pageTop, place, pageHeight) {
  const top = pageTop + place.y / 1000 * pageHeight;
  const bottom = top + Math.min(place.height / 1000 * pageHeight, box.clientHeight / 2);
  const isSeen = top >= box.scrollTop && bottom <= box.scrollTop + box.clientHeight;
  if (!isSeen) box.scrollTop = Math.max(0, top - box.clientHeight / 3);
}

/** Tells the loop which pages are in view, with one before and one after. Returns the first. */
function watch(box, heights, loop, width) {
  if (!box) return 1;
  const [top, bottom] = [box.scrollTop, box.scrollTop + box.clientHeight];
  let at = 0;
  let first = 0;
  const seen = [];
  heights.forEach((height, index) => {
    if (at + height > top && at < bottom) seen.push(index + 1);
    if (!first && at + height > top + box.clientHeight / 3) first = index + 1;
    at += height + GAP;
  });
  const from = Math.max(1, (seen[0] || 1) - 1);
  const to = Math.max(2, (seen[seen.length - 1] || 1) + 1);
  const wanted = [];
  for (let page = from; page <= to; page++) wanted.push(page);
  // In steps of 20 pixels, so that a slightly other window needs no new pictures.
  const pixels = Math.round(width * (window.devicePixelRatio || 1) / 20) * 20;
  loop.look(wanted, Math.min(2400, Math.max(100, pixels)));
  return first || 1;
}

function Tools({ zoom, onZoom, first, count, onTurn }) {
  const step = by => {
    const next = ZOOMS[ZOOMS.indexOf(zoom) + by];
    if (next) onZoom(next);
  };
  return html`<div class="pages-tools">
    <button type="button" class="small" aria-label="上一页" disabled=${first <= 1} onClick=${() => onTurn(first - 1)}>‹</button>
    <span class="pages-count">${count > 0 ? `第${first}页，共${count}页` : '　'}</span>
    <button type="button" class="small" aria-label="下一页" disabled=${first >= count} onClick=${() => onTurn(first + 1)}>›</button>
    <span class="spread"></span>
    <button type="button" class="small" aria-label="缩小" disabled=${zoom === ZOOMS[0]} onClick=${() => step(-1)}>－</button>
    <span class="pages-zoom">${Math.round(zoom * 100)}%</span>
    <button type="button" class="small" aria-label="放大" disabled=${zoom === ZOOMS[ZOOMS.length - 1]} onClick=${() => step(1)}>＋</button>
  </div>`;
}

/** The state of the pages before the first answer. */
export const NO_PAGES = { pages: [], places: [], pictures: new Map(), width: 600, isStale: false, empty: [], fault: '' };
