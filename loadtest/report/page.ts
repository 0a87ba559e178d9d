import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

import { buildSync } from 'esbuild'

import { notesOf } from '../runner/notes.ts'
import type { Run } from '../runner/run.ts'
import { chartsOf } from './charts.ts'
import { embedJson, escapeHtml } from './markup.ts'
import {
  cacheTable,
  conditions,
  costTable,
  keyFigures,
  latencyTable,
  outcome,
  promiseTable,
} from './sections.ts'

/** The report of a run as one HTML file that needs nothing else, not even a network. */
export function reportPage(run: Run): string {
  const { text, kept } = outcome(run)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${run.scenario}: ${text}`)}</title>
<style>${styles()}</style>
<h1>${escapeHtml(run.scenario)}: <span class="${kept ? 'kept' : 'broken'}">${escapeHtml(text)}</span></h1>
${conditions(run)}
${keyFigures(run)}
${notesOf(run)
  .map((note) => `<p class="note">${escapeHtml(note)}</p>`)
  .join('\n')}
<h2>Promises</h2>
${promiseTable(run)}
<h2>Over time</h2>
<div id="charts"></div>
<h2>Latency by part of the traffic</h2>
${latencyTable(run)}
<h2>By the cache that answered</h2>
${cacheTable(run)}
<h2>What each part used: cores busy, and CPU time for one request</h2>
${costTable(run)}
<script type="application/json" id="data">${embedJson(chartsOf(run))}</script>
<script>${clientScript()}</script>
</html>
`
}

function styles(): string {
  const uPlotCss = createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css')
  return [uPlotCss, beside('page.css')].map((file) => readFileSync(file, 'utf8')).join('\n')
}

function clientScript(): string {
  const { outputFiles } = buildSync({
    entryPoints: [beside('client.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  })
  return (outputFiles[0]?.text ?? '').replaceAll('</script', String.raw`<\/script`)
}

function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
