// One resource: what is said of it and why, what it did, and what to type.

import { answered, due } from './page.list.js';
import { Problem, api, ask, clock, el, now, query, table, verdict, when, words } from './page.parts.js';

const Days = 7;
const Day = 86_400_000;

/** The history is a store of its own, and slower: it is read now and then, and not waited for. */
const HistoryPeriod = 60_000;
const HistoryPatience = 1_500;

const ShortNames = { SearchCluster: 'scl', SearchDataset: 'sds' };

const past = { about: null, at: 0, reading: null, show: () => 'It is being read.' };

/** Whether the page's query names one resource. */
export const isOne = () => query.kind && query.namespace && query.name;

/** The resource, as elements. */
export async function one(kinds) {
  const kind = kinds[query.kind];
  if (!kind) {
    throw new Problem(404, `There is no kind ${query.kind} that you may see here.`);
  }

  const path = [kind.plural, query.namespace, query.name].map(encodeURIComponent).join('/');
  const item = await ask(path).catch(missing);
  await read(path, `${item?.uid} ${item?.verdict} ${item?.reason}`);
  return [
    el('h2', null, el('small', null, query.kind), ' ', words(`${query.namespace}/${query.name}`)),
    ...item ? found(item, item.status ?? {}) : [el('p', { class: 'empty' }, 'There is none now. If there was one, its history says what became of it.')],
    el('h3', null, `What changed in the last ${Days} days`),
    el('div', null, past.show()),
    el('p', { class: 'pages' }, el('a', { href: api(path) }, 'Resource as JSON'), el('a', { href: api(`${path}/history`) }, 'Its history as JSON')),
  ];
}

function missing(problem) {
  if (problem.status !== 404) {
    throw problem;
  }

  return null;
}

const found = (item, status) => [
  el('p', { class: 'said' }, verdict(item.verdict ?? 'Unknown'), ' ', el('strong', null, words(item.reason)), ' ',
    item.since ? ['since ', when(item.since)] : null),
  el('p', { class: 'message' }, words(item.reason === 'Stale' ? item.message : status.message || item.message)),
  ...part('Findings', ['Severity', 'Finding', 'About', 'Message', 'Since'], status.findings, finding =>
    [finding.severity, el('strong', null, words(finding.code)), words(finding.object), words(finding.message), when(finding.since)]),
  ...part('Conditions', ['Condition', 'Status', 'Reason', 'Message', 'Since'], status.conditions, condition =>
    [el('strong', null, condition.type), condition.status, words(condition.reason), words(condition.message), when(condition.lastTransitionTime)]),
  el('h3', null, 'Facts'),
  el('dl', null, facts(item, status).filter(([, value]) => value != null && value !== '')
    .map(([name, value]) => el('div', null, el('dt', null, name), el('dd', null, typeof value === 'object' ? value : words(`${value}`))))),
  el('h3', null, 'In a terminal'),
  el('pre', { tabindex: '0' }, el('code', null, commands(item, status).join('\n'))),
];

/** A table under a heading; nothing when there is nothing to put in it. */
const part = (title, heads, entries, cells) => entries?.length
  ? [el('h3', null, title), table(heads, entries.map((entry, i) => ({ key: `${title} ${i}`, cells: cells(entry) })))]
  : [];

function facts(item, status) {
  const { lastRun: run, history: records, published, candidate, failed } = status;
  return [
    ['Last answer', answered(item)],
    ['Next turn', due(item)],
    ['Last run', run && [`${run.outcome} `, when(run.finishedAt)]],
    ['History', records && (records.pending ? `${records.pending} records wait for the store` : `${records.seq} records, none waits`)],
    ['Health', item.health],
    ['Engine', [status.engine, status.engineVersion ?? status.version].filter(Boolean).join(' ')],
    ['Endpoint', status.endpoint],
    ['Cluster', [status.clusterName, status.clusterUuid].filter(Boolean).join(' ')],
    ['Nodes', status.nodes],
    ['Shards', status.shards == null ? null : `${status.shards}, ${status.unassigned ?? 0} without a node`],
    ['Fullest disk', status.diskPercent == null ? null : `${status.diskPercent} %`],
    ['Readers see', published && [words(`${published.version}, ${published.docs} documents, index ${published.index}, `), when(published.at)]],
    ['Newest in the source', status.latestSeen],
    ['On its way', candidate && words(`${candidate.version}: ${candidate.step}, ${candidate.percent} % loaded, ${candidate.docsAcked} documents taken, ${candidate.docsRejected} rejected`)],
    ['Its index', candidate?.index],
    ['Its rate', candidate?.docsPerSecond ? `${candidate.docsPerSecond} documents a second` : null],
    ['Loaded by', candidate?.eta && when(candidate.eta)],
    ['Not let through', failed && [words(`${failed.version}: ${failed.code}, ${failed.count} times, `), when(failed.at)]],
    ['Tried again', failed?.retryAt && when(failed.retryAt)],
    ['Kept for rollback', status.retained?.map(kept => kept.version).join(', ')],
    ['Generation', `${item.generation}, observed ${status.observedGeneration ?? 'none'}`],
    ['uid', item.uid],
  ];
}

function commands(item, status) {
  const target = `-n ${quoted(item.namespace)}`;
  const named = `${ShortNames[item.kind] ?? item.kind.toLowerCase()} ${quoted(item.name)}`;
  return [
    `kubectl ${target} describe ${named}`,
    `kubectl ${target} get ${named} -o yaml`,
    `kubectl ${target} annotate --overwrite ${named} clustergrains.io/run-now="$(date +%s)"`,
    ...item.verdict === 'AwaitingApproval' && status.candidate
      ? [`kubectl ${target} annotate --overwrite ${named} clustergrains.io/approve=${quoted(status.candidate.index)}`] : [],
  ];
}

/** What is pasted into a shell does nothing but name something. */
const quoted = text => /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Reads the changes when they may have become more, and waits a moment for them. */
async function read(path, about) {
  if (past.about !== about || now() - past.at > HistoryPeriod) {
    Object.assign(past, { about, at: now() });
    const from = new Date(now() - Days * Day).toISOString();
    past.reading = ask(`${path}/history`, { record: 'transition', from, limit: 50 }).then(
      page => { past.show = () => changes(page); },
      problem => { past.show = () => `It cannot be shown. ${problem.message}`; });
  }

  await Promise.race([past.reading, new Promise(done => setTimeout(done, HistoryPatience))]);
}

function changes(page) {
  const rest = page.continue ? 'There are more: see its history as JSON.' : null;
  return page.items.length
    ? [el('ol', { class: 'changes' }, page.items.map(record => el('li', { 'data-key': `${record.target.uid} ${record.line} ${record.seq}` },
      el('time', { datetime: record.finishedAt, title: record.finishedAt }, `${record.finishedAt.slice(0, 10)} ${clock(record.finishedAt)}`), ' ',
      verdict(record.from), ' → ', verdict(record.to), ' ', words(record.reason)))), rest]
    : rest ?? 'Nothing changed.';
}
