import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NginxSettings } from './settings.ts'

/**
 * Writes the configuration that settings mean into a folder and returns the path of its nginx.conf. The folders that
 * NGINX will write to are made as well.
 */
export async function writeNginxConfig(settings: NginxSettings, folder: string): Promise<string> {
  for (const made of [folder, settings.runFolder, settings.cacheFolder]) {
    await mkdir(made, { recursive: true })
  }
  for (const [name, text] of await renderNginxConfig(settings)) {
    await writeFile(join(folder, name), text)
  }
  return join(folder, 'nginx.conf')
}

/** The text of each file of the configuration, by name. */
export async function renderNginxConfig(settings: NginxSettings): Promise<Map<string, string>> {
  const values = valuesOf(settings)
  const files = new Map<string, string>()
  for (const name of templateNames(settings)) {
    const template = await readFile(new URL(name, import.meta.url), 'utf8')
    files.set(name, fillTemplate(template, values, name))
  }
  return files
}

/** A template with each `${name}` replaced by its value; throws on a name that has none. */
export function fillTemplate(
  template: string,
  values: Readonly<Record<string, string | number>>,
  templateName: string,
): string {
  return template.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) throw new Error(`${templateName}: there is no value for \${${name}}`)
    return `${value}`
  })
}

/** The templates beside this file that the settings need; nginx.conf includes the others. */
const templateNames = ({ serverNames, tls, loaderioToken }: NginxSettings): string[] => [
  'nginx.conf',
  'clients.conf',
  'canonical.conf',
  'upstream.conf',
  'cache.conf',
  'log.conf',
  'problem.conf',
  'problem-pages.conf',
  'headers.conf',
  'proxy.conf',
  'server.conf',
  'operations.conf',
  ...(serverNames.length > 0 ? ['other-hosts.conf'] : []),
  ...(tls === undefined ? [] : ['tls.conf']),
  ...(loaderioToken === undefined ? [] : ['loaderio.conf']),
]

/** open_file_cache of cache.conf, and as much again for files that are being replaced. */
const cacheFilesOpenMax = 4000

/** 8,000 keys a megabyte, of replies of at least 4 kB: twice as many keys as there may be replies, see cache.conf. */
const replyMegabytesPerKeyMegabyte = 16

/** As last resorts instances are asked half as much at once: see upstream.conf. */
const lastResortShare = 2

/** What the templates leave open, from settings that parseNginxSettings has checked. */
function valuesOf(settings: NginxSettings): Record<string, string | number> {
  const { instances, serverNames, tls, user, loaderioToken } = settings
  const conns = settings.requestsPerInstance
  const lastConns = Math.ceil(conns / lastResortShare)
  return {
    runFolder: settings.runFolder,
    cacheFolder: settings.cacheFolder,
    errorLog: settings.errorLog,
    accessLog: accessLog(settings.accessLog),
    workerCount: settings.workerCount,
    connectionsPerWorker: settings.connectionsPerWorker,
    openFilesMax: settings.connectionsPerWorker * 2 + cacheFilesOpenMax,
    documentMegabytesMax: settings.documentMegabytesMax,
    documentKeyMegabytes: keyMegabytes(settings.documentMegabytesMax),
    listMegabytesMax: settings.listMegabytesMax,
    listKeyMegabytes: keyMegabytes(settings.listMegabytesMax),
    requestsPerSecond: settings.requestsPerSecond,
    requestBurst: settings.requestBurst,
    connectionsPerClient: settings.connectionsPerClient,
    operationsListen: settings.operationsListen,
    user: user === undefined ? '' : `user ${user};`,
    instances: lines(
      instances.map((at) => `server ${at} max_conns=${conns} max_fails=3 fail_timeout=5s;`),
    ),
    lastResorts: lines(
      instances.map((at) => `server ${at} max_conns=${lastConns} backup max_fails=0;`),
    ),
    instanceNumbers: lines(instances.map((at, index) => `${index + 1} ${at};`)),
    trustedProxies: lines(settings.trustedProxies.map((from) => `set_real_ip_from ${from};`)),
    unlimitedClients: lines(settings.unlimitedClients.map((from) => `${from} 0;`)),
    listen: listenLines(settings, serverNames.length > 0 ? '' : asDefault),
    listenForOtherHosts: listenLines(settings, asDefault),
    serverNames: serverNames.join(' ') || '_',
    otherHosts: serverNames.length > 0 ? 'include other-hosts.conf;' : '',
    tls: tls === undefined ? '' : 'include tls.conf;',
    tlsForOtherHosts: tls === undefined ? '' : 'ssl_reject_handshake on;',
    loaderio: loaderioToken === undefined ? '' : 'include loaderio.conf;',
    ...(tls && { certificateFile: tls.certificateFile, keyFile: tls.keyFile }),
    ...(loaderioToken !== undefined && { loaderioToken }),
  }
}

const keyMegabytes = (replyMegabytes: number) =>
  Math.max(1, Math.ceil(replyMegabytes / replyMegabytesPerKeyMegabyte))

const accessLog = (file: string) => (file === 'off' ? 'off' : `${file} json buffer=64k flush=1s`)

const lines = (directives: readonly string[]) =>
  directives.map((directive) => `    ${directive}`).join('\n')

/**
 * The options of a socket stand once, at the server that answers for hosts without one of their own. A spike's connections
 * wait in the kernel's queue; the default of 511 is a few milliseconds of them.
 */
const asDefault = ' default_server backlog=4096'

const listenLines = ({ listen, tls }: NginxSettings, options: string) =>
  lines([
    ...listen.map((at) => `listen ${at}${options};`),
    // Newer: "http2 on;" and no parameter from 1.25.1.
    ...(tls?.listen ?? []).map((at) => `listen ${at} ssl http2${options};`),
  ])
