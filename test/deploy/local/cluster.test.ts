import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { askServer } from '../../../deploy/local/ask-server.ts'
import { type Cluster, startCluster } from '../../../deploy/local/cluster/cluster.ts'
import type { ClusterMap } from '../../../deploy/local/cluster/cluster-map.ts'
import type { ClusterPart } from '../../../deploy/local/cluster/cluster-part.ts'
import { isRunning } from '../../../deploy/local/processes.ts'
import type { Bundles } from '../../lib/bundles.ts'
import { sharedBundles } from '../../lib/shared-bundles.ts'
import { copyPostgresData } from '../../postgres-data.ts'
import { describeNginx } from '../nginx-fixture.ts'
import { startLoad } from '../open-load.ts'

let dir: string
let mapFile: string
let bundles: Bundles
let cluster: Cluster
const reached: string[] = []

describeNginx('a cluster', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'product-overview-cluster-'))
    mapFile = join(dir, 'maps', 'map.json')
    bundles = await sharedBundles()
    await copyPostgresData(join(dir, 'primary'))
    cluster = await startCluster({
      dir,
      server: join(bundles.dir, 'server.js'),
      instances: 2,
      replicas: 1,
      products: 200,
      port: 0,
      mapFile,
      reach: async ({ name, url }) => {
        reached.push(name)
        return url
      },
      durable: false,
      env: { DRAIN_NOTICE_MS: '200' },
      report: () => undefined,
      log: () => undefined,
    })
  }, 120_000)

  afterAll(async () => {
    await cluster.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const readMap = async () => JSON.parse(await readFile(mapFile, 'utf8')) as ClusterMap
  const statusOf = async (url: string) =>
    (await fetch(url, { signal: AbortSignal.timeout(5_000) })).status
  const answers = (part: ClusterPart) => statusOf(`${part.url}/products/1`).catch(() => 0)
  const query = (url: string, statement: string) =>
    askServer(url, 1_000, async (client) => (await client.query(statement)).rows as unknown[])
  const [instance, other, primary, replica] = [
    () => cluster.instances[0] as ClusterPart,
    () => cluster.instances[1] as ClusterPart,
    () => cluster.databases[0] as (typeof cluster.databases)[number],
    () => cluster.databases[1] as (typeof cluster.databases)[number],
  ]

  it('answers through NGINX and at each instance, and writes down what runs', async () => {
    expect(await statusOf(`${cluster.url}/products?count=5`)).toBe(200)
    expect(await Promise.all(cluster.instances.map(answers))).toEqual([200, 200])
    expect(await readMap()).toEqual({
      nginx: { url: cluster.url, pid: cluster.nginx.pid() },
      instances: cluster.instances.map(({ url, pid }) => ({ url, pid: pid() })),
      databases: cluster.databases.map(({ role, url, pid, dataDir }) => ({
        role,
        url,
        pid: pid(),
        dataDir,
      })),
    })
  })

  it('reads from the primary and the replica, as they are to be reached', async () => {
    expect(reached).toEqual(['primary', 'replica 1'])
    const metrics = await (await fetch(`${instance().url}/metrics`)).text()

    for (const { url } of cluster.databases)
      expect(metrics).toContain(
        `product_overview_database_up{database="${new URL(url).host}/postgres"} 1`,
      )
  })

  it('starts a killed instance again at its address, and writes down its new pid', async () => {
    const killed = instance().pid()
    await instance().kill()
    await expect.poll(instance().isRunning).toBe(true)

    expect(await answers(instance())).toBe(200)
    expect(instance().pid()).not.toBe(killed)
    await expect.poll(async () => (await readMap()).instances[0]?.pid).toBe(instance().pid())
  })

  it('starts a killed NGINX again at its address, though its workers hold the port', async () => {
    const killed = cluster.nginx.pid()
    await cluster.nginx.kill()
    await expect.poll(cluster.nginx.isRunning, { timeout: 10_000 }).toBe(true)

    expect(await answers(cluster.nginx)).toBe(200)
    expect(cluster.nginx.pid()).not.toBe(killed)
  })

  it('replaces all instances under load without a failed request', async () => {
    const before = cluster.instances.map(({ pid }) => pid())
    let sent = 0
    const load = startLoad(cluster.url, 50, () => `/products/${(sent++ % 20) + 1}`)
    await cluster.rollingRestart()
    const outcomes = await load.stop()

    expect(cluster.instances.map(({ pid }) => pid())).not.toEqual(before)
    expect(outcomes.filter(({ status }) => status !== 200 && status !== 404)).toEqual([])
  })

  it('starts a killed primary again, and the replica follows it', async () => {
    const killed = primary().pid()
    await primary().kill()
    await expect.poll(primary().isRunning, { timeout: 20_000 }).toBe(true)
    await query(primary().url, 'create table followed ()')

    expect(primary().pid()).not.toBe(killed)
    const found = "select to_regclass('followed') is not null as found"
    await expect
      .poll(() => query(replica().url, found), { timeout: 10_000 })
      .toEqual([{ found: true }])
  })

  it('leaves a killed database down when it is told to, until it is started', async () => {
    await replica().kill({ staysDown: true })
    await sleep(1_000)
    expect(replica().isRunning()).toBe(false)
    expect(await answers(instance())).toBe(200)
    await replica().start()

    expect(await query(replica().url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('freezes and thaws a database, and kills it while it is frozen', async () => {
    await replica().freeze()
    await expect(query(replica().url, 'select 1 as one')).rejects.toThrow('timeout')
    await replica().thaw()
    expect(await query(replica().url, 'select 1 as one')).toEqual([{ one: 1 }])
    await replica().freeze()
    await replica().kill()

    await expect.poll(replica().isRunning, { timeout: 20_000 }).toBe(true)
  })

  it('stops in order, frozen parts as well, and leaves no process and no map', async () => {
    const parts = [cluster.nginx, ...cluster.instances, ...cluster.databases]
    await other().freeze()
    await primary().freeze()
    await cluster.stop()

    expect(await Promise.all(parts.map(({ pid }) => isRunning(pid())))).not.toContain(true)
    await expect(readMap()).rejects.toThrow('ENOENT')
  })
})
