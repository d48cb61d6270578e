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
  const results = blocks.flatMap((block) => JSON.parse(block.textContent));
  results.forEach((result, index) => { result.index = index; });

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

  // --- videos -------------------------------------------------------------------------------------
  const namesNothing = (answer) => /;;;;;;(blank|no cv result)$/.test(answer.label);
  /** Merges the answers of the frames of a video: the best score of each, and the largest number of animals in one frame. */
  const answersTogether = (frames) => {
    const together = new Map();
    for (const answer of frames.flatMap((frame) => frame.answers)) {
      const known = together.get(answer.label);
      if (known) {
        known.score = answer.score === undefined ? known.score : Math.max(known.score ?? 0, answer.score);
        known.detections = Math.max(known.detections, answer.detections);
      } else {
        together.set(answer.label, { ...answer });
      }
    }
    const answers = [...together.values()].sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
    const named = answers.filter((answer) => !namesNothing(answer));
    return named.length ? named : answers;
  };
  const scoreOf = (frame, label) => frame.answers.find((answer) => answer.label === label)?.score ?? -1;
  /** A video is represented by the frame in which its answer has the greatest score. */
  const videoOf = (frames) => {
    const answers = answersTogether(frames);
    const fine = frames.filter((frame) => !frame.failure);
    const shown = (fine.length ? fine : frames).reduce((best, frame) =>
      answers.length && scoreOf(frame, answers[0].label) > scoreOf(best, answers[0].label) ? frame : best);
    return { ...shown, file: shown.video, answers, frames, shown, taken: frames.find((frame) => frame.taken)?.taken,
      failure: fine.length ? undefined : frames[0].failure, truncated: frames.find((frame) => frame.truncated)?.truncated };
  };
  const photos = [];  // Includes videos.
  for (let begin = 0; begin < results.length;) {
    const { video } = results[begin];
    let end = begin + 1;
    while (video && end < results.length && results[end].video === video) end += 1;
    photos.push(video ? videoOf(results.slice(begin, end)) : results[begin]);
    begin = end;
  }
  const isVideo = (photo) => Boolean(photo.frames);
  const countText = (list) => {
    const videos = list.filter(isVideo).length, others = list.length - videos;
    const counted = (count, one) => `${count} ${one}${count === 1 ? '' : 's'}`;
    return [others || !videos ? counted(others, 'photo') : '', videos ? counted(videos, 'video') : ''].filter(Boolean).join(' and ');
  };
  const momentText = (frame) => frame.seconds === undefined ? 'frame ' + frame.file.split('#frame=').pop()
    : Math.floor(frame.seconds / 60) + ':' + String(Math.floor(frame.seconds % 60)).padStart(2, '0');
  /** Returns the link to the original photo, or to the video at the time of the frame. */
  const linkOf = (result) => result.original + (result.seconds === undefined ? '' : `#t=${Number(result.seconds.toFixed(2))}`);
  const linkText = (result) => result.video ? `Open the video at ${momentText(result)}` : 'Open the photo';

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
  const dayLength = 86400000;
  const longestPause = 365 * dayLength;  // Photos further apart belong to different periods.
  const nearest = 3 * longestPause;  // Maximum distance of a period that is shown on the axis.
  const fewest = .1;  // Minimum size of such a period, as a part of the largest one.
  const dayOf = (photo) => Date.parse(photo.taken.slice(0, 10) + 'T00:00:00Z');
  const dateText = (time) => new Date(time).toISOString().slice(0, 10);
  /** Divides photos into those on the date axis and those outside, for instance after a clock was reset to 2000. */
  const dateAxis = (list) => {
    const dated = list.filter((photo) => photo.taken && !Number.isNaN(dayOf(photo)))
      .map((photo) => ({ photo, day: dayOf(photo) })).sort((a, b) => a.day - b.day);
    const groups = [];
    dated.forEach((entry, i) => {
      if (i === 0 || entry.day - dated[i - 1].day >= longestPause) groups.push([]);
      groups[groups.length - 1].push(entry);
    });
    if (!groups.length) return { on: [], outside: [] };
    const main = groups.reduce((most, group, i) => group.length >= groups[most].length ? i : most, 0);
    const fits = (group, next) => group.length >= fewest * groups[main].length &&
      Math.max(group[0].day - next[next.length - 1].day, next[0].day - group[group.length - 1].day) <= nearest;
    let first = main, last = main;
    while (first > 0 && fits(groups[first - 1], groups[first])) first -= 1;
    while (last + 1 < groups.length && fits(groups[last + 1], groups[last])) last += 1;
    return { on: groups.slice(first, last + 1).flat(), outside: [...groups.slice(0, first), ...groups.slice(last + 1)].flat() };
  };
  const periods = (days) => {
    const span = (days[days.length - 1] - days[0]) / dayLength + 1;
    const length = span <= 92 ? 10 : span <= 3650 ? 7 : 4;  // characters of a day, a month, a year
    const key = (time) => dateText(time).slice(0, length);
    const counts = new Map();
    const last = key(days[days.length - 1]);
    for (let time = days[0]; ; time += dayLength) {
      counts.set(key(time), counts.get(key(time)) ?? 0);
      if (key(time) >= last) break;
    }
    for (const time of days) counts.set(key(time), counts.get(key(time)) + 1);
    return [...counts];
  };
  const mostStationsNamed = 5;
  const outsideText = (outside) => {
    if (!outside.length) return '';
    const stations = new Map();
    for (const { photo, day } of outside) {
      const entry = stations.get(photo.station) ?? { count: 0, first: day, last: day };
      stations.set(photo.station, { count: entry.count + 1, first: entry.first, last: day });
    }
    const texts = [...stations].map(([station, { count, first, last }]) =>
      `${count}${station ? ` of ${station}` : ''} ${first === last ? `on ${dateText(first)}` : `from ${dateText(first)} to ${dateText(last)}`}`);
    const more = texts.length - mostStationsNamed;
    return `Outside this time: ${texts.slice(0, mostStationsNamed).join('; ')}${more > 0 ? `; and ${more} more stations` : ''}. `
      + 'Has the clock of a camera been reset?';
  };
  const showTimes = (list) => {
    const times = list.map((photo) => photo.taken).filter(Boolean);
    const hours = Array.from({ length: 24 }, (_, hour) => [String(hour).padStart(2, '0'), 0]);
    for (const time of times) {
      const hour = Number(time.slice(11, 13));
      if (hour in hours) hours[hour][1] += 1;
    }
    const { on, outside } = dateAxis(list);
    byId('timeline').replaceChildren(...(on.length ? [bars('Photos by date', periods(on.map(({ day }) => day)))] : []));
    byId('hours').replaceChildren(...(times.length ? [bars('Photos by hour of the day', hours)] : []));
    byId('outside').textContent = outsideText(outside);
    const without = list.length - times.length;
    byId('untimed').textContent = without ? `${without} of ${list.length} have no time.` : '';
  };

  // --- species ------------------------------------------------------------------------------------
  const meanScore = (entry) => entry.scored ? entry.score / entry.scored : -1;
  const speciesOrders = {
    name: (a, b) => a.name.localeCompare(b.name),
    photos: (a, b) => a.photos - b.photos,
    score: (a, b) => meanScore(a) - meanScore(b),
  };
  let speciesOrder = { by: 'photos', direction: 'descending' };
  let countedSpecies = [];
  let speciesTotal = 0;
  const fillSpeciesTable = () => {
    const table = byId('species');
    const focused = table.tBodies[0].contains(document.activeElement) ? document.activeElement.value : null;
    const { by, direction } = speciesOrder;
    const sign = direction === 'ascending' ? 1 : -1;
    const entries = [...countedSpecies].sort((a, b) => sign * speciesOrders[by](a, b) || speciesOrders.name(a, b));
    table.tBodies[0].replaceChildren(...entries.map((entry) => element('tr', {},
      element('td', {}, element('button', { type: 'button', textContent: entry.name, title: entry.label, value: entry.label })),
      element('td', { className: 'number', textContent: entry.photos }),
      element('td', { className: 'number', textContent: percent(entry.photos, speciesTotal) }),
      element('td', { className: 'number', textContent: entry.scored ? meanScore(entry).toFixed(2) : '–' }))));
    [...table.tBodies[0].querySelectorAll('button')].find((button) => button.value === focused)?.focus();
    for (const button of table.tHead.querySelectorAll('button')) {
      const heading = button.parentElement;
      if (button.value === by) heading.setAttribute('aria-sort', direction); else heading.removeAttribute('aria-sort');
    }
  };
  const showSpecies = (list) => {
    countedSpecies = countSpecies(list);
    speciesTotal = list.length;
    fillSpeciesTable();
  };

  // --- photos -------------------------------------------------------------------------------------
  let shown = photos;
  let page = 0;
  let viewed = 0;
  const pages = () => Math.max(1, Math.ceil(shown.length / photosPerPage));

  const card = (photo, position, loading) => {
    const source = thumbnail(photo);
    const picture = source
      ? element('img', { src: source, alt: '', loading, decoding: 'async' })
      : element('span', { className: 'picture', textContent: photo.failure ? 'no picture' : 'not embedded' });
    const text = element('span', { className: 'text' });
    const line = (className, content) => { if (content) text.append(element('div', { className, textContent: content })); };
    const more = photo.answers.length - answersPerCard;
    line('answer', photo.answers.slice(0, answersPerCard).map(answerText).join(', ') + (more > 0 ? `, ${more} more` : ''));
    line('failure', photo.failure);
    line('failure', photo.truncated);
    line('time', photo.taken && timeText(photo.taken));
    line('file', photo.file + (isVideo(photo) ? ` (video, ${photo.frames.length} frame${photo.frames.length === 1 ? '' : 's'} processed)` : ''));
    const button = element('button', { type: 'button' }, picture, text);
    button.addEventListener('click', () => view(position));
    const item = element('li', {}, button);
    if (photo.original) item.append(element('a', { href: linkOf(photo), target: '_blank', rel: 'noopener', textContent: linkText(photo) }));
    return item;
  };

  const showPage = () => {
    const first = page * photosPerPage;
    const visible = shown.slice(first, first + photosPerPage);
    byId('photos').replaceChildren(...visible.map((photo, i) => card(photo, first + i, 'lazy')));
    const text = shown.length
      ? `${first + 1}–${first + visible.length} of ${countText(shown)}, page ${page + 1} of ${pages()}`
      : 'No photo fits these filters.';
    document.querySelectorAll('.page').forEach((label) => { label.textContent = text; });
    document.querySelectorAll('.previous').forEach((button) => { button.disabled = page === 0; });
    document.querySelectorAll('.next').forEach((button) => { button.disabled = page + 1 >= pages(); });
  };

  const matches = (photo, species) => {
    const station = byId('filter-station').value;
    const text = byId('filter-text').value.toLowerCase();
    const state = byId('filter-state').value;
    const low = Number(byId('filter-low').value || 0), high = Number(byId('filter-high').value || 1);
    const answers = species ? photo.answers.filter((answer) => answer.label === species) : photo.answers;
    if (species && !answers.length) return false;
    if (station && photo.station !== station) return false;
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
    const ofAnySpecies = photos.filter((photo) => matches(photo, ''));
    const species = byId('filter-species').value;
    shown = photos.filter((photo) => matches(photo, species));
    showSpecies(ofAnySpecies);
    const order = orders[byId('order').value];
    if (order) shown.sort(order);
    page = 0;
    showPage();
    showTimes(shown);
  };

  // --- printing -----------------------------------------------------------------------------------
  const filterText = () => {
    const chosen = [...byId('filters').querySelectorAll('select, input')].filter((field) => field.id !== 'order' &&
      (field.options ? field.selectedIndex > 0 : field.value !== field.defaultValue));
    const texts = chosen.map((field) => field.parentElement.firstChild.textContent.trim() + ' ' +
      (field.options ? field.selectedOptions[0].textContent : field.value));
    return [countText(shown), ...texts].join('; ');
  };
  /** Shows all photos that match the filters, for printing. */
  const showAll = () => {
    byId('filtered').textContent = filterText();
    byId('photos').replaceChildren(...shown.map((photo, position) => card(photo, position, 'eager')));
  };
  let prepared = false;
  const printAll = async () => {
    showAll();
    prepared = true;
    await Promise.allSettled([...document.querySelectorAll('#photos img')].map((image) => image.decode()));
    window.print();
  };
  addEventListener('beforeprint', () => { if (!prepared) showAll(); });
  addEventListener('afterprint', () => { prepared = false; showPage(); });

  // --- one photo ----------------------------------------------------------------------------------
  /** @param result a photo, or a frame of a video */
  const viewPicture = (result) => {
    const source = thumbnail(result);
    byId('viewer-image').hidden = !source;
    if (source) byId('viewer-image').src = source;
    byId('viewer-original').textContent = linkText(result);
    for (const [link, target] of [['original', result.original && linkOf(result)], ['copy', result.copy]]) {
      byId(`viewer-${link}`).hidden = !target;
      if (target) byId(`viewer-${link}`).setAttribute('href', target);
    }
    for (const button of byId('viewer-frames').querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(Number(button.value) === result.index));
    }
  };
  const frameItem = (frame) => {
    const text = frame.failure ?? frame.answers.map(answerText).join(', ');
    const button = element('button', { type: 'button', value: frame.index, textContent: `${momentText(frame)} ${text}` });
    button.addEventListener('click', () => viewPicture(frame));
    return element('li', {}, button);
  };
  const view = (position) => {
    viewed = position;
    const photo = shown[position];
    byId('viewer-file').textContent = photo.file + (photo.taken ? ' · ' + timeText(photo.taken) : '');
    byId('viewer-answers').replaceChildren(...photo.answers.map((answer) => element('div', { textContent: answerText(answer) })),
      ...[photo.failure, photo.truncated].filter(Boolean).map((text) => element('div', { className: 'failure', textContent: text })));
    byId('viewer-frames').replaceChildren(...(photo.frames ?? []).map(frameItem));
    viewPicture(photo.shown ?? photo);
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
  byId('overview').textContent = `${countText(photos)}, ${failed} failed` + (truncated ? `, ${truncated} truncated` : '');
  for (const entry of countSpecies(photos)) {
    byId('filter-species').append(element('option', { value: entry.label, textContent: `${entry.name} (${entry.photos})` }));
  }
  const stations = new Map();
  for (const { station } of photos) stations.set(station, (stations.get(station) ?? 0) + 1);
  for (const [station, count] of [...stations].sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }))) {
    byId('filter-station').append(element('option', { value: station, textContent: `${station} (${count})` }));
  }
  byId('stations').hidden = stations.size < 2;
  update();

  byId('species').tHead.addEventListener('click', (event) => {
    const by = event.target.value;
    if (!by) return;
    const first = by === 'name' ? 'ascending' : 'descending';
    const other = first === 'ascending' ? 'descending' : 'ascending';
    speciesOrder = { by, direction: speciesOrder.by === by && speciesOrder.direction === first ? other : first };
    fillSpeciesTable();
  });
  byId('species').tBodies[0].addEventListener('click', (event) => {
    if (event.target.value === undefined) return;
    byId('filter-species').value = event.target.value;
    update();
  });
  byId('print').addEventListener('click', printAll);

  byId('filters').addEventListener('input', update);
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
  byId('filters').addEventListener('reset', () => setTimeout(update));
  document.querySelectorAll('.previous').forEach((button) => button.addEventListener('click', () => turn(-1)));
  document.querySelectorAll('.next').forEach((button) => button.addEventListener('click', () => turn(1)));
  byId('viewer-previous').addEventListener('click', () => step(-1));
  byId('viewer-next').addEventListener('click', () => step(1));
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches('input, select')) return;
    if (event.key === 'o' && byId('viewer').open && !byId('viewer-original').hidden) byId('viewer-original').click();
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    if (byId('viewer').open) step(by); else turn(by);
  });
})();
