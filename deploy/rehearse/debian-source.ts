import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface DebianSource {
  /** Where this machine gets Debian's packages. */
  readonly url: string
  readonly keyring: string
}

const folder = '/etc/apt/sources.list.d'
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** The first source of Debian 12 that apt is configured with here. Throws when there is none over HTTP. */
export async function debianSource(): Promise<DebianSource> {
  const lists = (await readdir(folder)).filter((name) => /\.(?:list|sources)$/.test(name))
  const files = ['/etc/apt/sources.list', ...lists.map((name) => join(folder, name))]
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  for (const text of texts) {
    const url =
      /^URIs: (http:\S+)\nSuites: bookworm\b/m.exec(text)?.[1] ??
      /^deb (?:\[.*\] )?(http:\S+) bookworm /m.exec(text)?.[1]
    if (url !== undefined) return { url, keyring }
  }
  throw new Error(`expected a source of Debian bookworm over HTTP in ${files.join(', ')}`)
}
