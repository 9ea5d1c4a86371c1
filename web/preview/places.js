// From a field to where its text is printed, and back. Places are in thousandths of a page.

import { parent } from '../model/pointer.js';

/** How far beside a text a click still means it. */
const NEAR = 12;

/** The places of a field: of the text itself, of what is inside it, or of the entry around it. */
export function placesOf(places, pointer) {
  for (let at = pointer; at !== ''; at = parent(at)) {
    const same = places.filter(place => place.pointer === at);
    if (same.length > 0) return same;
    const title = places.filter(place => place.pointer === at + '/title');
    if (title.length > 0) return title;
    const inside = places.filter(place => place.pointer.startsWith(at + '/'));
    if (inside.length > 0) return at === pointer ? inside : inside.slice(0, 1);
  }
  return [];
}

/** The pointer of the text at a point of a page; `null` if there is none. */
export function pointerAt(places, page, x, y) {
  const here = places.filter(place => place.page === page && distance(place, x, y) <= NEAR);
  here.sort((a, b) => distance(a, x, y) - distance(b, x, y) || a.width * a.height - b.width * b.height);
  return here.length > 0 ? here[0].pointer : null;
}

function distance(place, x, y) {
  const beside = Math.max(place.x - x, 0, x - place.x - place.width);
  const above = Math.max(place.y - y, 0, y - place.y - place.height);
  return Math.max(beside, above);
}
