// What a page does beyond its HTML: links without a new page, content that changes by itself, and how long ago a time is.
// Everything can be read without it.
'use strict';
(() => {
  const intervals = [[86400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second']];
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  let stream = null;

  const main = () => document.getElementById('main');

  function showTimes() {
    for (const time of main().querySelectorAll('time[datetime]')) {
      const seconds = Math.round((Date.parse(time.dateTime) - Date.now()) / 1000);
      const [unit, name] = intervals.find(([size]) => Math.abs(seconds) >= size) ?? [1, 'second'];
      if (!time.title) time.title = time.textContent;
      time.textContent = relative.format(Math.trunc(seconds / unit), name);
    }
  }

  // Changes an element into another one, node by node, so that focus, open forms, scrolling and what was typed stay.
  function morph(from, to) {
    if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName || (from.id ?? '') !== (to.id ?? '')) {
      from.replaceWith(to);
      return;
    }
    if (from.nodeType !== Node.ELEMENT_NODE) {
      if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
      return;
    }
    if (from.matches('form.confirm, details.confirm[open]') && from.contains(document.activeElement)) return;
    if (from.nodeName === 'TIME') {
      if (from.dateTime === to.dateTime) return;
      from.title = '';
    }
    for (const { name } of [...from.attributes]) {
      if (!to.hasAttribute(name) && !(name === 'open' && from.nodeName === 'DETAILS')) from.removeAttribute(name);
    }
    for (const { name, value } of to.attributes) {
      if (from.getAttribute(name) !== value) from.setAttribute(name, value);
    }
    const present = [...from.childNodes];
    const wanted = [...to.childNodes];
    wanted.forEach((child, i) => (i < present.length ? morph(present[i], child) : from.append(child)));
    present.slice(wanted.length).forEach(child => child.remove());
  }

  function replaceContent(html) {
    const next = new DOMParser().parseFromString(`<main>${html}</main>`, 'text/html').querySelector('main');
    const now = main();
    for (const { name, value } of now.attributes) next.setAttribute(name, value);
    morph(now, next);
    showTimes();
  }

  function setOffline(isOffline) {
    const banner = document.querySelector('.offline');
    if (isOffline && banner.hidden) banner.querySelector('time').textContent = new Date().toLocaleTimeString();
    banner.hidden = !isOffline;
  }

  // Opens the stream of a live page. The browser connects again by itself; a stream that the relay refuses is opened again later.
  function follow() {
    stream?.close();
    stream = null;
    const page = main().dataset.page;
    if (!page) return;
    const query = new URLSearchParams({ page, version: main().dataset.version });
    const opened = new EventSource(`${document.body.dataset.live}?${query}`);
    stream = opened;
    opened.onopen = () => setOffline(false);
    opened.onerror = () => {
      setOffline(true);
      if (opened.readyState === EventSource.CLOSED) setTimeout(() => stream === opened && follow(), 5000);
    };
    opened.addEventListener('page', event => {
      main().dataset.version = event.lastEventId;
      replaceContent(event.data);
    });
    opened.addEventListener('end', () => location.reload());
  }

  async function load(address, isNew) {
    const answer = await fetch(address, { headers: { Accept: 'text/html' } });
    const type = answer.headers.get('Content-Type') ?? '';
    if (!type.startsWith('text/html')) { location.assign(address); return; }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = page.getElementById('main');
    const navigation = page.querySelector('header nav');
    if (!next || !navigation) { location.assign(address); return; }
    if (isNew) history.pushState(null, '', answer.url);
    document.title = page.title;
    document.querySelector('header nav')?.replaceWith(navigation);
    document.querySelector('.notice')?.remove();
    const notice = page.querySelector('.notice');
    if (notice) main().before(notice);
    main().replaceWith(next);
    if (isNew) { scrollTo(0, 0); next.focus({ preventScroll: true }); }
    showTimes();
    follow();
  }

  function go(address, isNew) {
    load(address, isNew).catch(() => location.assign(address));
  }

  document.addEventListener('click', event => {
    const link = event.target.closest('a[href]');
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const address = new URL(link.href);
    const isPage = address.origin === location.origin && /^\/console(\/|$)/.test(address.pathname)
      && !/^\/console\/(files|assets|sign-)/.test(address.pathname);
    if (!isPage || link.target || link.hasAttribute('download')) return;
    if (address.pathname + address.search === location.pathname + location.search && address.hash) return;
    event.preventDefault();
    go(address.href, true);
  });
  addEventListener('popstate', () => go(location.href, false));
  addEventListener('pagehide', () => stream?.close());
  addEventListener('pageshow', event => event.persisted && follow());
  document.addEventListener('change', event => event.target.closest('form[data-submit]')?.requestSubmit());
  setInterval(showTimes, 10000);
  showTimes();
  follow();
})();
