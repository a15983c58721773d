// The fleet page: asks the API again and again, and says so when it does not answer.

import { list, needy } from './page.list.js';
import { ask, become, clock, el, link, now, query, verdict } from './page.parts.js';
import { isOne, one } from './page.resource.js';

const Period = 10_000;

/** What is older than this is not up to date, whoever is to blame. */
const Fresh = 3 * Period;

const place = id => document.getElementById(id);

let seen = null;
let problem = null;
let asking = false;
let timer = 0;

async function refresh() {
  if (asking) {
    return;
  }

  clearTimeout(timer);
  asking = true;
  try {
    const summary = await ask('summary', { namespace: query.namespace });
    show(summary);
    become(place('view'), el('main', null, await (isOne() ? one(summary.kinds) : list(summary.kinds))));
    [seen, problem] = [now(), null];
  } catch (failure) {
    problem = failure;
  }

  asking = false;
  tell();

  // Who has no token, or one that has ended, would be asked for it again and again.
  if (!document.hidden && problem?.status !== 401) {
    timer = setTimeout(refresh, Period);
  }
}

function show(summary) {
  const kinds = Object.entries(summary.kinds);
  const wanted = kinds.reduce((sum, [, kind]) => sum + needy(kind), 0);
  const all = kinds.reduce((sum, [, kind]) => sum + kind.total, 0);
  become(place('counts'), el('nav', null, kinds.map(([name, kind]) => counts(name, kind))));
  become(place('news'), el('p', null, `${wanted} of ${all} resources ${wanted === 1 ? 'needs' : 'need'} somebody.`));
  place('as-of').textContent = `${query.namespace ? `Namespace ${query.namespace}, counted` : 'Counted'} ${clock(summary.countedAt)}`;
  document.title = `${wanted ? `(${wanted}) ` : ''}${isOne() ? `${query.namespace}/${query.name} · ` : ''}ClusterGrains`;
  offer(summary.kinds);
}

const counts = (name, kind) => el('section', { 'data-key': name },
  el('h2', null, counted({ kind: name, verdict: 'any' }, `${name} ${kind.total}`)),
  el('ul', null, Object.entries(kind.verdicts).filter(([, number]) => number)
    .map(([word, number]) => el('li', { 'data-key': word }, counted({ kind: name, verdict: word }, [verdict(word), ` ${number}`])))),
  kind.troubles.length ? el('p', null, 'Because of ', kind.troubles.map(({ verdict, reason, resources }, i) =>
    [i ? ', ' : '', counted({ kind: name, verdict, reason }, `${reason} ${resources}`)])) : null,
  kind.retiring ? el('p', null, `${kind.retiring} being deleted`) : null);

const counted = (filter, text) => el('a', {
  href: link({ ...filter, namespace: query.namespace }),
  'aria-current': ['kind', 'verdict', 'reason'].every(name => query[name] === filter[name]) ? 'true' : null,
}, text);

/** Fills the filter with what there is to choose from, once. */
function offer(kinds) {
  const form = place('filter');
  if (form.dataset.offered) {
    return;
  }

  form.dataset.offered = 'true';
  const verdicts = new Set(Object.values(kinds).flatMap(kind => Object.keys(kind.verdicts)));
  form.elements.kind.append(...Object.keys(kinds).map(kind => el('option', null, kind)));
  form.elements.verdict.append(...[...verdicts, ...query.verdict?.includes(',') ? [query.verdict] : []].map(word => el('option', null, word)));
  for (const name of ['kind', 'verdict', 'namespace', 'prefix', 'reason']) {
    form.elements[name].value = query[name] ?? '';
  }
}

/** Says that what is shown is not so any more, for as long as that may be. */
function tell() {
  const isOld = seen !== null && now() - seen > Fresh;
  const why = problem?.message ?? (isOld ? 'There is no answer yet.' : '');
  const text = !why ? '' : seen === null ? `Nothing can be shown. ${why}` : `Not up to date: what is shown is of ${clock(seen)}. ${why}`;
  const told = place('trouble').querySelector('p');
  if (told.textContent !== text) {
    told.textContent = text;
  }

  place('trouble').hidden = !text;
  place('view').hidden = text !== '' && seen === null;
  document.body.classList.toggle('old', text !== '');
  if (text) {
    document.title = '(?) ClusterGrains';
  }
}

place('trouble').querySelector('button').addEventListener('click', refresh);
place('filter').addEventListener('formdata', event =>
  [...event.formData].filter(([, value]) => !value).forEach(([name]) => event.formData.delete(name)));
document.addEventListener('visibilitychange', () => document.hidden ? clearTimeout(timer) : refresh());
setInterval(tell, 1_000);
refresh();
