// SPDX-License-Identifier: Apache-2.0
// Counts the suppressed repeats and saves the table as a file.
'use strict';
(() => {
  const sections = [...document.querySelectorAll('section[data-row]')];
  const box = (section) => section.querySelector('input');
  const show = () => {
    for (const section of sections) section.classList.toggle('kept', !box(section).checked);
    const marked = sections.filter((section) => box(section).checked).length;
    document.getElementById('state').textContent = marked + ' of ' + sections.length + ' repeats are suppressed';
  };
  const mark = (checked) => { for (const section of sections) box(section).checked = checked; show(); };
  const table = () => [document.body.dataset.columns,
    ...sections.map((section) => section.dataset.row + (box(section).checked ? 'yes' : 'no'))].join('\n') + '\n';
  document.getElementById('all').addEventListener('click', () => mark(true));
  document.getElementById('none').addEventListener('click', () => mark(false));
  document.getElementById('save').addEventListener('click', () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([table()], { type: 'text/csv' }));
    link.download = document.body.dataset.file;
    link.click();
  });
  document.addEventListener('change', show);
  show();
})();
