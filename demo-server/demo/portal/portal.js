// A small portal, as a clinic might have it: this is all that an embedding page needs to do.

const people = {
  client: { id: 'ana', pages: ['Home', 'Appointments', 'Messages', 'Care plan', 'Documents', 'Billing'] },
  provider: { id: 'dr-lee', pages: ['Home', 'Schedule', 'Messages', 'Clients', 'Notes'] },
};

const query = new URLSearchParams(location.search);
const personId = query.get('as');
if (personId !== null) await showPortal(personId).catch(({ message }) => document.body.append(message));
else if (query.has('thread')) await showSignIn();
else showPair();

/** Two portals of two people, from two origins, as they would be in two browsers. */
function showPair() {
  const pair = clone('pair');
  const twin = { localhost: '127.0.0.1', '127.0.0.1': 'localhost' }[location.hostname] ?? location.hostname;
  const other = new URL(location.href);
  other.hostname = twin;
  const origins = { client: location.origin, provider: other.origin };
  for (const [role, { id }] of Object.entries(people)) {
    const address = `${origins[role]}/?as=${id}`;
    pair.querySelector(`[data-frame=${role}]`).src = address;
    pair.querySelector(`[data-open=${role}]`).href = address;
  }
  document.body.append(pair);
}

/** A mail's link says which thread, and never who: that is for the login. */
async function showSignIn() {
  const page = clone('sign-in');
  const response = await fetch(`/demo/people?${new URLSearchParams({ thread: query.get('thread') })}`);
  for (const { id, displayName, role } of (await response.json()).people) {
    const address = new URL(location.href);
    address.searchParams.set('as', id);
    const link = Object.assign(document.createElement('a'), {
      href: address.href,
      textContent: `Log in as ${displayName}, ${role}`,
    });
    const item = document.createElement('li');
    item.append(link);
    page.querySelector('.choices').append(item);
  }
  document.title = 'Log in · Fernwood Counseling';
  document.body.append(page);
}

async function showPortal(id) {
  // A portal of your own asks its own server here, with its own cookie.
  const getToken = async () => (await openSession(id)).token;
  const person = await whoIs(await getToken());
  document.body.append(clone('portal'));
  document.title = `${person.displayName} · Fernwood Counseling`;
  document.querySelector('.who').textContent = person.displayName;
  document.querySelector('.face').textContent = person.displayName.replace(/^Dr\.? /, '').charAt(0);

  const messages = document.createElement('grow-messages');
  messages.getToken = getToken;
  messages.threadId = query.get('thread') ?? '';
  messages.discreet = query.has('discreet');

  const { pages } = people[person.role];
  document.querySelector('nav ul').append(...pages.map(entry));
  addEventListener('hashchange', show);
  show();

  function show() {
    const current = pages.find((page) => hashOf(page) === location.hash) ?? 'Messages';
    for (const link of document.querySelectorAll('nav a')) {
      if (link.hash === hashOf(current)) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    document.querySelector('nav [aria-current]').scrollIntoView({ block: 'nearest', inline: 'center' });
    const page = document.querySelector('.page');
    messages.hidden = current !== 'Messages';
    if (!messages.hidden) return page.replaceChildren(messages);
    const content = clone(current === 'Home' ? `${person.role}-home` : 'plain');
    content.querySelector('h1').textContent =
      current === 'Home' ? `Good day, ${person.displayName.split(' ')[0]}` : current;
    // The element stays on the page, out of sight, so that the mark in the side bar stays true.
    page.replaceChildren(content, messages);
  }
}

function entry(page) {
  const link = Object.assign(document.createElement('a'), { href: hashOf(page), textContent: page });
  if (page === 'Messages') link.append(document.createElement('grow-messages-badge'));
  const item = document.createElement('li');
  item.append(link);
  return item;
}

async function openSession(id) {
  const response = await fetch('/demo/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ personId: id }),
  });
  if (!response.ok) throw new Error(`Nobody at this clinic is called “${id}”. Try /?as=ana or /?as=dr-lee.`);
  return response.json();
}

async function whoIs(token) {
  const response = await fetch('/v1/me', { headers: { Authorization: `Bearer ${token}` } });
  return (await response.json()).person;
}

function hashOf(page) {
  return `#${page.toLowerCase().replaceAll(' ', '-')}`;
}

function clone(id) {
  return document.getElementById(id).content.cloneNode(true);
}
