// SPDX-License-Identifier: Apache-2.0
// Renders /openapi.json: one section for each operation. Nothing is fetched from elsewhere.
'use strict';

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function table(headings, rows) {
  const head = make('tr', {}, ...headings.map((text) => make('th', { scope: 'col', textContent: text })));
  const body = rows.map((cells) => make('tr', {}, ...cells.map((cell) => make('td', {}, cell))));
  return make('table', {}, make('thead', {}, head), make('tbody', {}, ...body));
}

const code = (text) => make('code', { textContent: text });

/** Follows one "$ref" within the document. */
function resolve(document_, value) {
  if (!value || !value.$ref) return value;
  return value.$ref.slice(2).split('/').reduce((node, key) => node[key], document_);
}

function requestBody(api, operation) {
  if (!operation.requestBody) return [];
  const [type, content] = Object.entries(operation.requestBody.content)[0];
  const schema = resolve(api, content.schema);
  const required = schema.required || [];
  const rows = Object.entries(schema.properties || {}).map(([name, property]) =>
    [code(name), (required.includes(name) ? 'Required. ' : '') + (resolve(api, property).description || '')]);
  return [make('h3', { textContent: `Body: ${type}` }), table(['Field', 'Meaning'], rows)];
}

function example(operation) {
  const content = operation.responses['200'] && operation.responses['200'].content;
  const value = content && content['application/json'] && content['application/json'].example;
  return value === undefined ? [] :
    [make('h3', { textContent: 'Example' }), make('pre', { tabIndex: 0 }, code(JSON.stringify(value, null, 2)))];
}

/** Returns the input element for a form field, from its schema. */
function input(name, schema, required) {
  if (schema.type === 'boolean') {
    return make('select', { name }, ...['', 'true', 'false'].map((value) =>
      make('option', { value, textContent: value || 'not given' })));
  }
  if (schema.format === 'binary') return make('input', { name, type: 'file', accept: schema.contentMediaType, required });
  const field = make('input', { name, type: schema.type === 'number' ? 'number' : 'text', required, autocomplete: 'off' });
  for (const [attribute, value] of Object.entries({ min: schema.minimum, max: schema.maximum, maxLength: schema.maxLength })) {
    if (value !== undefined) field[attribute] = value;
  }
  if (field.type === 'number') field.step = 'any';
  return field;
}

/** Returns the inputs of an operation, and a function that builds the request's body and type from them. */
function inputs(api, operation) {
  if (!operation.requestBody) return { fields: [], body: () => ({}) };
  const [[type, content]] = Object.entries(operation.requestBody.content);
  if (type === 'application/json') {
    const text = make('textarea', { rows: 8, spellcheck: false, value: JSON.stringify(content.example ?? {}, null, 2) });
    return { fields: [make('label', {}, 'Body', text)], body: () => ({ body: text.value, headers: { 'Content-Type': type } }) };
  }
  const schema = resolve(api, content.schema);
  const named = Object.entries(schema.properties).map(([name, property]) =>
    [name, input(name, resolve(api, property), (schema.required || []).includes(name))]);
  return {
    fields: named.map(([name, field]) => make('label', {}, name, field)),
    body: () => {
      const form = new FormData();
      for (const [name, field] of named) {
        const value = field.type === 'file' ? field.files[0] : field.value;
        if (value) form.append(name, value);
      }
      return { body: form };
    },
  };
}

/** Returns the response as text: status, the headers visible to a page, body. */
async function answerText(response) {
  const text = await response.text();
  const json = (response.headers.get('Content-Type') || '').startsWith('application/json');
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`);
  return [`${response.status} ${response.statusText}`.trim(), ...headers, '',
    json ? JSON.stringify(JSON.parse(text), null, 2) : text].join('\n');
}

/** A form that sends the request from this page. */
function trial(api, path, method, operation) {
  const { fields, body } = inputs(api, operation);
  const key = make('input', { type: 'password', autocomplete: 'off' });
  const send = make('button', { type: 'submit', textContent: `Send ${method.toUpperCase()} ${path}` });
  const answer = make('pre', { tabIndex: 0, hidden: true });
  answer.setAttribute('role', 'status');
  answer.setAttribute('aria-label', `Answer of ${path}`);
  const form = make('form', { className: 'fields' }, ...fields,
    ...(operation.security ? [make('label', {}, 'API key, if the server requires one', key)] : []), send);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    send.disabled = true;
    const request = body();
    const headers = { ...request.headers, ...(key.value ? { 'X-API-Key': key.value } : {}) };
    try {
      answer.textContent = await answerText(await fetch(path, { method: method.toUpperCase(), ...request, headers }));
    } catch (error) {
      answer.textContent = 'The server could not be reached.';
    }
    answer.hidden = false;
    send.disabled = false;
  });
  return make('details', { className: 'trial' }, make('summary', { textContent: 'Try it out' }), form, answer);
}

function section(api, path, method, operation) {
  const heading = make('h2', {}, make('span', { className: 'method', textContent: method.toUpperCase() }), code(path));
  const responses = Object.entries(operation.responses)
    .map(([status, response]) => [code(status), resolve(api, response).description]);
  return make('section', { className: 'operation' }, heading,
    make('p', { textContent: operation.description || operation.summary }),
    ...requestBody(api, operation),
    make('h3', { textContent: 'Answers' }), table(['Status', 'Meaning'], responses),
    ...example(operation),
    trial(api, path, method, operation));
}

async function show() {
  const api = await (await fetch('/openapi.json')).json();
  document.getElementById('title').textContent = `${api.info.title} ${api.info.version}`;
  document.getElementById('description').textContent = api.info.description;
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      document.getElementById('operations').append(section(api, path, method, operation));
    }
  }
}

show();
