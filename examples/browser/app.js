// SPDX-License-Identifier: Apache-2.0
// Names a photo in the browser and shows the boxes. The photo goes to a worker of this page, and
// nowhere else.
import {InvalidImageError, SpeciesNet} from './speciesnet/speciesnet.js';

const element = (id) => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';

let model;
/** Counts choices, so that the answer to an earlier one is not shown. */
let choices = 0;

function showError(error) {
  element('status').textContent = '';
  const advice = error instanceof InvalidImageError ? ' Choose a photo in JPEG, GIF or BMP.' : '';
  element('error').textContent = `${error.message[0].toUpperCase()}${error.message.slice(1)}.${advice}`;
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

async function load() {
  const progress = element('progress');
  model = await SpeciesNet.fetch('model/', {
    progress: (received, total) => {
      if (total > 0) {
        progress.max = total;
        progress.value = received;
      }
      element('progress-label').textContent =
        `Loading the model: ${megabytes(received)}${total > 0 ? ` of ${megabytes(total)}` : ''}`;
    },
  });
  if (model.isDemo) {
    element('notice').textContent = model.description;
    element('notice').hidden = false;
  }
  element('loading').hidden = true;
  element('choice').disabled = false;
  element('status').textContent = `The model ${model.modelVersion} is ready, with ${model.threads} threads.`;
}

/** Returns the last part of a label, its common name; or its scientific name. */
function commonName(label) {
  const parts = label.split(';');
  if (parts[6] === 'no cv result') {
    return 'not identified';
  }
  return parts[6] || parts.slice(1, 6).filter(Boolean).pop() || 'unknown';
}

/** Returns the answers, best first: a name, a score and a box. */
function findings({detections = []}) {
  return detections
    .filter((detection) => detection.processed_classification)
    .map(({processed_classification: {class: label, score}, bbox}) => ({name: commonName(label), score, box: bbox}));
}

function drawBoxes(found) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 1 1');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  const tags = found.map(({box: [left, top, width, height]}, i) => {
    const rectangle = document.createElementNS(SVG, 'rect');
    Object.entries({x: left, y: top, width, height, class: 'box'}).forEach(([name, value]) => rectangle.setAttribute(name, value));
    svg.append(rectangle);
    const tag = document.createElement('span');
    tag.className = 'tag';
    tag.textContent = i + 1;
    tag.setAttribute('aria-hidden', 'true');
    tag.style.left = `${left * 100}%`;
    tag.style.top = `${top * 100}%`;
    return tag;
  });
  element('figure').querySelectorAll('svg, .tag').forEach((old) => old.remove());
  element('figure').append(svg, ...tags);
}

function drawRows(found) {
  element('rows').replaceChildren(...found.map(({name, score}, i) => {
    const row = document.createElement('tr');
    [i + 1, name, `${(100 * score).toFixed(1)} %`].forEach((text) => {
      row.insertCell().textContent = text;
    });
    return row;
  }));
}

async function showPhoto(photo, text) {
  const image = element('shown');
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(photo);
  image.alt = text;
  await image.decode();
}

async function predict(photo, name) {
  const choice = ++choices;
  element('error').textContent = '';
  element('result').hidden = true;
  element('status').textContent = `Looking at ${name} …`;
  const country = element('country').value.trim();
  const {document: answer, isTruncated, decodeSeconds, networkSeconds} =
    await model.predict(photo, {filepath: name, location: country ? {country} : {}});
  if (choice !== choices) {
    return;
  }
  const [prediction] = answer.predictions;
  if (prediction.failures) {
    throw new Error(prediction.failure_reason || 'the networks failed');
  }
  const found = findings(prediction);
  const names = [...new Set(found.map((entry) => entry.name))].join(', ') || 'no animal, person or vehicle';
  await showPhoto(photo, `${name}, which shows: ${names}`);
  element('status').textContent = '';
  element('result-title').textContent = names;
  drawBoxes(found);
  drawRows(found);
  element('table').hidden = found.length === 0;
  element('times').textContent = `${(decodeSeconds + networkSeconds).toFixed(2)} s: ${decodeSeconds.toFixed(2)} s to decode ${name}, `
    + `${networkSeconds.toFixed(2)} s for the networks.${isTruncated ? ' The file is truncated: the photo is incomplete.' : ''}`;
  element('result').hidden = false;
}

function choose(file) {
  if (file && model) {
    predict(file, file.name).catch(showError);
  }
}

element('photo').addEventListener('change', ({target}) => choose(target.files[0]));
element('form').addEventListener('submit', (event) => event.preventDefault());
document.querySelectorAll('.sample').forEach((button) => button.addEventListener('click', () => {
  fetch(`photos/${button.value}`)
    .then((response) => response.blob())
    .then((photo) => predict(photo, button.value))
    .catch(showError);
}));

const drop = element('drop');
['dragover', 'dragleave', 'drop'].forEach((kind) => document.addEventListener(kind, (event) => {
  // Otherwise the browser would leave the page and open the file.
  event.preventDefault();
  drop.classList.toggle('over', kind === 'dragover');
  if (kind === 'drop') {
    choose(event.dataTransfer.files[0]);
  }
}));

load().catch((error) => {
  element('loading').hidden = true;
  showError(error);
});
