// Many resources: those that need somebody, or those that are asked for.

import { Problem, ask, el, link, now, query, table, verdict, when, words } from './page.parts.js';

const Any = 'any';
const Shown = 100;

/** A turn is taken at once, but nobody is late for a moment. */
const Grace = 60_000;

/** A page of the API may be empty and not the last one. */
const MostPages = 10;

const isFiltered = query.kind || query.namespace || query.prefix;

/** How many resources of a kind need somebody. */
export const needy = kind => kind.troubles.reduce((sum, trouble) => sum + trouble.resources, 0);

/** Whose list shows all of those, the most urgent first: a verdict's, or of one that others have and are well only that of each reason. */
function needing(kind) {
  const wanted = new Map();
  for (const { verdict, reason } of kind.troubles) {
    const ofVerdict = needy({ troubles: kind.troubles.filter(trouble => trouble.verdict === verdict) });
    const isWhole = ofVerdict === kind.verdicts[verdict];
    wanted.set(isWhole ? verdict : `${verdict} ${reason}`, { verdict, reason: isWhole ? '' : reason });
  }

  return [...wanted.values()];
}

/** The list, as elements. */
export async function list(kinds) {
  const parts = await Promise.all(plan(kinds).map(read));
  const items = parts.flatMap(part => part.items);
  return [
    el('h2', null, heading()),
    items.length ? table(['Verdict', 'Resource', 'Why', 'Since', 'Last answer', 'Next turn'], items.map(row))
      : el('p', { class: 'empty' }, none(kinds, parts)),
    el('p', { class: 'pages' }, query.continue ? el('a', { href: link({ ...query, continue: '' }) }, 'First page') : null,
      parts.filter(part => part.next).map(more)),
  ];
}

/** One question for each kind and verdict that is asked for, or for each trouble that there is, so that the worst come first. */
function plan(kinds) {
  const chosen = query.kind ? [query.kind] : Object.keys(kinds);
  if (!kinds[chosen[0]]) {
    throw new Problem(404, `There is no kind ${query.kind} that you may see here.`);
  }

  if (!query.verdict && !query.reason) {
    return chosen.flatMap(kind => needing(kinds[kind]).map((trouble, place) => ({ kind, plural: kinds[kind].plural, phase: 'Active', place, ...trouble })))
      .sort((one, other) => one.place - other.place);
  }

  const asked = query.verdict ? query.verdict.split(',') : [Any];
  const known = chosen.flatMap(kind => Object.keys(kinds[kind].verdicts));
  const strange = query.verdict && asked.find(word => word !== Any && !known.includes(word));
  if (strange) {
    throw new Problem(400, `There is no verdict ${strange}; there are ${[...new Set(known)].join(', ')}.`);
  }

  return asked.flatMap(word => chosen
    .filter(kind => word === Any || kinds[kind].verdicts[word] > 0)
    .map(kind => ({ kind, plural: kinds[kind].plural, verdict: word === Any ? '' : word, reason: query.reason })));
}

async function read(part) {
  const items = [];
  let next = query.continue;
  for (let pages = 0; pages < MostPages && items.length < Shown && (pages === 0 || next); pages++) {
    const page = await ask(part.plural, {
      namespace: query.namespace, name: query.prefix, verdict: part.verdict, reason: part.reason, phase: part.phase,
      limit: Shown - items.length, continue: next,
    });
    items.push(...page.items);
    next = page.continue;
  }

  return { ...part, items, next };
}

const more = part => el('a', { href: link({ ...query, kind: part.kind, verdict: part.verdict || Any, reason: part.reason, continue: part.next }) },
  `More of ${[part.kind, part.verdict, part.reason].filter(Boolean).join(' ')}`);

const heading = () => query.verdict || query.reason
  ? [query.kind, query.verdict === Any ? null : query.verdict, query.reason].filter(Boolean).join(' · ') || 'All resources'
  : 'What needs somebody';

function none(kinds, parts) {
  const where = isFiltered ? ' among those that were asked for' : '';
  return parts.some(part => part.next) ? 'None so far; there are more to look at.'
    : !Object.values(kinds).some(kind => kind.total) ? 'There are no resources that you may see.'
    : query.verdict || query.reason ? 'No resource is as asked for.'
    : [`Nothing needs anybody${where}. `, el('a', { href: link({ ...query, verdict: Any }) }, 'Show all of them')];
}

function row(item) {
  const { kind, namespace, name } = item;
  return {
    key: `${kind}/${namespace}/${name}`,
    cells: [
      verdict(item.verdict ?? 'Unknown'),
      [el('a', { href: link({ kind, namespace, name }) }, words(`${namespace}/${name}`)), el('small', null, words(about(item)))],
      [el('strong', null, words(item.reason ?? 'NeverJudged')), words(item.message, { class: 'message' })],
      item.since ? when(item.since) : null,
      answered(item),
      due(item),
    ],
  };
}

const about = item => [
  item.kind,
  item.phase === 'Retiring' ? 'being deleted' : null,
  item.health,
  item.version,
  item.diskPercent == null ? null : `disk ${item.diskPercent} %`,
  item.docs == null ? null : `${item.docs} docs`,
  item.candidate ? `on its way: ${item.candidate} ${item.progress ?? ''}` : null,
].filter(Boolean).join(' · ');

/** When something was last learned of it, and how long that holds. */
export function answered(item) {
  const last = item.checkedAt ?? item.lookedAt;
  const until = item.freshUntil && (Date.parse(item.freshUntil) < now() ? ['grew stale ', when(item.freshUntil)] : ['stale ', when(item.freshUntil)]);
  return last ? [when(last), until ? el('small', null, until) : null] : 'never';
}

/** When it is to do something, or should have. */
export const due = item => item.nextDue
  ? now() - Date.parse(item.nextDue) > Grace ? el('span', { class: 'late' }, 'due ', when(item.nextDue)) : when(item.nextDue)
  : 'none';
