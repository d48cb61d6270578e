// SPDX-License-Identifier: Apache-2.0
// The page for people: photos are sent one after the other, and each answer is shown beside its photo.
'use strict';

const element = (id) => document.getElementById(id);
const queue = [];
let sending = false;
/** Declared for a file whose type the browser does not know. */
const unknownType = 'image/x-unknown';
/** What the server takes. Told here at once: while a browser sends, it may not hear the server say no. */
const largestFile = 5 * 1024 * 1024;
/** How often a server that is busy is asked again before a person is told. */
const mostRetries = 5;
/** A photo that got one of these, or no answer at all, may get a better one later. */
const passing = [401, 408, 429, 503, 504];

const words = {
  400: 'This is not a photo that can be read.',
  401: 'This server asks for an API key. Enter it above and try again.',
  408: 'The photo did not arrive in time.',
  413: 'The photo is larger than 5 MB.',
  415: 'This file is not an image.',
  422: 'The server did not understand the place.',
  429: 'Too many photos in a short time. Wait a minute and try again.',
  503: 'The server is busy. Try again in a moment.',
  504: 'The answer took too long. Try again in a moment.',
};

function plainName(name) {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What people call it, from a full label, and its scientific name where that is another. */
function names(label, short) {
  const common = plainName(label ? label.split(';')[6] || short : short);
  const scientific = plainName(short);
  return { common, scientific: scientific.toLowerCase() === common.toLowerCase() ? '' : scientific };
}

function percent(value) {
  if (value > 0.9995) return '> 99.9 %';
  if (value < 0.0005) return '< 0.1 %';
  return (100 * value).toFixed(value > 0.1 && value < 0.995 ? 0 : 1) + ' %';
}

const pause = (seconds) => new Promise((resolve) => { setTimeout(resolve, 1000 * seconds); });

function describe(status, detail) {
  const reason = typeof detail === 'string' ? detail :
    Array.isArray(detail) ? detail.map((entry) => `${entry.loc.at(-1)}: ${entry.msg}`).join('; ') : '';
  return [words[status] || `The server answered with status ${status}.`, reason].filter(Boolean).join(' ');
}

function fields() {
  const values = {};
  if (element('country').value) values.country = element('country').value;
  if (element('region').value.trim()) values.admin1_region = element('region').value.trim();
  return values;
}

function add(files) {
  const items = document.createDocumentFragment();
  for (const file of files) {
    const item = element('answer').content.firstElementChild.cloneNode(true);
    item.querySelector('h2').textContent = file.name;
    const image = item.querySelector('img');
    image.alt = `Preview of ${file.name}`;
    image.src = URL.createObjectURL(file);
    image.addEventListener('load', () => URL.revokeObjectURL(image.src), { once: true });
    image.addEventListener('error', () => { item.querySelector('.picture').hidden = true; }, { once: true });
    item.querySelector('.again button').addEventListener('click', () => {
      item.querySelector('h2').focus();
      enqueue(file, item);
    });
    items.append(item);
    enqueue(file, item);
  }
  // What was chosen last stands first, in the order in which it was chosen.
  element('answers').prepend(items);
}

function enqueue(file, item) {
  item.querySelector('.message').hidden = true;
  item.querySelector('.again').hidden = true;
  item.classList.add('waiting');
  item.setAttribute('aria-busy', 'true');
  queue.push({ file, item, values: fields() });
  send();
}

async function send() {
  if (sending) return;
  sending = true;
  let answered = 0;
  let failed = 0;
  while (queue.length > 0) {
    const { file, item, values } = queue.shift();
    const more = queue.length ? `, ${queue.length} more to go` : '';
    element('status').textContent = `Looking at ${file.name}${more} …`;
    element('status').textContent = await identify(file, item, values);
    item.classList.remove('waiting');
    item.removeAttribute('aria-busy');
    answered += 1;
    failed += item.querySelector('.message').hidden ? 0 : 1;
  }
  if (answered > 1) {
    element('status').textContent = `${answered} photos looked at, ${failed || 'none'} without an answer.`;
  }
  sending = false;
}

/** Asks the server and shows what it says. Returns that in a few words. */
async function identify(file, item, values) {
  if (file.size > largestFile) return showError(item, file, words[413], false);
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.append(name, value);
  // The server judges the content; a type that the browser does not know must not stand in its way.
  form.append('file', file.type ? file : new File([file], file.name, { type: unknownType }));
  const headers = element('key').value ? { 'X-API-Key': element('key').value } : {};
  try {
    const response = await fetchPatiently('/uploadfile/', { method: 'POST', body: form, headers });
    const body = await response.json();
    if (response.ok) {
      addActions(item, file, values, body);
      return `${file.name}: ${showAnswer(item, body.speciesnet)}`;
    }
    if (response.status === 401) element('key-field').hidden = false;
    return showError(item, file, describe(response.status, body.detail), passing.includes(response.status));
  } catch (error) {
    return showError(item, file, 'The server could not be reached.', true);
  }
}

/** Asks a server that is busy again, when it says that one should. */
async function fetchPatiently(path, options) {
  for (let retry = 0; ; retry += 1) {
    const response = await fetch(path, options);
    if (response.status !== 503 || retry === mostRetries) return response;
    await pause(Number(response.headers.get('Retry-After')) || 1);
  }
}

/** The message itself is an alert, so what is returned for the status does not repeat it. */
function showError(item, file, text, again) {
  const message = item.querySelector('.message');
  message.textContent = text;
  message.hidden = false;
  item.querySelector('.again').hidden = !again;
  return `${file.name} has no answer.`;
}

/** Returns the answer in a few words. */
function showAnswer(item, answer) {
  const prediction = item.querySelector('.prediction');
  const { common, scientific } = names(answer.prediction_label, answer.prediction || 'No answer');
  prediction.querySelector('strong').textContent = common;
  prediction.querySelector('i').textContent = scientific;
  const details = answer.prediction === null ? [answer.failure_reason || ''] :
    [percent(answer.prediction_score), `by the ${answer.prediction_source.replaceAll('+', ', ').replaceAll('_', ' ')}`];
  if (answer.truncated) details.push('the photo is cut short');
  prediction.querySelector('span').textContent = details.join(' · ');
  prediction.hidden = false;
  showClasses(item, answer);
  item.detections = answer.detections;
  drawBoxes(item);
  return `${common}, ${details[0]}`;
}

function showClasses(item, answer) {
  const classes = item.querySelector('.classes');
  for (const entry of answer.top_classes) {
    const row = document.createElement('li');
    const label = document.createElement('span');
    const { common, scientific } = names(entry.full_label, entry.label);
    label.textContent = common;
    if (scientific) {
      const latin = document.createElement('i');
      latin.textContent = scientific;
      label.append(' ', latin);
    }
    const score = document.createElement('span');
    score.textContent = percent(entry.score);
    const bar = document.createElement('progress');
    bar.max = 1;
    bar.value = entry.score;
    bar.setAttribute('aria-label', common);
    row.append(label, score, bar);
    classes.querySelector('ul').append(row);
  }
  classes.hidden = answer.top_classes.length === 0;
}

/** Draws the boxes whose confidence reaches the slider, and lists them for those who do not see them. */
function drawBoxes(item) {
  const picture = item.querySelector('.picture');
  const svg = picture.querySelector('svg');
  const list = item.querySelector('.found ul');
  svg.setAttribute('viewBox', '0 0 1 1');
  svg.replaceChildren();
  list.replaceChildren();
  picture.querySelectorAll('.tag').forEach((tag) => tag.remove());
  const shown = item.detections.filter((detection) => detection.conf >= Number(element('threshold').value));
  for (const { bbox: [x, y, width, height], category, label, conf } of shown) {
    const box = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    for (const [name, value] of Object.entries({ x, y, width, height })) box.setAttribute(name, value);
    box.classList.add(`category-${category}`);
    svg.append(box);
    const tag = document.createElement('span');
    tag.textContent = `${label} ${percent(conf)}`;
    tag.className = `tag category-${category}`;
    tag.setAttribute('aria-hidden', 'true');
    // Above the box; inside it where there is no room above. Towards the photo's middle, so as not to stick out.
    if (x + width / 2 < 0.5) tag.style.left = `${100 * x}%`;
    else tag.style.right = `${100 * Math.max(0, 1 - x - width)}%`;
    tag.style.top = `${100 * y}%`;
    tag.style.transform = y > 0.06 ? 'translateY(-100%)' : 'none';
    picture.append(tag);
    const row = document.createElement('li');
    row.textContent = `${label}, ${percent(conf)}`;
    list.append(row);
  }
  if (shown.length === 0) {
    const row = document.createElement('li');
    row.textContent = 'nothing of this confidence';
    list.append(row);
  }
  item.querySelector('.found').hidden = false;
}

const quoteForShell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function addActions(item, file, values, body) {
  const type = file.type || unknownType;
  const curl = ['curl', ...Object.entries(values).map(([name, value]) => `-F ${name}=${value}`),
    `-F ${quoteForShell(`file=@"${file.name}";type=${type}`)}`, quoteForShell(`${location.origin}/uploadfile/`)].join(' ');
  item.querySelector('.actions').hidden = false;
  const copies = { '.copy-json': JSON.stringify(body, null, 2), '.copy-curl': curl };
  for (const [selector, text] of Object.entries(copies)) {
    const button = item.querySelector(selector);
    button.addEventListener('click', async () => {
      await copy(text);
      element('status').textContent = `Copied: ${button.textContent.replace('Copy ', '')}.`;
    });
  }
}

/** The clipboard of a page without HTTPS can be reached through a selection only. */
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'hidden-input';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

function fillCountries() {
  for (const [code, name] of Object.entries(countries)) {
    const option = document.createElement('option');
    option.value = code;
    option.textContent = name;
    element('country').append(option);
  }
}

async function showModel() {
  const response = await fetch('/version');
  const { version, model_version: model, notice } = await response.json();
  element('model').textContent = `SpeciesNet C++ ${version}, model ${model}.`;
  element('notice').textContent = notice || '';
  element('notice').hidden = !notice;
}

element('photos').addEventListener('change', (event) => {
  add(event.target.files);
  event.target.value = '';
});
element('form').addEventListener('submit', (event) => event.preventDefault());
element('threshold').addEventListener('input', (event) => {
  element('threshold-value').textContent = Number(event.target.value).toFixed(2);
  for (const item of element('answers').children) {
    if (item.detections) drawBoxes(item);
  }
});
for (const [name, over] of [['dragover', true], ['dragleave', false], ['drop', false]]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    element('drop').classList.toggle('over', over);
    if (name === 'drop' && event.dataTransfer) add(event.dataTransfer.files);
  });
}
document.addEventListener('paste', (event) => add(event.clipboardData.files));
fillCountries();
showModel();
