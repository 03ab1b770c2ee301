// What would have gone out. Whose words they are nobody knows, so all of it is text here; a mail's HTML stays in a
// frame where nothing runs.

const list = document.querySelector('ol');
const none = document.querySelector('.none');
const main = document.querySelector('main');
const when = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'medium' });

let shown = '';
let known = '';

await refresh();
await show();
addEventListener('hashchange', () => void show().then(() => main.focus()));
setInterval(() => document.hidden || void refresh(), 2_000);
addEventListener('visibilitychange', () => document.hidden || void refresh());

/** The list, where there is anything new in it. */
async function refresh() {
  const response = await fetch('/mail/mails').catch(() => undefined);
  if (response?.status === 404)
    none.textContent = 'This demo hands its mails to the mail server of SMTP_URL.';
  if (!response?.ok) return;
  const { mails } = await response.json();
  const now = JSON.stringify(mails);
  if (now === known) return;
  known = now;
  none.textContent =
    mails.length > 0
      ? ''
      : 'No mail yet. Write to somebody who is not looking, and one appears here by itself.';
  // Those that are there already stay where they are, and with them whatever has the focus.
  const rows = new Map([...list.children].map((row) => [row.dataset.id, row]));
  const wanted = mails.map((mail) => rows.get(mail.id) ?? rowOf(mail));
  for (const row of rows.values()) if (!wanted.includes(row)) row.remove();
  wanted.forEach((row, at) => {
    if (list.children[at] !== row) list.insertBefore(row, list.children[at] ?? null);
  });
  mark();
}

function rowOf({ id, to, name, subject, at }) {
  const link = Object.assign(document.createElement('a'), { href: `#${id}` });
  link.append(element('strong', name || to), element('span', subject), element('small', momentOf(at)));
  const row = element('li');
  row.dataset.id = id;
  row.append(link);
  return row;
}

/** The mail that the address names. */
async function show() {
  const id = location.hash.slice(1);
  shown = id;
  mark();
  if (id === '') return main.replaceChildren();
  const path = `/mail/mails/${encodeURIComponent(id)}`;
  const response = await fetch(path);
  // Whoever clicks fast sees what they clicked last.
  if (shown !== id) return;
  if (!response.ok) return main.replaceChildren(element('p', 'This mail is not kept any more.'));
  const { to, name, subject, at, headers, text } = await response.json();
  const page = document.getElementById('mail').content.cloneNode(true);
  page.querySelector('h2').textContent = subject;
  page.querySelector('.to').textContent = `To ${name === '' ? to : `${name}, ${to}`} · ${momentOf(at)}`;
  page.querySelector('iframe').src = `${path}/html`;
  page.querySelector('.text').textContent = text;
  page.querySelector('.source').href = `${path}/source`;
  page
    .querySelector('dl')
    .append(...headers.flatMap(([key, value]) => [element('dt', key), element('dd', value)]));
  main.replaceChildren(page);
}

function mark() {
  for (const row of list.children) {
    const link = row.firstElementChild;
    if (row.dataset.id === shown) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

function momentOf(at) {
  return when.format(new Date(at));
}

function element(tag, text = '') {
  return Object.assign(document.createElement(tag), { textContent: text });
}
