// SPDX-License-Identifier: Apache-2.0
// The web page. Sends photos one after the other and shows each answer beside its photo.
'use strict';

const element = (id) => document.getElementById(id);
/** All photos of this page in the order in which they were added: file, list item and result. */
const photos = [];
const queue = [];
let sending = false;
/** The type declared for a file whose type the browser does not know. */
const unknownType = 'image/x-unknown';
/** Maximum number of retries while the server is busy. */
const mostRetries = 5;
/** Statuses after which a photo may succeed later, as after a failed connection. */
const passing = [401, 408, 429, 503, 504];
/** Statuses that do not depend on the place. */
const refused = [400, 413, 415];
/** Time between a change of the place and the new predictions, in milliseconds. */
const placePause = 600;
/** Time between two checks whether the model is loaded, in seconds. */
const modelPause = 2;

/** The response of /version. */
let about = {};

const words = {
  0: 'The server could not be reached.',
  400: 'This photo cannot be read.',
  401: 'This server requires an API key. Enter it above and try again.',
  408: 'The photo did not arrive in time.',
  413: 'The photo is too large for this server.',
  415: 'This file is not an image.',
  422: 'The place is not valid.',
  429: 'Too many photos in a short time. Wait a minute and try again.',
  503: 'The server is busy. Try again in a moment.',
  504: 'The answer took too long. Try again in a moment.',
};

function plainName(name) {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const megabytes = (bytes) => `${Math.round(10 * bytes / 1024 / 1024) / 10}\u00a0MB`;

/** Returns the common name in a full label, and the scientific name if it differs. */
function names(label, short) {
  const common = plainName(label ? label.split(';')[6] || short : short);
  const scientific = plainName(short);
  return { common, scientific: scientific.toLowerCase() === common.toLowerCase() ? '' : scientific };
}

/** Returns the names of a photo's answer. */
const shownNames = (answer) => names(answer.prediction_label, answer.prediction || 'No answer');

/** Returns the boxes whose confidence is at least that of the slider. */
const shownBoxes = (answer) => answer.detections.filter((box) => box.conf >= Number(element('threshold').value));

/** Returns whether the classifier identified a box. */
const isNamed = (box) => Boolean(box.prediction_label) && box.prediction !== 'no_cv_result';

/** Returns the species in a box or, if it was not identified, its category. */
function boxText(box) {
  if (!isNamed(box)) return `${plainName(box.label)} ${percent(box.conf)}`;
  return `${names(box.prediction_label, box.prediction).common} ${percent(box.prediction_score)}`;
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
  const problem = words[status] || `The server answered with status ${status}.`;
  return reason ? `${problem} Reason: ${reason}.` : problem;
}

function fields() {
  const values = { every_box: 'true' };
  if (element('country').value) values.country = element('country').value;
  if (element('region').value.trim()) values.admin1_region = element('region').value.trim();
  return values;
}

function add(files) {
  const items = document.createDocumentFragment();
  for (const file of files) {
    const item = element('answer').content.firstElementChild.cloneNode(true);
    const photo = { file, item, answer: null, body: null, problem: '', refused: false, queued: false };
    item.querySelector('h2').textContent = file.name;
    const image = item.querySelector('img');
    image.alt = `Preview of ${file.name}`;
    image.src = URL.createObjectURL(file);
    image.addEventListener('load', () => URL.revokeObjectURL(image.src), { once: true });
    image.addEventListener('error', () => { item.querySelector('.picture').hidden = true; }, { once: true });
    item.querySelector('.again button').addEventListener('click', () => {
      item.querySelector('h2').focus();
      enqueue(photo);
    });
    addActions(photo);
    photos.push(photo);
    items.append(item);
    enqueue(photo);
  }
  // The photos chosen last come first, in the order in which they were chosen.
  element('answers').prepend(items);
}

/** Queues a photo, unless it is queued already. The form is read when the photo is sent. */
function enqueue(photo) {
  if (photo.queued) return;
  photo.queued = true;
  photo.item.querySelector('.message').hidden = true;
  photo.item.querySelector('.again').hidden = true;
  photo.item.classList.add('waiting');
  photo.item.setAttribute('aria-busy', 'true');
  queue.push(photo);
  send();
}

async function send() {
  if (sending) return;
  sending = true;
  let answered = 0;
  let failed = 0;
  while (queue.length > 0) {
    const photo = queue.shift();
    photo.queued = false;
    const more = queue.length ? `, ${queue.length} more to go` : '';
    element('status').textContent = `Processing ${photo.file.name}${more} …`;
    element('status').textContent = await identify(photo);
    if (!photo.queued) {  // The place may have changed meanwhile.
      photo.item.classList.remove('waiting');
      photo.item.removeAttribute('aria-busy');
    }
    answered += 1;
    failed += photo.problem ? 1 : 0;
    showSession(photos);
  }
  if (answered > 1) {
    element('status').textContent = `${answered} photos processed, ${failed || 'none'} without an answer.`;
  }
  sending = false;
}

/** Sends a photo and shows the answer. Returns a summary of it. */
async function identify(photo) {
  const { file } = photo;
  // Checked here, because a browser that is still sending may miss the refusal of the server.
  if (file.size > (about.upload_limit ?? Infinity)) return showProblem(photo, 413);
  const form = new FormData();
  photo.values = fields();
  for (const [name, value] of Object.entries(photo.values)) form.append(name, value);
  // The server checks the content, so a type that the browser does not know is not an error.
  form.append('file', file.type ? file : new File([file], file.name, { type: unknownType }));
  const headers = element('key').value ? { 'X-API-Key': element('key').value } : {};
  try {
    const response = await fetchPatiently('/uploadfile/', { method: 'POST', body: form, headers });
    const body = await response.json();
    if (response.status === 401) element('key-field').hidden = false;
    return response.ok ? showAnswer(photo, body) : showProblem(photo, response.status, body.detail);
  } catch (error) {
    return showProblem(photo, 0);
  }
}

/** Repeats a request to a busy server after the time in Retry-After. */
async function fetchPatiently(path, options) {
  for (let retry = 0; ; retry += 1) {
    const response = await fetch(path, options);
    if (response.status !== 503 || retry === mostRetries) return response;
    await pause(Number(response.headers.get('Retry-After')) || 1);
  }
}

/** The message is an alert, so the returned summary does not repeat it.
 * @param status 0 if the server could not be reached */
function showProblem(photo, status, detail) {
  photo.answer = null;
  photo.problem = describe(status, detail);
  photo.refused = refused.includes(status);
  for (const part of ['.prediction', '.classes', '.found', '.actions']) photo.item.querySelector(part).hidden = true;
  clearBoxes(photo.item);
  const message = photo.item.querySelector('.message');
  message.textContent = photo.problem;
  message.hidden = false;
  photo.item.querySelector('.again').hidden = status !== 0 && !passing.includes(status);
  return `${photo.file.name} has no answer.`;
}

/** Returns a summary of the answer. */
function showAnswer(photo, body) {
  const { item } = photo;
  const answer = body.speciesnet;
  Object.assign(photo, { answer, body, problem: '', refused: false });
  const prediction = item.querySelector('.prediction');
  const { common, scientific } = shownNames(answer);
  prediction.querySelector('strong').textContent = common;
  prediction.querySelector('i').textContent = scientific;
  const details = answer.prediction === null ? [answer.failure_reason || ''] :
    [percent(answer.prediction_score), `by the ${answer.prediction_source.replaceAll('+', ', ').replaceAll('_', ' ')}`];
  if (answer.truncated) details.push('the photo is truncated');
  prediction.querySelector('span').textContent = details.join(' · ');
  prediction.hidden = false;
  item.querySelector('.actions').hidden = false;
  showClasses(item, answer);
  drawBoxes(photo);
  return `${photo.file.name}: ${common}, ${details[0]}`;
}

function showClasses(item, answer) {
  const classes = item.querySelector('.classes');
  classes.querySelector('ul').replaceChildren(...answer.top_classes.map((entry) => {
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
    return row;
  }));
  classes.hidden = answer.top_classes.length === 0;
}

function clearBoxes(item) {
  item.querySelector('.boxes').replaceChildren();
  item.querySelectorAll('.tag').forEach((tag) => tag.remove());
}

function addTag(picture, box) {
  const { bbox: [x, y, width, height], category } = box;
  const tag = document.createElement('span');
  tag.textContent = boxText(box);
  tag.className = `tag category-${category}`;
  tag.setAttribute('aria-hidden', 'true');
  // Towards the middle of the photo, so that the tag stays inside.
  if (x + width / 2 < 0.5) tag.style.left = `${100 * x}%`;
  else tag.style.right = `${100 * Math.max(0, 1 - x - width)}%`;
  const others = [...picture.querySelectorAll('.tag')].map((other) => other.getBoundingClientRect());
  picture.append(tag);
  // Above the box, below it, or inside: the first place without another tag.
  const places = [[y, '-100%', y > 0.06], [y + height, '0', y + height < 0.94], [y, '0', true]];
  for (const [top, shift] of places.filter(([, , fits]) => fits)) {
    tag.style.top = `${100 * top}%`;
    tag.style.transform = `translateY(${shift})`;
    const here = tag.getBoundingClientRect();
    if (!others.some((other) => other.left < here.right && here.left < other.right &&
        other.top < here.bottom && here.top < other.bottom)) return;
  }
}

/** Draws the boxes above the slider, and lists them as text for screen readers. */
function drawBoxes({ item, answer }) {
  const picture = item.querySelector('.picture');
  const svg = picture.querySelector('svg');
  const list = item.querySelector('.found ul');
  clearBoxes(item);
  svg.setAttribute('viewBox', '0 0 1 1');
  list.replaceChildren();
  const shown = shownBoxes(answer);
  for (const box of shown) {
    const { bbox: [x, y, width, height], category } = box;
    const frame = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    for (const [name, value] of Object.entries({ x, y, width, height })) frame.setAttribute(name, value);
    frame.classList.add(`category-${category}`);
    svg.append(frame);
    addTag(picture, box);
    const row = document.createElement('li');
    row.textContent = isNamed(box) ? `${boxText(box)} (${box.label} ${percent(box.conf)})` : boxText(box);
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

function addActions(photo) {
  const { file, item } = photo;
  const texts = {
    '.copy-json': () => JSON.stringify(photo.body, null, 2),
    '.copy-curl': () => ['curl', ...Object.entries(photo.values).map(([name, value]) => `-F ${name}=${value}`),
      `-F ${quoteForShell(`file=@"${file.name}";type=${file.type || unknownType}`)}`,
      quoteForShell(`${location.origin}/uploadfile/`)].join(' '),
  };
  for (const [selector, text] of Object.entries(texts)) {
    const button = item.querySelector(selector);
    button.addEventListener('click', async () => {
      await copy(text());
      element('status').textContent = `Copied: ${button.textContent.replace('Copy ', '')}.`;
    });
  }
}

/** A page without HTTPS can use the clipboard only through a selection. */
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

/** Shows the versions of program and model; repeats until the model is loaded. */
async function showModel() {
  try {
    about = await (await fetch('/version')).json();
  } catch (error) {
    return;  // Sending a photo shows the same error.
  }
  const { version, model_version: model, notice } = about;
  element('limit').textContent = `, up to ${megabytes(about.upload_limit)} each`;
  words[413] = `The photo is larger than ${megabytes(about.upload_limit)}.`;
  element('model').textContent = `SpeciesNet C++ ${version}, ${model ? `model ${model}` : 'the model is not loaded yet'}.`;
  element('notice').textContent = notice || '';
  element('notice').hidden = !notice;
  element('samples').hidden = !about.demo;
  if (!model) {
    await pause(modelPause);
    await showModel();
  }
}

async function trySample(name) {
  const response = await fetch(`/samples/${name}`);
  add([new File([await response.blob()], name, { type: 'image/jpeg' })]);
}

let placeChange = 0;

/** Predicts the photos again whose answer may depend on the place. */
function askAgain() {
  clearTimeout(placeChange);
  placeChange = setTimeout(() => photos.filter((photo) => !photo.refused).forEach(enqueue), placePause);
}

element('photos').addEventListener('change', (event) => {
  add(event.target.files);
  event.target.value = '';
});
element('form').addEventListener('submit', (event) => event.preventDefault());
element('samples').addEventListener('click', (event) => {
  if (event.target.value) trySample(event.target.value);
});
for (const name of ['country', 'region']) element(name).addEventListener('change', askAgain);
const drawAll = () => photos.filter((photo) => photo.answer).forEach(drawBoxes);
addEventListener('resize', drawAll);  // Moves the tags.
element('threshold').addEventListener('input', (event) => {
  element('threshold-value').textContent = Number(event.target.value).toFixed(2);
  drawAll();
  showSession(photos);
});
element('download').addEventListener('click', () => downloadSession(photos));
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
