// The table, as it is printed and as it is kept.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw } from './chart.mjs';

const ratio = (number) => `${number.toFixed(number < 0.1 ? 4 : 2)} x`;
const figure = (number, unit) => `${number.toFixed(number < 100 ? 2 : 0)} ${unit}`;

function verdict({ used, reached }) {
  const percent = Math.abs(1 - used) * 100;
  return reached ? 'reached' : `missed by ${percent.toFixed(0)} %`;
}

function cells(row) {
  const sign = row.better === 'lower' ? '<=' : '>=';
  return [
    row.id,
    row.work,
    figure(row.ours, row.unit),
    row.peer === null ? '' : `${figure(row.peer, row.unit)} ${row.peerName}`,
    row.isRatio ? ratio(row.value) : '',
    `${sign} ${row.goal}${row.isRatio ? ' x' : ` ${row.unit}`}`,
    verdict(row),
    row.note,
  ];
}

const kTitles = ['row', 'work', 'Keystead', 'peer', 'ratio', 'goal', '', 'note'];

export function printTable({ rows }) {
  const lines = [kTitles, ...rows.map(cells)];
  const widths = kTitles.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines) console.log(line.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd());
}

function markdown(result) {
  const { versions, series } = result;
  const table = (lines) => [lines[0], lines[0].map(() => '---'), ...lines.slice(1)].map((line) => `| ${line.join(' | ')} |`).join('\n');
  const details = series.map(({ work, name, cpu, cpuRange, rate, p50, p99 }) =>
    [work, name, cpu.toFixed(2), cpuRange.map((us) => us.toFixed(2)).join(' - '), Math.round(rate), p50, p99].map(String));
  return `# Measured on ${result.date}

Keystead ${versions.keystead}, nginx ${versions.nginx}, HAProxy ${versions.haproxy}, better-auth ${versions.betterAuth} and oidc-provider ${versions.oidcProvider} on Node ${versions.peerNode}, glewlwyd ${versions.glewlwyd}, wrk ${versions.wrk}; Linux ${result.kernel}, ${result.cpu}; load ${result.load.toFixed(2)} before it began.
${result.rounds} rounds of ${result.seconds} s each, interleaved; medians. What the rows mean: [../README.md](../README.md).

![Keystead, nginx and HAProxy](latest.svg)

${table([kTitles, ...result.rows.map(cells)])}

Server CPU a request, kernel included:

${table([['work', 'server', 'us a request', 'range', 'requests/s', 'p50 us', 'p99 us'], ...details])}
`;
}

export function writeResults(folder, result) {
  mkdirSync(folder, { recursive: true });
  const files = { 'latest.json': `${JSON.stringify(result, null, 2)}\n`, 'latest.md': markdown(result), 'latest.svg': draw(result) };
  return Object.entries(files).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
}
