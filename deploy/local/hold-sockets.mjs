// The thread of held-sockets.ts: opens listening sockets, says which, and stands still for ever. A server whose thread stands still
// accepts nothing, so the connections wait for the processes that the sockets are passed to; Node has no other way to
// listen without accepting.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

const servers = Array.from({ length: workerData.count }, () =>
  createServer().listen({ host: '127.0.0.1', port: 0, backlog: 4096 }),
)
await Promise.all(servers.map((server) => once(server, 'listening')))
const sockets = servers.map((server) => {
  // The documentation of server.listen() calls it that.
  const { _handle: handle } = server
  return { fd: handle.fd, port: server.address().port }
})
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
parentPort.postMessage(sockets)
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
