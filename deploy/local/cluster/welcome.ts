import { withoutPassword } from '../../../etl/session.ts'
import type { Cluster } from './cluster.ts'
import type { ClusterPart } from './cluster-part.ts'

const counts = new Intl.NumberFormat('en')

/** What is printed once the cluster answers: a map of its parts, and what to try. */
export const welcome = (cluster: Cluster, dir: string, seconds: number) => {
  const { url, release, nginx, instances, databases } = cluster
  const product = `${url}/products/${release.firstProductId ?? 1}`
  return `
${counts.format(release.products)} products are served at ${url} (release ${release.release}, after ${seconds.toFixed(1)} s)

${[nginx, ...instances, ...databases].map(line).join('\n')}

  curl -i ${product}/styles
  kill -9 ${instances[0]?.pid()}       # another instance is back at its address within a second
  npm run cluster -- --status           # in another terminal

passwords      ${dir}/primary/password
logs           ${dir}/*.log, ${dir}/nginx/error.log, ${dir}/*/log

Ctrl-C stops everything; the next start comes back with the same catalogue.`
}

const line = ({ name, url, pid }: ClusterPart) =>
  `  ${name.padEnd(12)} ${withoutPassword(url).padEnd(52)} pid ${pid()}`
