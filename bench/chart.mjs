// The bar chart: what a request costs each server, and below it how much of each goal is used up.

const kWidth = 860;
const kLeft = 300;
const kRight = 90;
const kBar = 16;
const kStep = 22;
const kOurs = '#1f6f5c';
const kColors = { nginx: '#8a9199', HAProxy: '#b6bcc2' };
const colorOf = (name) => (name.includes('Keystead') ? kOurs : kColors[name] ?? kColors.nginx);
const kMissed = '#b3402a';
const kCosts = 'Server CPU a request, kernel included, microseconds (shorter is better)';
// Up to which figure works are on one scale: beside one that takes longer, all others would be lines.
const kScales = [200, 5_000, Infinity];

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const text = (x, y, content, attributes = '') => `<text x="${x}" y="${y}" ${attributes}>${escape(content)}</text>`;

class Canvas {
  y = 8;
  shapes = [];
  scale = 1;

  heading(content) {
    this.y += 26;
    this.shapes.push(text(16, this.y, content, 'font-weight="600"'));
    this.y += 12;
  }

  bar(label, length, color, figure) {
    const width = Math.max(1, Math.min(length, 1.5 * this.full) * this.scale);
    this.shapes.push(text(kLeft - 10, this.y + 13, label, 'text-anchor="end"'));
    this.shapes.push(`<rect x="${kLeft}" y="${this.y}" width="${width.toFixed(1)}" height="${kBar}" fill="${color}"/>`);
    this.shapes.push(text(kLeft + width + 6, this.y + 13, figure));
    this.y += kStep;
  }

  // Lengths up to `full` fill the width.
  fit(full) {
    this.full = full;
    this.scale = (kWidth - kLeft - kRight) / full;
  }
}

function drawCosts(canvas, title, series) {
  if (series.length === 0) return;
  canvas.heading(title);
  canvas.fit(Math.max(...series.map(({ cpu }) => cpu)));
  let work = '';
  for (const one of series) {
    if (work && one.work !== work) canvas.y += 8;
    work = one.work;
    canvas.bar(`${one.work}: ${one.name}`, one.cpu, colorOf(one.name), one.cpu.toFixed(2));
  }
}

function drawGoals(canvas, rows) {
  canvas.heading('How much of each goal is used up (at or left of the line is reached)');
  canvas.fit(Math.max(1.2, ...rows.map(({ used }) => Math.min(used, 2))));
  const top = canvas.y - 4;
  for (const { id, work, used, reached } of rows) {
    const label = `${id} ${work}`;
    const short = label.length > 44 ? `${label.slice(0, 43)}…` : label;
    canvas.bar(short, used, reached ? kOurs : kMissed, `${Math.round(used * 100)} %`);
  }
  const x = kLeft + canvas.scale;
  canvas.shapes.push(`<line x1="${x}" y1="${top}" x2="${x}" y2="${canvas.y}" stroke="#222" stroke-dasharray="4 3"/>`);
}

export function draw({ series, rows, versions, date, cpu }) {
  const canvas = new Canvas();
  const scaleOf = (wanted) => {
    const longest = Math.max(...series.filter(({ work }) => work === wanted).map(({ cpu }) => cpu));
    return kScales.findIndex((up) => longest <= up);
  };
  kScales.forEach((_, scale) => {
    const title = scale === 0 ? kCosts : `${kCosts}, on a scale of its own`;
    drawCosts(canvas, title, series.filter(({ work }) => scaleOf(work) === scale));
  });
  drawGoals(canvas, rows);
  canvas.y += 20;
  const peers = `nginx ${versions.nginx}, HAProxy ${versions.haproxy}, better-auth ${versions.betterAuth}, oidc-provider ${versions.oidcProvider}`;
  const caption = `Keystead ${versions.keystead}, ${peers}; ${cpu}; ${date}`;
  canvas.shapes.push(text(16, canvas.y, caption, 'fill="#555" font-size="11"'));
  const height = canvas.y + 14;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${kWidth} ${height}" width="${kWidth}" height="${height}" font-family="system-ui, sans-serif" font-size="12" role="img">
<rect width="${kWidth}" height="${height}" fill="#fff"/>
${canvas.shapes.join('\n')}
</svg>
`;
}
