// The floor of one Node process: node:http sends the bytes that the service under test sent for one URL,
// headers included, whatever is asked. A conditional request gets that answer's 304.
// ANSWER_FILE holds them: {"headers":["name","value",…],"notModifiedHeaders":[…],"body":"…"}.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const answer = JSON.parse(readFileSync(process.env.ANSWER_FILE, 'utf8'))
const body = Buffer.from(answer.body)

createServer((request, response) => {
  if (request.headers['if-none-match'] === undefined) {
    response.writeHead(200, answer.headers).end(body)
  } else {
    response.writeHead(304, answer.notModifiedHeaders).end()
  }
}).listen(Number(process.env.PORT), '127.0.0.1')
