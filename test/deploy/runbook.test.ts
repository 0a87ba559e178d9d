import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const runbook = readFileSync('deploy/RUNBOOK.md', 'utf8')
const template = readFileSync('deploy/aws/service.yaml', 'utf8')
const namesIn = (text: string, pattern: RegExp) =>
  [...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? ''))].toSorted()

describe('the runbook', () => {
  it('names every command of deploy/bin, and none that does not exist', () => {
    const commands = readdirSync('deploy/bin')

    expect(namesIn(runbook, /deploy\/bin\/([a-z-]+)/g)).toEqual(commands.toSorted())
  })

  it('names only scripts that instances have', () => {
    const named = namesIn(runbook, /\/opt\/product-overview\/current\/(deploy\/[\w./-]+\w)/g)

    expect(named.length).toBeGreaterThan(3)
    expect(named.filter((path) => !existsSync(path))).toEqual([])
  })

  it('names only units that are installed', () => {
    const units = readdirSync('deploy/systemd').join(' ')
    const named = namesIn(
      runbook,
      /\b(product-overview-(?:postgres|nginx|tidy|backup|catalogue))\b/g,
    )

    expect(named.filter((unit) => !units.includes(`${unit}.service`))).toEqual([])
  })

  it('explains every alarm of the template', () => {
    const alarms = namesIn(template, /^ {2}(\w+):\n {4}Type: AWS::CloudWatch::Alarm/gm)

    expect(alarms.length).toBeGreaterThan(10)
    expect(alarms.filter((alarm) => !runbook.includes(alarm))).toEqual([])
  })

  it('names only parameters of the template', () => {
    const parameters = namesIn(
      template,
      /^ {2}(\w+):\n {4}Type: (?:String|Number|Comma|AWS::SSM)/gm,
    )
    const named = namesIn(runbook, /ParameterKey=(\w+)/g)

    expect(named.filter((name) => !parameters.includes(name))).toEqual([])
  })
})

describe('the units', () => {
  it('run programs that a release has', () => {
    const units = readdirSync('deploy/systemd').filter((name) => name.endsWith('.service'))
    const programs = units.flatMap((unit) =>
      namesIn(
        readFileSync(join('deploy/systemd', unit), 'utf8'),
        /\/opt\/product-overview\/current\/(deploy\/\S+)/g,
      ),
    )

    expect(programs.filter((path) => !existsSync(path))).toEqual([])
  })
})
