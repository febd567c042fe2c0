/* Web chat. A message is put into the queue first and leaves it only when the server has it, so
 nothing typed is lost; each carries an id, so nothing arrives twice. Labels live in index.html. */
const $ = (id) => document.getElementById(id);
const L = {};
for (const e of $('labels').content.children) L[e.dataset.k] = e.textContent;
const fill = (text, values) => text.replace(/\{(\w)\}/g, (_, k) => values[k]);

function h(tag, cls, ...kids) {
  const e = document.createElement(tag);
  if (cls) e.className = cls;
  e.append(...kids.filter((k) => k != null));
  return e;
}
function knob(label, act, cls) {
  const b = h('button', cls, label);
  b.type = 'button';
  b.onclick = () => act(b);
  return b;
}

// ---- kept here: one key per unsent message (tabs cannot overwrite each other), files in IndexedDB
const KEY = 'jf.';
let keeps = true;
function keep(key, value) {
  try {
    if (value == null) localStorage.removeItem(KEY + key);
    else localStorage.setItem(KEY + key, JSON.stringify(value));
  } catch { keeps = false; }                      // private mode or full: the queue lives in memory
}
function kept(prefix) {
  try {
    return Object.keys(localStorage).filter((k) => k.startsWith(KEY + prefix)).sort().map((k) => JSON.parse(localStorage.getItem(k)));
  } catch { return []; }
}
const files = new Map();
const shelf = (act) => new Promise((done, fail) => {
  const open = indexedDB.open('jf', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('files');
  open.onerror = () => fail(open.error);
  open.onsuccess = () => {
    const deal = open.result.transaction('files', 'readwrite');
    const ask = act(deal.objectStore('files'));
    deal.oncomplete = () => { open.result.close(); done(ask.result); };
    deal.onabort = () => { open.result.close(); fail(deal.error); };
  };
}).catch(() => undefined);
const draft = (value) => {
  try { return value === undefined ? sessionStorage.getItem(KEY + 'draft') : sessionStorage.setItem(KEY + 'draft', value); } catch { return ''; }
};
const newId = () => 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => (crypto.getRandomValues(new Uint8Array(1))[0] & 15).toString(16));

// ---- time: always shown as in China, whatever the phone is set to
const local = (t) => new Date(t + 8 * 36e5).toISOString().slice(0, 19) + '+08:00';
function clock(at, before) {
  const here = local(Date.parse(at)), day = here.slice(0, 10), today = local(Date.now()).slice(0, 10);
  const turned = before ? local(Date.parse(before)).slice(0, 10) !== day : day !== today;
  if (before && !turned && Date.parse(at) - Date.parse(before) < 3e5) return '';
  const [m, d] = [+day.slice(5, 7), +day.slice(8)];
  const name = day === today ? L.today : fill(L.day, { m, d, w: L.week[new Date(day).getUTCDay()] });
  return (turned ? name + ' ' : '') + here.slice(11, 16);
}

// ---- the talk: items as shown; each has m (message) and, when written here, own (queue entry)
const log = $('log'), list = $('list');
let items = [], byId = new Map(), cursor = 0, top = 0;
let stuck = true, put = 0, anchor = null, came = 0, unread = 0, behind = 0, marker = null, lastSent = null, hello = {};

function rule(i) {
  const it = items[i];
  if (!it) return;
  const text = clock(it.m.at, i ? items[i - 1].m.at : null);
  it.sep.hidden = !text;
  it.sep.textContent = text;
}
function place(it) {
  const old = items.indexOf(it);
  if (old >= 0) items.splice(old, 1);
  let i = items.length;
  while (i && items[i - 1].seq > it.seq) i--;
  items.splice(i, 0, it);
  const next = items[i + 1] ? items[i + 1].row : null;
  if (!it.row.parentNode || it.row.nextSibling !== next) list.insertBefore(it.row, next);
  for (const k of new Set([i, i + 1, old, old + 1])) rule(k);
}
function add(m, own) {
  const it = { m, own, seq: own ? Infinity : m.seq, sep: h('p', 'sep'), body: h('div') };
  it.row = h('div', 'row', it.sep, it.body);
  it.body.tabIndex = -1;
  draw(it);
  place(it);
  return it;
}
function remove(it) {
  const i = items.indexOf(it);
  if (i < 0) return;
  items.splice(i, 1);
  it.row.remove();
  rule(i);
}

function draw(it) {
  const m = it.m, focus = it.body.contains(document.activeElement);
  it.body.className = 'msg ' + m.who + ' ' + (m.kind || 'text');
  const who = h('span', 'sr', L[m.who]);
  it.box = m.kind === 'receipt' && m.receipt ? receipt(m, who) : h('div', 'bubble', who, m.text || '', m.progress && strip(m.progress));
  it.state = h('p', 'state');
  const rows = (m.buttons || []).map((line) => h('div', '', ...line.map((b) => knob(b.label, (at) => press(b, at)))));
  it.body.replaceChildren(it.box, rows.length ? h('div', 'buttons', ...rows) : '', it.state);
  if (focus) it.body.focus();
}
function receipt(m, who) {
  const pair = (label, value) => value && h('span', '', h('small', '', label), h('b', '', value));
  const card = h('div', 'card', h('div', 'num', who, pair(L.receipt, m.receipt), knob(L.copy, (b) => copy(m.receipt, b))));
  if (m.class || m.claim) card.append(h('div', 'facts', pair(L.class, m.class), pair(L.claim, m.claim)));
  if (m.progress) card.append(strip(m.progress));
  card.append(h('p', 'text', m.text || ''));
  return card;
}
function strip({ stages, now }) {
  const ol = h('ol', 'stages', ...stages.map((name, i) => {
    const state = i < now ? 'done' : i === now ? 'now' : 'next';
    const li = h('li', state, name, h('span', 'sr', ' ' + L[state]));
    if (i === now) li.setAttribute('aria-current', 'step');
    return li;
  }));
  ol.setAttribute('aria-label', L.stages);
  return ol;
}
async function copy(text, b) {
  try { await navigator.clipboard.writeText(text); } catch {
    const t = h('textarea', 'sr', text);
    b.after(t);
    t.select();
    document.execCommand('copy');
    t.remove();
    b.focus();
  }
  b.textContent = L.copied;
  say(L.copied);
  setTimeout(() => { b.textContent = L.copy; }, 2000);
}
const say = (text) => { $('say').textContent = ''; setTimeout(() => { $('say').textContent = text; }, 50); };

function state(it, name, why) {
  it.stands = name;
  it.box.classList.toggle('pending', name === 'sending' || name === 'waiting');
  it.state.className = 'state ' + name;
  it.state.replaceChildren(h('span', '', why || L[name]));
  if (name === 'waiting') it.state.append(knob(L.retry, kick));
  if (name === 'bad') {
    if (!it.own.file) it.state.append(knob(L.edit, () => { withdraw(it); write(it.m.text); }));
    it.state.append(knob(L.retry, () => { delete it.own.bad; save(it.own); state(it, 'sending'); flush(); }), knob(L.drop, () => { withdraw(it); text.focus(); }));
  }
  if (name === 'sent') {
    if (lastSent && lastSent !== it) lastSent.state.replaceChildren();
    lastSent = it;
  }
  net();
}

/** Takes in one message of the server. Is it a message of ours coming back, it becomes that one. */
const same = (m, it) => m.client_id ? m.client_id === it.own.id : m.seq > it.own.base && m.text === it.m.text;
function take(m, edit) {
  top = Math.max(top, m.seq || 0);
  let it = byId.get(m.id);
  if (!it && m.who === 'me') it = items.find((x) => x.own && !x.bound && same(m, x));
  if (!it) {
    byId.set(m.id, it = add(m));
    return it;
  }
  byId.set(m.id, it);
  if (it.own && !it.bound) {
    it.bound = true;
    it.seq = m.seq;
    if (it.stands !== 'sent') { forget(it.own); state(it, 'sent'); }
    place(it);
  } else if (edit || it.m.text !== m.text) {
    it.m = m;
    draw(it);
    settle();
  }
  return null;
}
function takeAll(messages, quiet) {
  const fresh = messages.map((m) => take(m)).filter((it) => it && it.m.who !== 'me');
  if (fresh.length && !quiet) {
    if (!anchor || (!unread && Date.now() - came > 5000)) anchor = fresh[0];
    came = Date.now();
    if (document.hidden) {
      if (!unread) fresh[0].body.before(marker = h('p', 'fresh', L.fresh));
      unread += fresh.length;
      badge();
    }
    if (!stuck) behind += fresh.length;
  }
  settle();
}
function unmark() { if (marker) marker.remove(); }
const badge = () => { document.title = (unread ? `(${unread}) ` : '') + (hello.title || $('title').textContent); };

/** After any change: hints, newest buttons, and the place the reader looks at. */
function settle() {
  $('hints').hidden = !hello.title || items.some((it) => it.m.who === 'me');
  const old = list.querySelector('.latest');
  const bots = items.filter((it) => it.m.who !== 'me');
  const last = bots[bots.length - 1];
  if (old) old.classList.remove('latest');
  if (last) last.body.classList.add('latest');
  follow();
}
/** Shows the newest; a burst of answers taller than the screen from its beginning. Who reads back is left alone. */
function follow() {
  if (stuck) {
    const end = log.scrollHeight - log.clientHeight;
    log.scrollTop = anchor ? Math.min(end, anchor.row.offsetTop - log.offsetTop - 8) : end;
    put = log.scrollTop;
  }
  look();
}
function look() {
  const below = log.scrollHeight - log.scrollTop - log.clientHeight;
  if (Math.abs(log.scrollTop - put) > 2) { // the reader moved
    stuck = below < 48;
    put = -9;
    anchor = null;
  }
  if (below < 48) behind = 0;
  $('jump').hidden = below < (behind ? 48 : 400);
  $('jump').textContent = behind ? fill(L.jump, { n: behind }) : L.bottom;
}

// ---- sending
const queue = [];
const busy = {}, pause = {}, timer = {};
const save = (own) => keep('q.' + own.key, own);
function forget(own) {
  const i = queue.findIndex((it) => it.own === own);
  if (i >= 0) queue.splice(i, 1);
  keep('q.' + own.key, null);
  if (own.file) { files.delete(own.id); shelf((s) => s.delete(own.id)); }
}
function withdraw(it) { forget(it.own); remove(it); settle(); net(); }

function enqueue(own, file) {
  own.id = newId();
  own.at = local(Date.now());
  if (ready) own.base = top;
  own.key = Date.now() + '.' + own.id;
  save(own);
  if (file) { files.set(own.id, file); shelf((s) => s.put(file, own.id)); }
  unmark();
  queued(own);
  stuck = true;
  anchor = null;
  settle();
  flush();
}
function queued(own) {
  const words = own.file ? [`${L.file}：${own.file.name}`, own.text].filter(Boolean).join('\n') : own.label || own.text;
  const it = add({ who: 'me', text: words, at: own.at }, own);
  queue.push(it);
  state(it, own.bad ? 'bad' : 'sending', own.bad);
}

/** Throws when it is worth trying again later; an answer, good or bad, is final. */
async function call(url, options = {}, ms = 20000, renewed = false) {
  const stop = new AbortController(), t = setTimeout(() => stop.abort(), ms);
  try {
    const r = await fetch(url, { ...options, signal: stop.signal });
    if (r.status === 401 && !renewed) {
      await session();
      return await call(url, options, ms, true);
    }
    if (r.status >= 500 || [401, 408, 425, 429].includes(r.status)) throw Object.assign(new Error('later'), { after: +r.headers.get('Retry-After') });
    return { ok: r.ok, data: await r.json().catch(() => { if (r.ok) throw new Error('cut'); return {}; }) };
  } finally { clearTimeout(t); }
}
const json = (body) => ({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
let opening = null;
const session = () => opening || (opening = call('/chat/session', json({}), 20000, true).finally(() => { opening = null; }));

async function post(own) {
  if (!own.file) return call('/chat/messages', json(own.button ? { id: own.id, button: own.button, label: own.label } : { id: own.id, text: own.text }));
  const blob = files.get(own.id) || await shelf((s) => s.get(own.id));
  if (!blob) return { data: { error: L.gone } };
  const form = new FormData();
  form.append('id', own.id);
  form.append('caption', own.text);
  form.append('file', blob, own.file.name);
  return call('/chat/files', { method: 'POST', body: form }, 30000 + blob.size / 4); // 4 kB/s still gets through
}
/** Two lanes, in order within each: a large file on a thin line does not hold up words. */
function flush() { lane('words', (o) => !o.file); lane('files', (o) => o.file); }
async function lane(name, mine) {
  clearTimeout(timer[name]);
  if (busy[name] || !ready) return;
  busy[name] = true;
  try {
    for (let it; (it = queue.find((x) => mine(x.own) && !x.own.bad));) {
      if (keeps && localStorage.getItem(KEY + 'q.' + it.own.key) === null) { // another tab sent or cleared it
        queue.splice(queue.indexOf(it), 1);
        remove(it);
        continue;
      }
      state(it, 'sending');
      try {
        const answer = await post(it.own);
        if (queue.includes(it) || it.bound) (answer.ok ? accepted : refused)(it, answer.data);
        pause[name] = 0;
      } catch (e) {
        if (!queue.includes(it)) continue;
        queue.filter((x) => mine(x.own) && !x.own.bad).forEach((x) => state(x, 'waiting'));
        settle();
        pause[name] = Math.min((pause[name] || 1) * 2, 60);
        timer[name] = setTimeout(flush, 1000 * Math.max(e.after || 0, pause[name] * (0.8 + Math.random() * 0.4)));
        break;
      }
    }
  } finally { busy[name] = false; net(); }
}
function accepted(it, data) {
  const answers = data.messages || [];
  forget(it.own);
  state(it, 'sent');
  if (!it.bound) {
    const twin = items.find((x) => !x.own && x.m.who === 'me' && same(x.m, it)); // the echo came before our answer
    if (twin) {
      remove(twin);
      byId.set(twin.m.id, it);
      it.bound = true;
    }
    const first = Math.min(...answers.filter((m) => m.who !== 'me').map((m) => m.seq));
    it.seq = twin ? twin.seq : (first < Infinity ? first : top + 1) - 0.5;
    place(it);
  }
  takeAll(answers);
}
function refused(it, data) {
  it.own.bad = data.error || L.refused;
  if (!it.bound) { save(it.own); state(it, 'bad', it.own.bad); settle(); }
}
/** A trembling finger is one tap, also when the talk has moved under it. */
const taps = {};
function once(key, own) {
  if (Date.now() - taps[key] < 800) return false;
  taps[key] = Date.now();
  enqueue(own);
  return true;
}
const press = (b, at) => once('button', { button: b.payload, label: b.label }) && at.classList.add('chosen');

// ---- receiving: events over fetch, so that a dead line is noticed and the first call says where we stand
let ready = false, starting = false, line = null, misses = 0, again = 0, standing = 'wait', sure = 0;
function net(name) {
  if (name && name !== standing) {
    const show = () => { standing = name; net(name); };
    if (name === 'on' || !navigator.onLine) show(); else sure = sure || setTimeout(show, 2500); // a short gap is not worth a word
    return;
  }
  if (name) { clearTimeout(sure); sure = 0; }
  const n = queue.filter((it) => it.stands === 'waiting' || it.stands === 'bad').length;
  const words = L[standing] + (n ? '，' + fill(L.unsent, { n }) : '');
  $('net').className = standing;
  if ($('net').textContent !== words) $('net').textContent = words;
}
function event(block) {
  let name = 'message', data = '', id = 0;
  for (const l of block.split('\n')) {
    const [, field, value] = /^(\w*): ?(.*)$/.exec(l) || [];
    if (field === 'event') name = value;
    else if (field === 'data') data += (data && '\n') + value;
    else if (field === 'id') id = +value || 0;
  }
  if (data) {
    let m;
    try { m = JSON.parse(data); } catch { return; }
    if (name === 'edit') take(m, true); else if (name === 'message') takeAll([m]);
  }
  cursor = Math.max(cursor, id);
}
async function listen() {
  if (line) line.abort();
  clearTimeout(again);
  const me = line = new AbortController(), born = Date.now();
  let guard;
  const alive = () => { clearTimeout(guard); guard = setTimeout(() => me.abort(), 70000); };
  try {
    alive();
    const r = await fetch('/chat/events', { headers: { 'Last-Event-ID': String(cursor) }, signal: me.signal });
    if (r.status === 401) await session();
    if (!r.ok) throw new Error('events');
    net('on');
    flush();
    const reader = r.body.getReader(), words = new TextDecoder();
    for (let rest = ''; ;) {
      const { done, value } = await reader.read();
      if (done) break;
      alive();
      rest += words.decode(value, { stream: true });
      const blocks = rest.replace(/\r\n?(?=[^])/g, '\n').split('\n\n');
      rest = blocks.pop();
      blocks.forEach(event);
    }
  } catch { /* try again below */ }
  clearTimeout(guard);
  if (line !== me) return;
  line = null;
  net('off');
  if (Date.now() - born > 2e4) misses = 0;
  again = setTimeout(listen, Math.min(30000, 500 * 2 ** misses++) * (0.8 + Math.random() * 0.4));
}
async function history() {
  const { ok, data } = await call('/chat/history');
  if (!ok) throw new Error('history');
  log.setAttribute('aria-live', 'off'); // old talk is not read out
  const messages = data.messages || [];
  messages.forEach((m) => { cursor = Math.max(cursor, m.seq || 0); });
  takeAll(messages, true);
  if (!messages.length) greet();
  setTimeout(() => log.setAttribute('aria-live', 'polite'), 500);
}
function greet() {
  if (!hello.welcome) return;
  takeAll([hello.welcome], true);
  anchor = items[0];
  follow();
}
/** What waits here is newer than all the server has told so far. */
function ground() { for (const { own } of queue) if (own.base === undefined) own.base = top; }
async function start() {
  if (starting) return;
  starting = true;
  clearTimeout(again);
  try {
    const a = await call('/chat/hello');
    if (!a.ok) throw new Error('hello');
    hello = a.data;
    $('title').textContent = hello.title;
    $('promise').textContent = hello.promise;
    $('stored-text').textContent = hello.stored;
    $('stored-open').hidden = !hello.stored;
    badge();
    count();
    settle();
    if (hello.session) await history();
    else {
      greet();
      await session();
    }
    ground();
    ready = true;
    flush();
    listen();
  } catch {
    ready = false;
    net('off');
    queue.filter((it) => !it.own.bad).forEach((it) => state(it, 'waiting'));
    again = setTimeout(start, Math.min(30000, 1000 * 2 ** misses++));
  }
  starting = false;
}
/** The line may be back: try everything now. */
function kick() {
  misses = 0;
  pause.words = pause.files = 0;
  if (!ready) start(); else { if (!line) listen(); flush(); }
}

// ---- writing
const text = $('text');
let picked = null;
function grow() {
  text.style.height = 'auto';
  text.style.height = text.scrollHeight + 2 + 'px';
}
function write(words) {
  text.value = words;
  changed();
  text.focus();
  text.setSelectionRange(words.length, words.length);
}
function changed() { draft(text.value); grow(); count(); }
function count() {
  const max = hello.max_chars || 5000, left = max - [...text.value].length;
  $('count').textContent = left < 0 ? fill(L.over, { n: -left }) : left <= max / 10 ? fill(L.left, { n: left }) : '';
  $('count').classList.toggle('error', left < 0);
  if (left < 0) text.setAttribute('aria-invalid', 'true'); else text.removeAttribute('aria-invalid');
  return left >= 0;
}
function pick(file) {
  const max = hello.max_file_bytes || 20971520;
  picked = file && file.size <= max ? file : null;
  $('file').value = '';
  $('picked').hidden = !file;
  $('picked').classList.toggle('error', !!file && !picked);
  if (file) $('picked').firstChild.textContent = picked ? file.name : fill(L.large, { n: Math.floor(max / 1048576) });
  text.focus();
}
function send() {
  const words = text.value.trim();
  if (!count() || (!words && !picked)) return text.focus();
  const file = picked;
  if (file) pick(null);
  write('');
  enqueue(file ? { text: words, file: { name: file.name } } : { text: words }, file);
}
$('form').onsubmit = (e) => { e.preventDefault(); send(); };
text.oninput = changed;
text.onkeydown = (e) => {
  if (e.key !== 'Enter' || e.shiftKey || e.isComposing || e.keyCode === 229) return; // 229: Enter chooses in the input method
  e.preventDefault();
  send();
};
$('send').onmousedown = (e) => e.preventDefault(); // the phone's keyboard stays open
$('attach').onclick = () => $('file').click();
$('file').onchange = () => { if ($('file').files[0]) pick($('file').files[0]); };
$('picked').lastChild.onclick = () => pick(null);
for (const b of $('chips').children) b.onclick = () => once(b.textContent, { text: b.textContent });
for (const b of $('hints').querySelectorAll('button')) b.onclick = () => write(b.textContent);

// ---- reading
log.onscroll = look;
$('jump').onclick = () => { log.scrollTop = log.scrollHeight; look(); text.focus({ preventScroll: true }); };
if (window.ResizeObserver) new ResizeObserver(follow).observe(log);
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return unmark();
  unread = 0;
  badge();
  kick();
});
addEventListener('online', () => { if (ready) listen(); kick(); }); // the old line belongs to the old network
addEventListener('offline', () => net('off'));

// ---- tools and dialogs
const menu = (open) => { $('tools').classList.toggle('open', open); $('more').setAttribute('aria-expanded', open); };
$('more').onclick = () => menu(!$('tools').classList.contains('open'));
document.addEventListener('click', (e) => { if (!$('more').contains(e.target) && !$('big').contains(e.target)) menu(false); });
document.addEventListener('keydown', (e) => {
  if (e.key !== 'Escape' || !$('tools').classList.contains('open')) return;
  menu(false);
  $('more').focus();
});
function big(on) {
  document.documentElement.classList.toggle('big', on);
  $('big').setAttribute('aria-pressed', on);
  grow();
  settle();
}
$('big').onclick = () => { const on = !document.documentElement.classList.contains('big'); keep('big', on || null); big(on); };
for (const b of document.querySelectorAll('dialog .close')) b.onclick = () => b.closest('dialog').close();
$('stored-open').onclick = () => $('stored').showModal();
$('move').onclick = () => { $('claim-form').reset(); $('c-error').textContent = ''; $('claim').showModal(); };
$('claim-form').onsubmit = async (e) => {
  e.preventDefault();
  const plain = (v) => v.normalize('NFKC').toUpperCase().replace(/[‐-―−]/g, '-').replace(/\s/g, '');
  $('c-error').textContent = '';
  try {
    const a = await call('/chat/claim', json({ receipt: plain($('c-receipt').value), code: plain($('c-code').value) }));
    if (!a.ok) { $('c-error').textContent = a.data.error || L.failed; return; }
    $('claim').close();
    clean();
    await history();
    ground();
    listen();
  } catch { $('c-error').textContent = L.failed; }
};
/** Empties the screen; what has not been sent stays. */
function clean() {
  for (const it of items.slice()) if (!queue.includes(it)) remove(it);
  byId = new Map();
  cursor = top = 0;
  queue.forEach((it) => { delete it.own.base; });
  lastSent = anchor = null;
  unmark();
  stuck = true;
  settle();
}
$('wipe').onclick = () => {
  $('clear-unsent').textContent = queue.length ? fill(L.lost, { n: queue.length }) : '';
  $('clear').showModal();
};
$('clear-yes').onclick = () => {
  queue.splice(0);
  files.clear();
  pick(null);
  write('');
  try {
    Object.keys(localStorage).filter((k) => k.startsWith(KEY)).forEach((k) => localStorage.removeItem(k));
    sessionStorage.clear();
    indexedDB.deleteDatabase('jf');
  } catch { /* private mode */ }
  const seen = cursor;
  $('clear').close();
  big(false);
  clean();
  cursor = top = seen;
  greet();
  net();
  say(L.cleared);
};

text.value = draft() || '';
if (kept('big').length) big(true);
kept('q.').forEach(queued);
grow();
settle();
net();
start();
