import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { baseImage } from './base-image.ts'

const programs = ['/usr/bin/cloud-init', '/usr/bin/systemd-analyze']

/**
 * The root of a Debian 12 with cloud-init and systemd-analyze: this machine where it is one, so that the steps that boot nothing
 * need no image; else the base image.
 */
export async function debianRoot(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8')
  const isOne = /^VERSION_CODENAME=bookworm$/m.test(release) && programs.every(existsSync)
  return isOne ? '/' : baseImage()
}
