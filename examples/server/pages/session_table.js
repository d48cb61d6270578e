// SPDX-License-Identifier: Apache-2.0
// The answers of this page as a table, on the page and as CSV. Nothing is kept when the page is closed.
'use strict';

/** Columns of the file; the page shows those with a heading. Names as in `speciesnet predict --csv`, where they exist there. */
const sessionColumns = [
  { name: 'filename', heading: 'Photo', of: (photo) => photo.file.name },
  { name: 'name', heading: 'Name', of: (photo) => photo.answer ? shownNames(photo.answer).common : '' },
  { name: 'scientific_name', heading: 'Scientific name', of: (photo) => photo.answer ? shownNames(photo.answer).scientific : '' },
  { name: 'score', heading: 'Score', of: (photo) => photo.answer?.prediction_score?.toFixed(4) ?? '' },
  { name: 'animals', heading: 'Animals', of: (photo) => countOf(photo, '1') },
  { name: 'humans', heading: 'People', of: (photo) => countOf(photo, '2') },
  { name: 'vehicles', heading: 'Vehicles', of: (photo) => countOf(photo, '3') },
  { name: 'country', heading: 'Country', of: (photo) => photo.answer?.country ?? '' },
  { name: 'admin1_region', of: (photo) => photo.answer?.admin1_region ?? '' },
  { name: 'label', of: (photo) => photo.answer?.prediction_label ?? '' },
  { name: 'source', of: (photo) => photo.answer?.prediction_source ?? '' },
  { name: 'model_version', of: (photo) => photo.answer?.model_version ?? '' },
  { name: 'failure', heading: 'Failure', of: (photo) => photo.problem || photo.answer?.failure_reason || '' },
];

/** Boxes of a category that are drawn. */
function countOf(photo, category) {
  if (!photo.answer) return '';
  return String(shownBoxes(photo.answer).filter((box) => box.category === category).length);
}

function showSession(photos) {
  const columns = sessionColumns.filter((column) => column.heading);
  const table = document.querySelector('#session table');
  const cell = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  table.tHead.rows[0].replaceChildren(...columns.map((column) => {
    const heading = cell('th', column.heading);
    heading.scope = 'col';
    return heading;
  }));
  table.tBodies[0].replaceChildren(...photos.map((photo) => {
    const row = document.createElement('tr');
    row.append(...columns.map((column) => cell('td', column.of(photo))));
    return row;
  }));
  document.getElementById('session').hidden = photos.length === 0;
}

/** RFC 4180, after a byte order mark, by which Excel recognises UTF-8. */
function sessionCsv(photos) {
  const field = (text) => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const rows = [sessionColumns.map((column) => column.name),
    ...photos.map((photo) => sessionColumns.map((column) => column.of(photo)))];
  return '\ufeff' + rows.map((row) => row.map(field).join(',') + '\r\n').join('');
}

function downloadSession(photos) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([sessionCsv(photos)], { type: 'text/csv' }));
  link.download = 'speciesnet.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}
