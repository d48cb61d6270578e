// SPDX-License-Identifier: Apache-2.0
// The page's only script. Texts become text nodes, never markup. The page shows
// what the program has saved: the response to each decision contains the changed photos.
'use strict';
(() => {
  const photosPerPage = 60;
  const byId = (id) => document.getElementById(id);
  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  let state = { photos: 0, decided: 0, species: [], blank: '', human: '' };
  let page = [];        // photos on the page
  let total = 0;        // photos that match the filters
  let from = 0;
  let current = 0;      // index on the page
  let anchor = 0;       // where a selection with Shift began
  const selected = new Set();  // indexes on the page
  const steps = [];     // numbers of the photos of each decision, for undo
  let asked = 0;        // number of the last request, so that late responses are dropped

  const say = (text, failed = false) => {
    byId('message').textContent = text;
    byId('message').classList.toggle('failed', failed);
  };
  const ask = async (path, options) => {
    const answer = await fetch(path, options);
    const json = await answer.json();
    if (!answer.ok) throw new Error(json.detail || answer.status);
    return json;
  };
  const guarded = (action) => async (...values) => {
    try {
      await action(...values);
    } catch (error) {
      say(error instanceof TypeError ? 'The program does not respond. Is it still running?' : String(error.message), true);
    }
  };

  // --- photos -------------------------------------------------------------------------------------
  const categories = { 2: 'person', 3: 'vehicle' };
  const placed = (box) => {
    const [x, y, width, height] = box.box;
    const made = element('div', { className: 'box ' + (categories[box.category] ?? ''), title: box.name });
    Object.assign(made.style, { left: 100 * x + '%', top: 100 * y + '%', width: 100 * width + '%', height: 100 * height + '%' });
    return made;
  };
  const answerText = (photo) => photo.answers
    .map((answer) => answer.name + (answer.score > 0 && answer.score < 1 ? ' ' + answer.score.toFixed(2) : '')).join(', ');
  const card = (photo, index) => {
    const image = element('img', { alt: '', loading: 'lazy', src: 'pictures/' + photo.photo + '.jpg' });
    const picture = element('div', { className: 'picture' }, image);
    image.addEventListener('load', () => picture.append(...photo.boxes.map(placed)));
    image.addEventListener('error', () => picture.replaceChildren(element('span', { className: 'failure', textContent: 'cannot be shown' })));
    const text = element('div', { className: 'text' },
      element('div', { className: 'name', textContent: answerText(photo) || 'no answer' }),
      element('div', { className: 'file', textContent: photo.file }));
    if (photo.failure) text.append(element('div', { className: 'failure', textContent: photo.failure }));
    const made = element('li', {}, picture, text);
    made.addEventListener('click', (event) => {
      if (event.shiftKey) selectTo(index);
      else if (event.ctrlKey || event.metaKey) toggle(index);
      move(index);
    });
    made.addEventListener('dblclick', view);
    return made;
  };
  const mark = () => {
    [...byId('photos').children].forEach((item, index) => {
      item.classList.toggle('current', index === current);
      item.classList.toggle('selected', selected.has(index));
      item.classList.toggle('decided', Boolean(page[index].decided));
    });
    byId('progress').textContent = state.decided + ' of ' + state.photos + ' photos are decided' +
      (selected.size ? '; ' + selected.size + ' are selected' : '');
  };
  const move = (index) => {
    if (!page.length) return;
    current = Math.max(0, Math.min(index, page.length - 1));
    mark();
    byId('photos').children[current].scrollIntoView({ block: 'nearest' });
  };
  const toggle = (index) => { selected.has(index) ? selected.delete(index) : selected.add(index); anchor = index; };
  const selectTo = (index) => {
    for (let each = Math.min(anchor, index); each <= Math.max(anchor, index); ++each) selected.add(each);
  };
  const columns = () => getComputedStyle(byId('photos')).gridTemplateColumns.split(' ').length;

  const show = () => {
    byId('photos').replaceChildren(...page.map(card));
    byId('page').textContent = total ? (from + 1) + '–' + (from + page.length) + ' of ' + total : 'no photos';
    byId('previous').disabled = from === 0;
    byId('next').disabled = from + page.length >= total;
    mark();
  };
  const load = guarded(async (wanted) => {
    const number = ++asked;
    from = Math.max(0, wanted);
    const query = new URLSearchParams({ from, count: photosPerPage, state: byId('state').value, label: byId('species').value,
      text: byId('text').value, order: byId('order').value });
    const answer = await ask('photos?' + query);
    if (number !== asked) return;
    [page, total] = [answer.photos, answer.total];
    current = anchor = 0;
    selected.clear();
    show();
    window.scrollTo(0, 0);
  });
  const refresh = guarded(async () => {
    state = await ask('state');
    const chosen = byId('species').value;
    byId('species').replaceChildren(element('option', { value: '', textContent: 'all' }),
      ...state.species.map((one) => element('option', { value: one.label, textContent: one.name + ' (' + one.photos + ')' })));
    byId('species').value = chosen;
    mark();
  });

  // --- decisions ----------------------------------------------------------------------------------
  const decide = guarded(async (body, numbers) => {
    const answer = await ask('decisions', { method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...body, photos: numbers }) });
    const changed = new Map(answer.photos.map((photo) => [photo.photo, photo]));
    page = page.map((photo, index) => {
      const now = changed.get(photo.photo);
      if (now) byId('photos').children[index].replaceWith(card(now, index));
      return now ?? photo;
    });
    state.decided = answer.decided;
    say((body.decision === 'undo' ? 'undone: ' : 'saved: ') + numbers.length + (numbers.length === 1 ? ' photo' : ' photos'));
    mark();
    refresh();
  });
  const chosen = () => (selected.size ? [...selected] : [current]).filter((index) => page[index]).map((index) => page[index].photo);
  const decideChosen = async (body) => {
    const numbers = chosen();
    if (!numbers.length) return;
    const several = selected.size > 0;
    steps.push(numbers);
    await decide(body, numbers);
    selected.clear();
    move(several ? current : current + 1);
  };
  const undo = async () => {
    const numbers = steps.pop() ?? chosen();
    if (numbers.length) await decide({ decision: 'undo' }, numbers);
  };

  // --- the chooser of species ----------------------------------------------------------------------
  let found = [];
  let choice = 0;
  const pick = (label) => { byId('chooser').close(); decideChosen({ decision: 'label', label }); };
  const showFound = () => byId('found').replaceChildren(...found.map((one, index) => {
    const item = element('li', { className: index === choice ? 'current' : '' }, one.name);
    if (one.scientific !== one.name) item.append(element('span', { className: 'scientific', textContent: one.scientific }));
    item.addEventListener('click', () => pick(one.label));
    return item;
  }));
  const search = guarded(async () => {
    const number = ++asked;
    const answer = await ask('labels?' + new URLSearchParams({ text: byId('search').value }));
    if (number !== asked) return;
    [found, choice] = [answer, 0];
    showFound();
  });
  byId('search').addEventListener('input', search);
  byId('search').addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      choice = Math.max(0, Math.min(choice + (event.key === 'ArrowDown' ? 1 : -1), found.length - 1));
      showFound();
      event.preventDefault();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (found[choice]) pick(found[choice].label);
    }
  });
  const choose = () => {
    byId('search').value = '';
    found = state.species.slice(0, 12).map((one) => ({ label: one.label, name: one.name, scientific: one.name }));
    choice = 0;
    showFound();
    byId('chooser').showModal();
    byId('search').focus();
  };

  // --- one photo, large ----------------------------------------------------------------------------
  const view = () => {
    const photo = page[current];
    if (!photo) return;
    const frame = byId('frame');
    for (const box of frame.querySelectorAll('.box')) box.remove();
    byId('large').onload = () => frame.append(...photo.boxes.map(placed));
    byId('large').src = 'pictures/' + photo.photo + '.jpg?size=large';
    byId('viewer-text').textContent = photo.file + ' – ' + (answerText(photo) || 'no answer');
    if (!byId('viewer').open) byId('viewer').showModal();
  };
  byId('viewer').addEventListener('click', () => byId('viewer').close());

  // --- keys -----------------------------------------------------------------------------------------
  const keys = {
    c: () => decideChosen({ decision: 'confirm' }),
    b: () => decideChosen({ decision: 'label', label: state.blank }),
    p: () => decideChosen({ decision: 'label', label: state.human }),
    s: choose, '/': choose, u: undo, Enter: view,
    ' ': () => { toggle(current); mark(); },
    a: () => { page.forEach((_, index) => selected.add(index)); mark(); },
    Escape: () => { selected.clear(); mark(); },
    n: () => { if (!byId('next').disabled) load(from + photosPerPage); },
    ArrowRight: () => 1, ArrowLeft: () => -1, ArrowDown: () => columns(), ArrowUp: () => -columns(),
  };
  document.addEventListener('keydown', (event) => {
    const typing = ['INPUT', 'SELECT', 'TEXTAREA'].includes(event.target.tagName);
    if (typing || byId('chooser').open || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action || (byId('viewer').open && event.key === 'Escape')) return;
    event.preventDefault();
    const step = action();
    if (typeof step === 'number') {
      if (event.shiftKey) selectTo(Math.max(0, Math.min(current + step, page.length - 1)));
      else anchor = current + step;
      move(current + step);
    }
    if (byId('viewer').open && event.key !== 'Enter') Promise.resolve(step).then(view);
  });
  for (const id of ['state', 'species', 'order']) byId(id).addEventListener('change', () => { byId(id).blur(); load(0); });
  byId('text').addEventListener('input', () => load(0));
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
  byId('previous').addEventListener('click', () => load(from - photosPerPage));
  byId('next').addEventListener('click', () => load(from + photosPerPage));
  refresh();
  load(0);
})();
