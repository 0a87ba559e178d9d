import { startBehindNginx } from './behind-nginx.ts'
import { captureAnswer } from './captured-answer.ts'
import type { Contestant, ContestantName } from './contestant.ts'
import { startDesign2 } from './design-2.ts'
import { startNginxStatic } from './nginx-static.ts'
import { runningAlone } from './node-server.ts'
import { startPeer } from './peers.ts'
import { startPgbench } from './pgbench.ts'
import { startService } from './service.ts'
import { whichProgram } from './which-program.ts'

const nothing = () => Promise.resolve(undefined)

const unlessInstalled = (program: string) => async () =>
  (await whichProgram(program)) === undefined ? `${program} is not installed` : undefined

/** Everybody who takes part, in the order of the tables. */
export const contestants: Readonly<Record<ContestantName, Contestant>> = {
  'product-overview': {
    title: 'this service, one process',
    faults: [],
    missing: nothing,
    start: async (stage, workload) => ({
      ...runningAlone(await startService(stage, workload)),
      fillsByAsking: true,
    }),
  },
  'behind-nginx': {
    title: 'this service × 2 behind NGINX',
    faults: [],
    missing: unlessInstalled('nginx'),
    start: (stage, { caches }) => startBehindNginx(stage, caches, 2),
  },
  'design-1': {
    title: 'design 1: Express, pg, join',
    faults: [
      {
        excuses: 'photos',
        says: 'sends each photo of a style once for each of its skus, in no order',
      },
      { excuses: 'unknown ids', says: 'answers 200 for styles and related of an unknown product' },
    ],
    missing: nothing,
    start: async (stage) => runningAlone(await startPeer(stage, 'design-1')),
  },
  'design-2': {
    title: 'design 2: Express, pg, Redis',
    faults: [{ excuses: 'gaps', says: 'pages are ranges of ids, wrong behind the first gap' }],
    missing: unlessInstalled('redis-server'),
    start: startDesign2,
  },
  'fastify-postgres': {
    title: 'Fastify, @fastify/postgres',
    faults: [],
    missing: nothing,
    start: async (stage) => runningAlone(await startPeer(stage, 'fastify-postgres')),
  },
  'postgres-js': {
    title: 'Fastify, postgres.js',
    faults: [],
    missing: nothing,
    start: async (stage) => runningAlone(await startPeer(stage, 'postgres-js')),
  },
  'node-constant': {
    title: 'limit: node:http, constant',
    faults: [],
    missing: nothing,
    start: async (stage) => {
      const answer = { ANSWER_FILE: await captureAnswer(stage) }
      return runningAlone(await startPeer(stage, 'node-constant', answer))
    },
  },
  'nginx-static': {
    title: 'limit: nginx, static file',
    faults: [],
    missing: unlessInstalled('nginx'),
    start: startNginxStatic,
  },
  pgbench: {
    title: 'limit: pgbench, prepared',
    faults: [],
    missing: unlessInstalled('pgbench'),
    start: startPgbench,
  },
}
