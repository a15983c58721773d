// What the views are made of: the API's answers, the page's own query, elements, and times.

const Patience = 20_000;

/** Smaller differences are the second that the Date header leaves out. */
const ClocksAgree = 2_000;

let ahead = 0;

/** What this page was asked to show. */
export const query = Object.fromEntries([...new URLSearchParams(location.search)].filter(([, value]) => value));

/** Why there is no answer. Its status is 0 when nobody gave one. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** The time by the clock of the silo, which is what freshness is judged by. */
export const now = () => Date.now() + ahead;

/** Where something of the API is. */
export const api = (path, parameters = {}) => new URL(`api/v1/${path}${link(parameters)}`, document.baseURI);

/** The query with these parameters, without the empty ones. */
export const link = parameters => `?${new URLSearchParams(Object.entries(parameters).filter(([, value]) => value))}`;

export async function ask(path, parameters) {
  const answer = await fetch(api(path, parameters), { cache: 'no-store', signal: AbortSignal.timeout(Patience) })
    .catch(failure => { throw new Problem(0, nobody(failure)); });
  const body = await answer.json().catch(() => null);
  const difference = Date.parse(answer.headers.get('Date')) - Date.now();
  ahead = Math.abs(difference) > ClocksAgree ? difference : 0;
  if (!answer.ok || !body) {
    throw new Problem(answer.status, body?.detail ?? `The answer was ${answer.status}, without a word.`);
  }

  return body;
}

const nobody = failure =>
  failure.name === 'TimeoutError' ? `No answer within ${Patience / 1000} s.` : 'The fleet API does not answer.';

/** An element. Children are elements or text, and text stays text; absent ones and attributes are left out. */
export function el(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes ?? {}).filter(([, value]) => value != null)) {
    element.setAttribute(attribute, value);
  }

  element.append(...children.flat(Infinity).filter(child => child != null));
  return element;
}

/** What strangers may have written: it turns no other text around. */
export const words = (text, attributes) => text ? el('bdi', attributes, text) : null;

export const verdict = word => el('span', { class: 'verdict', 'data-verdict': word }, word);

/** Becomes as wanted, and keeps what is so already: focus and selection survive. Rows are known by their key. */
export function become(shown, wanted) {
  const keys = new Set([...wanted.children].map(keyOf));
  const known = new Map([...shown.children].filter(keyOf).map(child => [keyOf(child), child]));
  known.forEach((child, key) => keys.has(key) || child.remove());
  let next = shown.firstChild;
  for (const child of [...wanted.childNodes]) {
    const same = keyOf(child) ? known.get(keyOf(child)) : alike(next, child) ? next : null;
    if (same && same === next) {
      next = next.nextSibling;
    } else {
      shown.insertBefore(same ?? child, next);
    }

    if (same) {
      copy(same, child);
    }
  }

  while (next) {
    const rest = next.nextSibling;
    next.remove();
    next = rest;
  }
}

const keyOf = node => node.dataset?.key;

const alike = (one, other) => one?.nodeName === other.nodeName && !keyOf(one);

function copy(shown, wanted) {
  if (shown.nodeType === Node.TEXT_NODE) {
    if (shown.data !== wanted.data) {
      shown.data = wanted.data;
    }

    return;
  }

  [...shown.attributes].filter(one => !wanted.hasAttribute(one.name)).forEach(one => shown.removeAttribute(one.name));
  [...wanted.attributes].filter(one => shown.getAttribute(one.name) !== one.value)
    .forEach(one => shown.setAttribute(one.name, one.value));
  become(shown, wanted);
}

/** How long ago, or how soon; pointing at it shows the time itself. */
export function when(time) {
  const seconds = Math.round((now() - Date.parse(time)) / 1000);
  return el('time', { datetime: time, title: time }, seconds < 0 ? `in ${span(-seconds)}` : `${span(seconds)} ago`);
}

const span = seconds => seconds < 120 ? `${seconds} s`
  : seconds < 7_200 ? `${Math.floor(seconds / 60)} min`
  : seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h`
  : `${Math.floor(seconds / 86_400)} d`;

/** The time of day, as logs have it. */
export const clock = time => `${new Date(time).toISOString().slice(11, 19)} UTC`;

/** A table that is one for screen readers also where the style makes a card of each row. */
export const table = (heads, rows) => el('table', { role: 'table' },
  el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, heads.map(head => el('th', { role: 'columnheader', scope: 'col' }, head)))),
  el('tbody', { role: 'rowgroup' }, rows.map(({ key, cells }) => el('tr', { role: 'row', 'data-key': key },
    cells.map((cell, i) => el('td', { role: 'cell', 'data-head': heads[i] }, cell ?? '–'))))));
