// The tables of the site: search, filters with counts, sorting, CSV, and the state in the address.
// It reads window.HMCPSI, one JSON that the page brings along; it asks nothing of any server.
(() => {
  'use strict';
  const root = document.querySelector('[data-table]');
  if (!root || !window.HMCPSI) return;
  const {columns, rows, texts, title, version} = window.HMCPSI[root.dataset.table];
  const filters = columns.map((column, place) => ({...column, place})).filter(c => c.filter);
  const FIRST = 200; // rows shown before "Show all"

  const plain = text => text.normalize('NFKD').replace(/[\u0300-\u036f\u2018\u2019'`]/g, '')
    .toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  const state = {q: '', sort: '', all: false, chosen: {}, unknown: []};

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
      else if (value !== false && value != null) made.setAttribute(key, value === true ? '' : value);
    }
    made.append(...children.filter(child => child != null)); // text is text, never markup
    return made;
  };

  function read() { // the address says what is shown, by words or identifiers
    const {q = '', sort = '', ...asked} =
      Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    Object.assign(state, {q, sort, chosen: {}, unknown: []});
    if (sort && !columns.find(column => column.name === sort.replace(/^-/, ''))?.sorts) {
      state.unknown.push(`This table is not sorted by “${sort}”.`);
    }
    for (const [name, value] of Object.entries(asked)) {
      const {place, label, ids} = filters.find(column => column.name === name) ?? {};
      const values = [...new Set(rows.map(row => row[place]))];
      const word = [ids?.[value], value].find(one => values.includes(one)) ??
        values.find(one => one && plain(one) === plain(value));
      if (word) state.chosen[name] = word;
      else if (label) state.unknown.push(`${label}: this table has no “${value}”.`);
      else state.unknown.push(`This table has no filter “${name}”.`);
    }
  }

  function write() {
    const said = new URLSearchParams();
    if (state.q) said.set('q', state.q);
    for (const [name, value] of Object.entries(state.chosen)) said.set(name, value);
    if (state.sort) said.set('sort', state.sort);
    history.replaceState(null, '', `#${said}`);
  }

  const words = () => plain(state.q).split(' ').filter(Boolean);
  function fitting(except) { // the numbers of the rows that fit all filters but one
    const wanted = words();
    return rows.map((_, n) => n).filter(n =>
      wanted.every(word => texts[n].includes(word)) &&
      filters.every(({name, place}) => name === except || !state.chosen[name] ||
        rows[n][place] === state.chosen[name]));
  }

  function sorted(found) {
    if (!state.sort) return found;
    const down = state.sort.startsWith('-');
    const place = columns.findIndex(column => column.name === state.sort.replace(/^-/, ''));
    if (place < 0 || !columns[place].sorts) return found;
    const order = new Intl.Collator('en-GB', {numeric: true});
    return [...found].sort((a, b) => (down ? -1 : 1) *
      order.compare(rows[a][place] ?? '', rows[b][place] ?? ''));
  }

  function select({name, label, place}) {
    const counts = new Map();
    for (const n of fitting(name)) {
      const value = rows[n][place];
      if (value) counts.set(value, (counts.get(value) || 0) + 1);
    }
    const values = [...new Set(rows.map(row => row[place]).filter(Boolean))];
    values.sort(new Intl.Collator('en-GB', {numeric: true}).compare);
    const box = element('select', {id: `f-${name}`, onchange: event => {
      state.chosen[name] = event.target.value;
      if (!event.target.value) delete state.chosen[name];
      show();
      document.getElementById(`f-${name}`).focus();
    }}, element('option', {value: ''}, 'All'), ...values.map(value => element('option', {
      value, selected: state.chosen[name] === value,
      disabled: !counts.get(value) && state.chosen[name] !== value,
    }, `${value} (${counts.get(value) || 0})`)));
    return element('div', {}, element('label', {for: `f-${name}`}, label), box);
  }

  const linked = (row, column) => { // only web addresses become links
    const cell = row[column.place] ?? '';
    const address = column.link ? row[columns.findIndex(c => c.name === column.link)] : null;
    if (!/^https?:\/\//.test(address || '')) return cell;
    return element('a', {href: address, rel: 'noreferrer'}, cell);
  };

  function csv(found) {
    const quoted = cell => {
      let text = cell == null ? '' : String(cell);
      if (/^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text)) text = `'${text}`; // no formula
      return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const lines = [[...columns.map(column => column.name), 'data_version'],
      ...found.map(n => [...rows[n], version])];
    return lines.map(line => line.map(quoted).join(',')).join('\r\n') + '\r\n';
  }

  const controls = element('form', {class: 'filters', onsubmit: event => event.preventDefault()});
  const search = element('input', {id: 'q', type: 'search', oninput: event => {
    state.q = event.target.value;
    show();
  }});
  const boxes = element('div', {class: 'boxes'});
  controls.append(element('div', {}, element('label', {for: 'q'}, 'Search'), search), boxes);
  const status = element('span', {role: 'status', class: 'status'});
  const alert = element('p', {role: 'alert'});
  const save = element('button', {type: 'button', onclick: () => {
    const file = new Blob([csv(sorted(fitting()))], {type: 'text/csv'});
    const link = element('a', {href: URL.createObjectURL(file), download: `${root.dataset.table}.csv`});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }}, 'Download these rows (CSV)');
  const reset = element('button', {type: 'button', onclick: () => {
    Object.assign(state, {q: '', sort: '', all: false, chosen: {}});
    show();
  }}, 'Clear filters');
  const place = element('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title});
  root.replaceChildren(controls, element('p', {class: 'tools'}, status, save, reset), alert, place);

  function show() {
    const found = sorted(fitting());
    const visible = state.all ? found : found.slice(0, FIRST);
    if (search.value !== state.q) search.value = state.q;
    boxes.replaceChildren(...filters.map(select));
    alert.textContent = state.unknown.splice(0).join(' ');
    status.textContent = `${found.length.toLocaleString('en-GB')} of ` +
      `${rows.length.toLocaleString('en-GB')} rows`;
    const shown = columns.map((column, n) => ({...column, place: n})).filter(c => !c.hidden);
    const head = shown.map(({name, label, sorts}) => {
      if (!sorts) return element('th', {scope: 'col'}, label);
      const up = state.sort === name, down = state.sort === `-${name}`;
      return element('th', {scope: 'col', 'aria-sort': up ? 'ascending' : down ? 'descending' : false},
        element('button', {type: 'button', onclick: () => {
          state.sort = up ? `-${name}` : down ? '' : name;
          show();
          place.querySelectorAll('thead th')[shown.findIndex(c => c.name === name)].firstChild.focus();
        }}, label, up ? ' ▲' : down ? ' ▼' : ''));
    });
    const body = visible.map(n => element('tr', {}, ...shown.map((column, at) =>
      element(at ? 'td' : 'th', at ? {} : {scope: 'row'}, linked(rows[n], column)))));
    const more = visible.length < found.length ? element('button', {type: 'button', onclick: () => {
      state.all = true;
      show();
    }}, `Show all ${found.length.toLocaleString('en-GB')} rows`) : null;
    place.replaceChildren(...[element('table', {}, element('caption', {}, title),
      element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...body)), more]
      .filter(Boolean));
    write();
  }

  addEventListener('hashchange', () => { read(); show(); });
  read();
  show();
})();
