// SPDX-License-Identifier: Apache-2.0
// The report's only script. Texts become text nodes and attribute values, never markup.
'use strict';
(() => {
  const photosPerBlock = 50;  // as in report_writer.cpp
  const photosPerPage = 48;
  const answersPerCard = 3;
  const byId = (id) => document.getElementById(id);
  const blocks = [...document.querySelectorAll('script.photos')];
  const thumbnailBlocks = [...document.querySelectorAll('script.thumbnails')];
  const photos = blocks.flatMap((block) => JSON.parse(block.textContent));
  photos.forEach((photo, index) => { photo.index = index; });

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // Blocks of thumbnails are read when a page needs them; a few stay in memory.
  const readBlocks = new Map();
  const thumbnail = (photo) => {
    const number = Math.floor(photo.index / photosPerBlock);
    if (!readBlocks.has(number)) {
      if (readBlocks.size > 8) readBlocks.delete(readBlocks.keys().next().value);
      readBlocks.set(number, JSON.parse(thumbnailBlocks[number].textContent));
    }
    const bytes = readBlocks.get(number)[photo.index % photosPerBlock];
    return bytes ? 'data:image/jpeg;base64,' + bytes : '';
  };

  const best = (photo) => photo.answers.length ? photo.answers[0].score ?? 0 : 0;
  const percent = (part, whole) => whole ? (100 * part / whole).toFixed(1) + ' %' : '–';
  const answerText = (answer) =>
    answer.name + (answer.score === undefined || answer.score === null ? '' : ' ' + answer.score.toFixed(2)) +
    (answer.detections > 1 ? ' (' + answer.detections + '×)' : '');
  const timeText = (taken) => taken.slice(0, 19).replace('T', ' ');

  const countSpecies = (list) => {
    const counts = new Map();
    for (const photo of list) {
      for (const answer of photo.answers) {
        const entry = counts.get(answer.label) ?? { label: answer.label, name: answer.name, photos: 0, score: 0, scored: 0 };
        entry.photos += 1;
        if (typeof answer.score === 'number') { entry.score += answer.score; entry.scored += 1; }
        counts.set(answer.label, entry);
      }
    }
    return [...counts.values()].sort((a, b) => b.photos - a.photos || a.name.localeCompare(b.name));
  };

  // --- charts -------------------------------------------------------------------------------------
  const svg = (name, attributes, text) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const bars = (title, entries) => {
    const width = 640, height = 150, left = 42, bottom = 22, top = 20;
    const most = Math.max(1, ...entries.map(([, count]) => count));
    const step = (width - left) / entries.length;
    const chart = svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title });
    chart.append(svg('text', { x: 0, y: 12 }, title));
    chart.append(svg('line', { x1: left, x2: width, y1: height - bottom, y2: height - bottom }));
    chart.append(svg('text', { x: left - 6, y: top + 10, 'text-anchor': 'end' }, String(most)));
    chart.append(svg('text', { x: left - 6, y: height - bottom, 'text-anchor': 'end' }, '0'));
    const every = Math.ceil(entries.length / 8);
    entries.forEach(([label, count], i) => {
      const tall = (height - bottom - top) * count / most;
      const bar = svg('rect', { x: left + i * step + Math.min(1, step / 8), y: height - bottom - tall,
        width: Math.max(.5, step - Math.min(2, step / 4)), height: tall });
      bar.append(svg('title', {}, `${label}: ${count}`));
      chart.append(bar);
      if (i % every === 0) chart.append(svg('text', { x: left + i * step, y: height - 6 }, label));
    });
    return chart;
  };
  const day = (text) => Date.parse(text.slice(0, 10) + 'T00:00:00Z');
  const periods = (times) => {
    const days = times.map(day).filter((time) => !Number.isNaN(time)).sort((a, b) => a - b);
    if (!days.length) return [];
    const span = (days[days.length - 1] - days[0]) / 86400000 + 1;
    const length = span <= 92 ? 10 : span <= 3650 ? 7 : 4;  // characters of a day, a month, a year
    const key = (time) => new Date(time).toISOString().slice(0, length);
    const counts = new Map();
    const last = key(days[days.length - 1]);
    for (let time = days[0]; ; time += 86400000) {
      counts.set(key(time), counts.get(key(time)) ?? 0);
      if (key(time) >= last) break;
    }
    for (const time of days) counts.set(key(time), counts.get(key(time)) + 1);
    return [...counts];
  };
  const showTimes = (list) => {
    const times = list.map((photo) => photo.taken).filter(Boolean);
    const charted = [];
    const hours = Array.from({ length: 24 }, (_, hour) => [String(hour).padStart(2, '0'), 0]);
    for (const time of times) {
      const hour = Number(time.slice(11, 13));
      if (hour in hours) hours[hour][1] += 1;
    }
    if (times.length) charted.push(bars('Photos by date', periods(times)));
    byId('timeline').replaceChildren(...charted);
    byId('hours').replaceChildren(...(times.length ? [bars('Photos by hour of the day', hours)] : []));
    const without = list.length - times.length;
    byId('untimed').textContent = without ? `${without} of ${list.length} photos do not say when they were taken.` : '';
  };

  // --- species ------------------------------------------------------------------------------------
  const showSpecies = (list) => {
    byId('species').tBodies[0].replaceChildren(...countSpecies(list).map((entry) => {
      const choose = element('button', { type: 'button', textContent: entry.name, title: entry.label });
      choose.addEventListener('click', () => { byId('filter-species').value = entry.label; update(); });
      return element('tr', {}, element('td', {}, choose),
        element('td', { className: 'number', textContent: entry.photos }),
        element('td', { className: 'number', textContent: percent(entry.photos, list.length) }),
        element('td', { className: 'number', textContent: entry.scored ? (entry.score / entry.scored).toFixed(2) : '–' }));
    }));
  };

  // --- photos -------------------------------------------------------------------------------------
  let shown = photos;
  let page = 0;
  let viewed = 0;
  const pages = () => Math.max(1, Math.ceil(shown.length / photosPerPage));

  const card = (photo, position) => {
    const source = thumbnail(photo);
    const picture = source
      ? element('img', { src: source, alt: '', loading: 'lazy', decoding: 'async' })
      : element('span', { className: 'picture', textContent: photo.failure ? 'no picture' : 'not embedded' });
    const text = element('span', { className: 'text' });
    const line = (className, content) => { if (content) text.append(element('div', { className, textContent: content })); };
    const more = photo.answers.length - answersPerCard;
    line('answer', photo.answers.slice(0, answersPerCard).map(answerText).join(', ') + (more > 0 ? `, ${more} more` : ''));
    line('failure', photo.failure);
    line('failure', photo.truncated);
    line('time', photo.taken && timeText(photo.taken));
    line('file', photo.file);
    const button = element('button', { type: 'button' }, picture, text);
    button.addEventListener('click', () => view(position));
    return element('li', {}, button);
  };

  const showPage = () => {
    const first = page * photosPerPage;
    const visible = shown.slice(first, first + photosPerPage);
    byId('photos').replaceChildren(...visible.map((photo, i) => card(photo, first + i)));
    const text = shown.length
      ? `${first + 1}–${first + visible.length} of ${shown.length} photos, page ${page + 1} of ${pages()}`
      : 'No photo fits these filters.';
    document.querySelectorAll('.page').forEach((label) => { label.textContent = text; });
    document.querySelectorAll('.previous').forEach((button) => { button.disabled = page === 0; });
    document.querySelectorAll('.next').forEach((button) => { button.disabled = page + 1 >= pages(); });
  };

  const matches = (photo) => {
    const species = byId('filter-species').value;
    const text = byId('filter-text').value.toLowerCase();
    const state = byId('filter-state').value;
    const low = Number(byId('filter-low').value || 0), high = Number(byId('filter-high').value || 1);
    const answers = species ? photo.answers.filter((answer) => answer.label === species) : photo.answers;
    if (species && !answers.length) return false;
    if (text && !photo.file.toLowerCase().includes(text)) return false;
    if (state === 'truncated' ? !photo.truncated : state && (state === 'failed') !== Boolean(photo.failure)) return false;
    const scores = answers.map((answer) => answer.score ?? 0);
    return (low <= 0 && high >= 1) || scores.some((score) => score >= low && score <= high);
  };
  const orders = {
    lowest: (a, b) => best(a) - best(b),
    highest: (a, b) => best(b) - best(a),
    time: (a, b) => (a.taken ?? '\uffff') < (b.taken ?? '\uffff') ? -1 : (a.taken ?? '\uffff') > (b.taken ?? '\uffff') ? 1 : 0,
  };
  const update = () => {
    shown = photos.filter(matches);
    const order = orders[byId('order').value];
    if (order) shown.sort(order);
    page = 0;
    showPage();
    showTimes(shown);
  };

  // --- one photo ----------------------------------------------------------------------------------
  const view = (position) => {
    viewed = position;
    const photo = shown[position];
    const source = thumbnail(photo);
    byId('viewer-image').hidden = !source;
    if (source) byId('viewer-image').src = source;
    byId('viewer-file').textContent = photo.file + (photo.taken ? ' · ' + timeText(photo.taken) : '');
    byId('viewer-answers').replaceChildren(...photo.answers.map((answer) => element('div', { textContent: answerText(answer) })),
      ...[photo.failure, photo.truncated].filter(Boolean).map((text) => element('div', { className: 'failure', textContent: text })));
    for (const link of ['original', 'copy']) {
      byId(`viewer-${link}`).hidden = !photo[link];
      if (photo[link]) byId(`viewer-${link}`).setAttribute('href', photo[link]);
    }
    byId('viewer-previous').disabled = position === 0;
    byId('viewer-next').disabled = position + 1 >= shown.length;
    if (!byId('viewer').open) byId('viewer').showModal();
  };
  const turn = (by) => {
    const to = page + by;
    if (to >= 0 && to < pages()) { page = to; showPage(); }
  };
  const step = (by) => { if (viewed + by >= 0 && viewed + by < shown.length) view(viewed + by); };

  // --- beginning ----------------------------------------------------------------------------------
  const failed = photos.filter((photo) => photo.failure).length;
  byId('title').textContent = document.body.dataset.title;
  const truncated = photos.filter((photo) => photo.truncated).length;
  byId('overview').textContent = `${photos.length} photos, ${failed} failed` + (truncated ? `, ${truncated} cut short` : '');
  for (const entry of countSpecies(photos)) {
    byId('filter-species').append(element('option', { value: entry.label, textContent: `${entry.name} (${entry.photos})` }));
  }
  showSpecies(photos);
  update();

  byId('filters').addEventListener('input', update);
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
  byId('filters').addEventListener('reset', () => setTimeout(update));
  document.querySelectorAll('.previous').forEach((button) => button.addEventListener('click', () => turn(-1)));
  document.querySelectorAll('.next').forEach((button) => button.addEventListener('click', () => turn(1)));
  byId('viewer-previous').addEventListener('click', () => step(-1));
  byId('viewer-next').addEventListener('click', () => step(1));
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches('input, select')) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    if (byId('viewer').open) step(by); else turn(by);
  });
})();
