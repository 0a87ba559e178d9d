// npm run build [DIR]: bundles that run alone, with nothing beside them but Node.
//   dist/server.js       the service
//   dist/etl.js          the command line of the ETL
//   dist/handlers/*.js   the service with one endpoint each (and /livez, /readyz, /metrics)
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(fileURLToPath(import.meta.url))
const outDir = resolve(root, process.argv[2] ?? 'dist')
const serverBytesMax = 250_000
const operations = ['livez', 'readyz', 'metrics']

/** For all bundles. Some packages are CommonJS and call require(), which modules must make for themselves. */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  minify: true,
  sourcemap: 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  banner: {
    js: "import{createRequire as productOverviewRequire}from'node:module';const require=productOverviewRequire(import.meta.url);",
  },
  // pg asks for it in a try block and does without.
  external: ['pg-native'],
}

/** pino starts a thread only for transports, which we have none of. */
const withoutThreads = {
  name: 'without-threads',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^thread-stream$/ }, ({ path }) => ({ path, namespace: 'absent' }))
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({
      contents: 'module.exports = undefined',
    }))
  },
}

/** etl/sql.ts reads the .sql files beside it; in the bundle, what it reads them with holds their texts. */
const inlineSql = {
  name: 'inline-sql',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:fs$/ }, ({ importer, path }) =>
      relative(root, importer) === join('etl', 'sql.ts') ? { path, namespace: 'sql' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'sql' }, () => ({
      contents: `const texts = ${JSON.stringify(sqlTexts())}
        export const readFileSync = (url) => texts[url.pathname.split('/').pop()]`,
    }))
  },
}

const sqlTexts = () =>
  Object.fromEntries(
    readdirSync(join(root, 'etl'))
      .filter((name) => name.endsWith('.sql'))
      .map((name) => [name, readFileSync(join(root, 'etl', name), 'utf8')]),
  )

/** `only:product-styles` is server.ts with an app of one endpoint in the place of app.ts. */
const onlyHandler = {
  name: 'only-handler',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^only:/ }, ({ path }) => ({
      path: path.slice(5),
      namespace: 'only-server',
    }))
    onLoad({ filter: /.*/, namespace: 'only-server' }, () =>
      typescript(readFileSync(join(root, 'server.ts'), 'utf8')),
    )
    onResolve({ filter: /^\.\/app\.ts$/, namespace: 'only-server' }, ({ importer }) => ({
      path: importer,
      namespace: 'only-app',
    }))
    onLoad({ filter: /.*/, namespace: 'only-app' }, ({ path }) =>
      typescript(appOf([...new Set([path, ...operations])])),
    )
  },
}

const typescript = (contents) => ({ contents, resolveDir: root, loader: 'ts' })

const appOf = (names) => `
  import { Hono } from 'hono'
  import { withOutcomes } from './lib/outcomes.ts'
  ${names.map((name) => `import { ${exportOf(name)} } from './handlers/${name}.ts'`).join('\n')}
  export const createApp = (services) =>
    withOutcomes(
      new Hono()${names.map((name) => `.route('/', ${exportOf(name)}(services))`).join('')},
      services.log,
    )`

/** product-styles.ts exports productStyles. */
const exportOf = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())

const handlers = readdirSync(join(root, 'handlers')).map((name) => basename(name, '.ts'))

rmSync(outDir, { recursive: true, force: true })
const started = performance.now()
await build({
  ...common,
  outdir: outDir,
  entryPoints: [
    { in: 'server.ts', out: 'server' },
    { in: 'etl/cli.ts', out: 'etl' },
    ...handlers.map((name) => ({ in: `only:${name}`, out: `handlers/${name}` })),
  ],
  plugins: [withoutThreads, inlineSql, onlyHandler],
})

const outputs = ['server.js', 'etl.js', ...handlers.map((name) => `handlers/${name}.js`)]
for (const path of outputs) {
  const bytes = statSync(join(outDir, path)).size
  console.log(`${path.padEnd(30)} ${bytes.toLocaleString('en').padStart(9)} bytes`)
}
console.log(`built in ${Math.round(performance.now() - started)} ms`)

const serverBytes = statSync(join(outDir, 'server.js')).size
if (serverBytes > serverBytesMax) {
  throw new Error(`dist/server.js: expected at most ${serverBytesMax} bytes, came ${serverBytes}`)
}
