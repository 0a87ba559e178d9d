import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findNginx } from '../../deploy/nginx/nginx-process.ts'
import { fillTemplate, renderNginxConfig, writeNginxConfig } from '../../deploy/nginx/render.ts'
import { type NginxSettings, parseNginxSettings } from '../../deploy/nginx/settings.ts'
import { describeNginx } from './nginx-fixture.ts'
import { makeCertificate } from './certificate.ts'

const run = promisify(execFile)

const least = {
  instances: ['10.0.1.7:3000', '[fd00::8]:3000'],
  listen: ['0.0.0.0:80'],
  operationsListen: '127.0.0.1:8081',
  runFolder: '/run/product-overview',
  cacheFolder: '/var/cache/product-overview',
}

describe('the settings of NGINX', () => {
  it('fill in what is not given', () => {
    const settings = parseNginxSettings(least)

    expect(settings).toMatchObject({ ...least, workerCount: 'auto', serverNames: [] })
  })

  it('are refused with every mistake at once: where, what was expected, what came', () => {
    const wrong = {
      ...least,
      instances: ['api-1:3000', '10.0.1.7'],
      operationsListen: '0.0.0.0:8081',
      workerCount: 0,
      tls: { listen: ['0.0.0.0:443'], certificateFile: 'cert.pem' },
      port: 80,
    }

    expect(() => parseNginxSettings(wrong)).toThrowErrorMatchingInlineSnapshot(`
      [Error: NGINX settings:
        settings.instances[0]: expected a numeric address and port, like 10.0.1.7:3000 or [::1]:3000, came "api-1:3000"
        settings.instances[1]: expected a numeric address and port, like 10.0.1.7:3000 or [::1]:3000, came "10.0.1.7"
        settings.tls.certificateFile: expected an absolute path of letters, digits and _ . @ + ~ -, came "cert.pem"
        settings.tls.keyFile: expected an absolute path of letters, digits and _ . @ + ~ -, came nothing
        settings.operationsListen: expected a loopback address and port, like 127.0.0.1:8081, came "0.0.0.0:8081"
        settings.workerCount: expected a whole number from 1 to 256, came 0 (or "auto")
        settings.port: there is no such setting]
    `)
  })

  it.each([
    ['serverNames', ['shop.test; root /']],
    ['serverNames', ['${user}']],
    ['cacheFolder', '/var/cache/a b'],
    ['cacheFolder', '/var/cache;'],
    ['cacheFolder', '/var/$x'],
    ['cacheFolder', 'relative'],
    ['errorLog', '/var/log/{}'],
    ['user', 'root www'],
    ['loaderioToken', 'loaderio-0123456789abcdef"'],
    ['trustedProxies', ['10.0.0.0/33']],
    ['trustedProxies', ['10.0.0.0']],
    ['unlimitedClients', ['::/0 1; default']],
    ['listen', ['127.0.0.1:80 ssl']],
    ['listen', ['127.0.0.1:65536']],
    ['listen', []],
    ['instances', []],
    ['instances', ['10.0.1.7:3000', '10.0.1.7:3000']],
    ['requestBurst', 0],
    ['requestsPerSecond', 1.5],
    ['accessLog', 'on'],
  ])('never let a value become a directive: %s %j', (name, value) => {
    expect(() => parseNginxSettings({ ...least, [name]: value })).toThrow(`settings.${name}`)
  })

  it('must be an object', () => {
    expect(() => parseNginxSettings(null)).toThrow('expected an object, came null')
  })
})

describe('rendering', () => {
  it('takes a name without a value for an error', () => {
    expect(() => fillTemplate('listen ${port};', { host: 'x' }, 'server.conf')).toThrow(
      'server.conf: there is no value for ${port}',
    )
  })

  it('leaves nothing unfilled and puts nothing undefined', async () => {
    const files = await renderNginxConfig(parseNginxSettings(least))

    for (const text of files.values()) expect(text).not.toMatch(/\$\{|undefined|NaN/)
  })

  it('renders every template that the folder holds', async () => {
    const all = parseNginxSettings({
      ...least,
      serverNames: ['shop.test'],
      tls: { listen: ['0.0.0.0:443'], certificateFile: '/c.pem', keyFile: '/k.pem' },
      loaderioToken: 'loaderio-0123456789abcdef',
    })
    const folder = await readdir(new URL('../../deploy/nginx/', import.meta.url))

    const files = await renderNginxConfig(all)

    expect([...files.keys()].toSorted()).toEqual(
      folder.filter((name) => name.endsWith('.conf')).toSorted(),
    )
  })

  it('names each instance twice: as one of all, and as a last resort that is never left out', async () => {
    const text = (await renderNginxConfig(parseNginxSettings(least))).get('upstream.conf')

    expect(text).toContain('server 10.0.1.7:3000 max_conns=96 max_fails=3 fail_timeout=5s;')
    expect(text).toContain('server [fd00::8]:3000 max_conns=48 backup max_fails=0;')
  })
})

describe('the shelves', () => {
  // A worker that finds the table of keys full answers 500 when it cannot remove one itself.
  it.each(['documents', 'lists'])(
    'of %s have keys for nearly twice as many replies as fit',
    async (shelf) => {
      const files = await renderNginxConfig(parseNginxSettings(least))
      const [, keysMb, repliesMb] =
        new RegExp(`keys_zone=${shelf}:(\\d+)m\\s+max_size=(\\d+)m`)
          .exec(files.get('cache.conf') ?? '')
          ?.map(Number) ?? []
      const keys = (keysMb ?? NaN) * 8000
      const replies = ((repliesMb ?? NaN) * 1024 * 1024) / 4096

      expect(keys / replies).toBeGreaterThan(1.9)
    },
  )
})

describeNginx('nginx -t', () => {
  let folder = ''
  let certificate = { certificateFile: '', keyFile: '' }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'product-overview-nginx-t-'))
    certificate = await makeCertificate(folder)
  })

  afterAll(() => rm(folder, { recursive: true }))

  const combinations: [string, (at: typeof certificate) => Partial<NginxSettings>][] = [
    ['the least that must be set', () => ({})],
    ['names', () => ({ serverNames: ['shop.test', '*.shop.test'] })],
    ['TLS', (files) => ({ tls: { listen: ['127.0.0.1:8443'], ...files } })],
    ['TLS alone', (files) => ({ listen: [], tls: { listen: ['127.0.0.1:8443'], ...files } })],
    [
      'everything',
      (files) => ({
        serverNames: ['shop.test'],
        tls: { listen: ['127.0.0.1:8443', '[::1]:8443'], ...files },
        trustedProxies: ['10.0.0.0/8', 'fd00::/8'],
        unlimitedClients: ['127.0.0.0/8'],
        loaderioToken: 'loaderio-0123456789abcdef',
        accessLog: join(folder, 'access.log'),
        workerCount: 2,
      }),
    ],
  ]

  it.each(combinations)('has nothing to say about %s', async (_, given) => {
    const settings = parseNginxSettings({
      ...least,
      listen: ['127.0.0.1:8080'],
      runFolder: join(folder, 'run'),
      cacheFolder: join(folder, 'cache'),
      ...given(certificate),
    })
    const config = await writeNginxConfig(settings, join(folder, 'config'))

    const { stderr } = await run((await findNginx()) ?? '', ['-e', 'stderr', '-t', '-c', config])

    expect(stderr.trim().split('\n')).toEqual([
      expect.stringContaining('syntax is ok'),
      expect.stringContaining('test is successful'),
    ])
  })
})

describe('the command', () => {
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'product-overview-nginx-cli-'))
  })

  afterAll(() => rm(folder, { recursive: true }))

  const command = (input: string, options: readonly string[], token = '') => {
    const args = ['--import=tsx', 'deploy/nginx/cli.ts', ...options]
    const running = run(process.execPath, args, { env: { ...process.env, LOADERIO_TOKEN: token } })
    running.child.stdin?.end(input)
    return running
  }

  it('writes the configuration of its settings, with the token of the environment', async () => {
    const settings = {
      ...least,
      runFolder: join(folder, 'run'),
      cacheFolder: join(folder, 'cache'),
    }
    const out = join(folder, 'config')

    const { stdout } = await command(
      JSON.stringify(settings),
      ['--settings', '-', '--out', out],
      'loaderio-0123456789abcdef',
    )

    expect(stdout.trim()).toBe(join(out, 'nginx.conf'))
    expect(await readFile(join(out, 'loaderio.conf'), 'utf8')).toContain('0123456789abcdef')
  })

  it.each([
    ['{}', ['--settings', '-', '--out', '/nowhere'], 'settings.instances: expected'],
    ['nonsense', ['--settings', '-', '--out', '/nowhere'], '-: expected JSON'],
    ['{}', ['--settings', '-'], '--out FOLDER'],
    ['{}', ['--port', '1'], "Unknown option '--port'"],
  ])('says what is wrong with %s %j, and fails', async (input, options, message) => {
    await expect(command(input, options)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(message) as unknown,
    })
  })
})
