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
    [code(name), required.includes(name) ? 'required' : 'optional', resolve(api, property).description || '']);
  return [make('h3', { textContent: `Body: ${type}` }), table(['Field', '', 'Meaning'], rows)];
}

function example(operation) {
  const content = operation.responses['200'] && operation.responses['200'].content;
  const value = content && content['application/json'] && content['application/json'].example;
  return value === undefined ? [] :
    [make('h3', { textContent: 'Example' }), make('pre', { tabIndex: 0 }, code(JSON.stringify(value, null, 2)))];
}

function section(api, path, method, operation) {
  const heading = make('h2', {}, make('span', { className: 'method', textContent: method.toUpperCase() }), code(path));
  const responses = Object.entries(operation.responses)
    .map(([status, response]) => [code(status), resolve(api, response).description]);
  return make('section', { className: 'operation' }, heading,
    make('p', { textContent: operation.description || operation.summary }),
    ...requestBody(api, operation),
    make('h3', { textContent: 'Answers' }), table(['Status', 'Meaning'], responses),
    ...example(operation));
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
