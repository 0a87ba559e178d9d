import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../folder.ts'
import { run } from '../run.ts'
import type { Step } from '../step.ts'
import { debianTool } from '../tools.ts'

export const scripts: Step = {
  name: 'scripts',
  proves: 'shellcheck is silent about every shell script, and each one is in strict mode',
  run: async () => {
    const files = await shellScripts()
    const lax: string[] = []
    for (const file of files) {
      const text = await readFile(join(root, file), 'utf8')
      if (!text.includes('set -euo pipefail') && !text.startsWith('#!/bin/sh')) lax.push(file)
    }
    if (lax.length > 0) throw new Error(`expected set -euo pipefail in ${lax.join(', ')}`)
    const options = ['--external-sources', '--source-path=SCRIPTDIR']
    await run(await debianTool('shellcheck', 'shellcheck'), [...options, ...files], { cwd: root })
    return `${files.length} scripts`
  },
}

/** Every file below deploy/ that begins as a shell script does. */
async function shellScripts(): Promise<string[]> {
  const pattern = String.raw`^#!/(usr/bin/env bash|bin/bash|bin/sh)$`
  const { stdout } = await run(
    'git',
    ['grep', '--untracked', '-lE', pattern, '--', 'deploy', '.ci'],
    { cwd: root },
  )
  const files = stdout.trim().split('\n')
  return files.filter((file) => !/\.(?:ts|md|yaml)$/.test(file))
}
