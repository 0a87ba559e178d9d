import { setTimeout as sleep } from 'node:timers/promises'
import type { Machine } from '../machine.ts'
import type { Site } from '../site.ts'
import type { Step } from '../step.ts'
import { summary, underLoad } from '../under-load.ts'

/** product-overview-watch asks every 15 s and kills at the third failure of 5 s each. */
const killedSecondsMax = 90
const mainPid = 'systemctl show --property MainPID --value product-overview-api.service'

export const drain: Step = {
  name: 'drain',
  proves:
    'a drained instance gets no requests, a frozen one is killed and started again, and it comes back: no GET fails',
  run: async ({ site: openSite }) => {
    const site = await openSite()
    const { api1 } = site.machines
    const seen = await underLoad(site, 'drain', async () => {
      await site.operator('drain', [api1.id])
      await expectMember(site, api1, false)
      await freeze(api1)
      await site.operator('drain', [api1.id, '--undo'])
      await expectMember(site, api1, true)
    })
    const last = await site.operator('drain', ['i-00000000000000000'], { mayFail: true })
    if (last.code === 0) throw new Error('an instance that is not there was drained')
    return summary(seen)
  },
}

async function expectMember({ machines }: Site, api: Machine, expected: boolean): Promise<void> {
  const { stdout } = await machines.nginx.run(
    'cat /var/lib/product-overview-nginx/config/upstream.conf',
  )
  if (stdout.includes(`${api.address}:3000`) !== expected) {
    throw new Error(`expected ${api.address} ${expected ? 'in' : 'not in'}:\n${stdout}`)
  }
}

/** Stops the process without ending it, and waits until another one runs in its place. */
async function freeze(api: Machine): Promise<void> {
  const { stdout: frozen } = await api.run(mainPid)
  await api.run(`kill -STOP ${frozen.trim()}`)
  for (let second = 0; second < killedSecondsMax; second += 1) {
    await sleep(1000)
    const { stdout: now } = await api.run(mainPid)
    if (now !== frozen && now.trim() !== '0') {
      await api.run('/opt/product-overview/current/deploy/instance/await-ready 30')
      return
    }
  }
  throw new Error(`the frozen process ${frozen.trim()} was not killed within ${killedSecondsMax} s`)
}
