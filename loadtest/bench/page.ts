import { readFileSync } from 'node:fs'
import { type Bar, type Tone, barPlot } from './bar-plot.ts'
import type { ContestantName } from './contestant.ts'
import { contestants } from './contestants.ts'
import { formatMegabytes, formatNumber, formatSpread } from './format.ts'
import { judgeGoals } from './goals.ts'
import { growing } from './growth.ts'
import { headline, headlineColumns } from './headline.ts'
import { linePlot } from './line-plot.ts'
import { escapeHtml } from '../report/markup.ts'
import { htmlTable } from './html-table.ts'
import type { BenchResult, ContestantResult, GrowthResult, WorkloadResult } from './results.ts'
import { spreadOf } from './statistics.ts'
import { rateColumns, spreadIn, summarise, summariseRates, summaryColumns } from './summary.ts'

/** The whole result as one page that needs nothing else. */
export const resultPage = (result: BenchResult): string => {
  const style = readFileSync(new URL('page.css', import.meta.url), 'utf8')
  const sections = [
    head(result),
    headlineSection(result),
    goalSection(result),
    ...result.workloads.map(workloadSection),
    rateSection(result),
    ...result.growth.map(growthSection),
    conditions(result),
  ]
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>The bench of product-overview</title><style>${style}</style></head>` +
    `<body>${sections.join('\n')}</body></html>\n`
  )
}

const head = ({ startedAt, commit, command, products, machine, ...result }: BenchResult) =>
  `<h1>The bench of product-overview</h1>
  <p class="faint">${escapeHtml(startedAt.slice(0, 10))}, commit ${escapeHtml(commit)},
  ${formatNumber(products)} products, ${result.rounds} × ${result.seconds} s,
  ${result.connections} connections, ${machine.cores} cores (${escapeHtml(machine.cpu)}),
  ${formatMegabytes(machine.memoryBytes)} MB. <code>${escapeHtml(command)}</code></p>`

const headlineSection = (result: BenchResult) => {
  const rows = headline(result)
  if (rows.length === 0) return ''
  return `<h2>What is sustained</h2><div class="words">${htmlTable(headlineColumns, rows)}</div>`
}

const goalSection = (result: BenchResult) => {
  const goals = judgeGoals(result)
  if (goals.length === 0) return ''
  const rows = goals.map(({ work, goal, reached, isReached }) => [
    work,
    goal,
    formatSpread(reached),
    isReached ? 'reached' : 'missed',
  ])
  const table = htmlTable(['work', 'goal', 'measured', ''], rows, (row) => rows[row]?.[3] ?? '')
  return `<h2>Goals</h2><div class="words">${table}</div>`
}

const workloadSection = (workload: WorkloadResult) => {
  const rows = summarise(workload)
  return `<h2>${escapeHtml(workload.title)}</h2>
    <h3>Requests a second, and where the rounds lay</h3>
    ${scrolling(barPlot(`Requests a second: ${workload.title}`, workload.contestants.map(rateBar)))}
    <h3>CPU time for one request, in µs:${legend}</h3>
    ${scrolling(barPlot(`CPU time: ${workload.title}`, workload.contestants.map(costBar)))}
    ${htmlTable(
      summaryColumns,
      rows.map(({ cells }) => cells),
      (row) => toneOf(rows[row]?.name),
    )}`
}

// Fitted into a phone, the text of a plot would be five pixels high.
const scrolling = (plot: string) => `<div class="scroll">${plot}</div>`

const legend = Object.entries({
  server: 'the server',
  postgres: 'PostgreSQL',
  helper: 'Redis or NGINX',
})
  .map(([name, title]) => `<span class="swatch ${name}-bar"></span>${title}`)
  .join('')

const toneOf = (name: ContestantName | undefined): Tone => {
  if (name === 'product-overview' || name === 'behind-nginx') return 'own'
  const title = name === undefined ? '' : contestants[name].title
  return title.startsWith('limit') ? 'limit' : 'peer'
}

const rateBar = ({ name, rounds }: ContestantResult): Bar => {
  const rate = spreadOf(rounds.map((round) => round.requestsPerSecond))
  const tone = toneOf(name)
  return {
    label: contestants[name].title,
    tone,
    parts: [{ value: rate.median, className: `${tone}-bar` }],
    whisker: { from: rate.min, to: rate.max },
    text: formatNumber(rate.median),
  }
}

const costBar = ({ name, rounds }: ContestantResult): Bar => {
  const parts = [
    { className: 'server-bar', spread: spreadIn(rounds, (round) => round.serverMicros) },
    { className: 'postgres-bar', spread: spreadIn(rounds, (round) => round.postgresMicros) },
    { className: 'helper-bar', spread: spreadIn(rounds, (round) => round.helperMicros) },
  ].flatMap(({ className, spread }) => (spread ? [{ className, value: spread.median }] : []))
  return {
    label: contestants[name].title,
    tone: toneOf(name),
    parts,
    text: parts.map(({ value }) => formatNumber(value)).join(' + '),
  }
}

const rateSection = ({ rates }: BenchResult) => {
  if (rates.length === 0) return ''
  const tables = rates.map(
    (rate) => `<h3>${escapeHtml(rate.title)}</h3>${htmlTable(rateColumns, summariseRates(rate))}`,
  )
  return `<h2>Latency at 70 % of each one's own capacity</h2>
    <p>An open load: requests are due at fixed times, in groups of one millisecond, and latency counts from then. What
    the generator itself was late by is part of it and stands beside it.</p>${tables.join('')}`
}

const growthSection = ({ title, axis, lines }: GrowthResult) => {
  const plot = linePlot({
    title,
    xAxis: axis,
    yAxis: 'requests/s',
    isLogarithmic: axis === 'products',
    formatX: (at) => (axis === 'share of misses' ? `${at * 100} %` : formatNumber(at)),
    lines: lines.map((line, place) => ({
      title: line.title,
      colour: line.name === undefined ? place : growing.indexOf(line.name),
      points: line.points.map(({ at, rounds }) => ({
        at,
        spread: spreadOf(rounds.map((round) => round.requestsPerSecond)),
      })),
    })),
  })
  return `<h2>${escapeHtml(title)}</h2>${scrolling(plot)}`
}

const conditions = ({ machine, generator, absent }: BenchResult) => {
  const faults = Object.values(contestants).flatMap(({ title, faults: known }) =>
    known.map(({ says }) => `<li>${escapeHtml(`${title}: ${says}`)}</li>`),
  )
  const missing = Object.entries(absent).map(
    ([name, why]) => `<li>Not there: ${escapeHtml(`${name}, because ${why}`)}</li>`,
  )
  const pairs = { ...machine.versions, ...machine.postgresSettings, system: machine.system }
  return `<h2>Conditions</h2><ul>
    <li>All on one machine and its loopback: the load (${escapeHtml(generator)}) takes its share of the cores.</li>
    <li>A fresh process for each round, contestants in turn, every other round backwards. Medians; spreads are the
    extremes. Ratios are taken round by round.</li>
    <li>Cold: no cache anywhere; PostgreSQL has the data in memory. CPU times are those of the processes.</li>
    <li>NODE_ENV=production, pools of ten connections, pgbench with eight. Clients do not ask for compression.</li>
    ${faults.join('')}${missing.join('')}</ul>
    <div class="words">${htmlTable(['what', 'version or setting'], Object.entries(pairs))}</div>`
}
