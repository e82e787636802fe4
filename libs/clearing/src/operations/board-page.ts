import { createHash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --bad: #c62828; --good: #2e7d32; --warn: #b26a00; }
* { box-sizing: border-box; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; padding: 1.5rem; max-width: 70rem; }
h1 { font-size: 1.3rem; margin: 0; } h2 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
header { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap; }
#when { opacity: .7; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .7rem; margin-top: 1rem; }
.figure { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem; }
.figure b { display: block; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
.figure span { opacity: .75; font-size: .85rem; }
.bad b, td.bad { color: var(--bad); } td.good { color: var(--good); } td.warn { color: var(--warn); }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--soft); white-space: nowrap; }
th { font-weight: 600; font-size: .85rem; opacity: .75; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.why { white-space: normal; } #fault { color: var(--bad); } form { margin-top: 1rem; } form[hidden] { display: none; }
input { font: inherit; padding: .25rem .5rem; width: 24rem; max-width: 100%; }`;

// Text enters the page by textContent alone: names and reasons are other people's words.
const SCRIPT = `
const at = (id) => document.getElementById(id);
let key = '';
const put = (parent, tag, text, name) => {
  const node = document.createElement(tag);
  node.textContent = text;
  if (name) node.className = name;
  parent.append(node);
  return node;
};
const figure = (label, value, bad) => {
  const box = put(at('figures'), 'div', '', bad ? 'figure bad' : 'figure');
  put(box, 'b', value);
  put(box, 'span', label);
};
const rows = (id, heads, items, none) => {
  const body = at(id);
  body.replaceChildren();
  if (items.length === 0) { put(body, 'p', none); return; }
  const table = put(body, 'table', '');
  const head = put(table, 'tr', '');
  for (const [text, name] of heads) put(head, 'th', text, name);
  for (const cells of items) {
    const row = put(table, 'tr', '');
    cells.forEach((cell, i) => {
      const [text, name] = Array.isArray(cell) ? cell : [cell, heads[i][1]];
      put(row, 'td', String(text), name);
    });
  }
};
const age = (seconds) => seconds < 120 ? seconds.toFixed(1) + ' s' : Math.round(seconds / 60) + ' min';
const show = (q, s) => {
  const dead = Object.values(q.deadLetters).reduce((sum, n) => sum + n, 0);
  at('figures').replaceChildren();
  figure('entries waiting', q.outbox.waiting.toLocaleString('en'), false);
  figure('oldest waits', age(q.outbox.oldestSeconds), q.outbox.oldestSeconds > 60);
  figure('batches in flight', q.inFlight.batches, false);
  figure('staged per second', q.perSecond.arrivals, false);
  figure('posted per second', q.perSecond.posted, false);
  figure('dead letters', dead, dead > 0);
  figure('workers, of wanted', s.workersAlive + ' / ' + s.workersWanted, s.workersAlive < s.workersWanted);
  const tone = { running: 'good', draining: 'warn', paused: 'bad' };
  rows('stages', [['stage'], ['state'], ['obeyed by all'], ['since'], ['by'], ['reason', 'why']], q.stages.map((x) =>
    [x.stage, [x.state, tone[x.state]], x.obeyed ? 'yes' : 'not yet', x.changedAt, x.changedBy, x.reason]), '');
  rows('processes', [['process'], ['queue'], ['alive'], ['relay'], ['posting'], ['in hand', 'n'], ['posted', 'n'], ['started'], ['last seen']],
    q.processes.map((p) => [p.name, p.backend, p.alive ? ['yes', 'good'] : ['no', 'bad'],
      p.relay ? 'on' : 'off', p.posting ? 'on' : 'off', p.inHand, p.posted.toLocaleString('en'), p.startedAt, p.seenAt]),
    'No process clears. Start a worker, or a hub with WORKERS_INLINE=yes.');
  rows('leases', [['batch', 'n'], ['entries', 'n'], ['age', 'n'], ['lease ends in', 'n'], ['relay']],
    q.inFlight.leases.map((l) => [l.batchNo, l.entries, age(l.ageSeconds), age(l.endsInSeconds), l.relay]),
    'Nothing is under way.');
  rows('letters', [['kind'], ['open', 'n']], Object.entries(q.deadLetters).filter(([, n]) => n > 0), 'Nothing has failed that is not done.');
  at('when').textContent = 'as of ' + q.at;
};
const ask = async (path) => {
  const answer = await fetch(path, { headers: key ? { authorization: 'Bearer ' + key } : {}, cache: 'no-store' });
  if (answer.status === 403) { at('login').hidden = false; throw new Error('A key with the scope read is needed.'); }
  if (!answer.ok) throw new Error('The hub answered ' + answer.status + '.');
  return answer.json();
};
const look = async () => {
  try {
    show(await ask('/api/queues'), await ask('/api/queues/scaling'));
    at('fault').textContent = '';
    at('login').hidden = true;
  } catch (error) {
    at('fault').textContent = error.message;
  }
};
at('login').addEventListener('submit', (event) => { event.preventDefault(); key = at('key').value.trim(); look(); });
const again = async () => { if (!document.hidden) await look(); setTimeout(again, 2000); };
again();`;

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Wayfare queues</title>
<style>${STYLE}</style></head>
<body>
<header><h1>Wayfare queues</h1><span id="when"></span><span id="fault" role="status"></span></header>
<form id="login" hidden><label>Key <input id="key" type="password" autocomplete="off"></label> <button>Show</button></form>
<section class="figures" id="figures" aria-label="Figures"></section>
<h2>Stages</h2><div class="table" id="stages"></div>
<h2>Processes</h2><div class="table" id="processes"></div>
<h2>Batches in flight</h2><div class="table" id="leases"></div>
<h2>Dead letters</h2><div class="table" id="letters"></div>
<script>${SCRIPT}</script>
</body>
</html>
`;

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Nothing but the page's own words may run in it, and it asks nobody but this hub. */
export const BOARD_POLICY =
  `default-src 'none'; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(STYLE)}; ` +
  `connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** One page without a build step: it shows what `/api/queues` says and asks again every 2 s. */
export function boardPage(): string {
  return PAGE;
}
