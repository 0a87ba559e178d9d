import { hostileHeaders } from './hostile-headers.ts'

/** What is sent on one connection, and what it is. */
export interface HostileRequest {
  readonly what: string
  readonly bytes: string
}

const host = 'Host: shop.test\r\n'
const end = 'Connection: close\r\n\r\n'
const product = 'GET /products/1 HTTP/1.1\r\n'
/** A request that must never be heard by an instance. */
const hidden = `GET /metrics HTTP/1.1\r\n${host}\r\n`

const ids = [
  ...['0', '-1', '+1', '01', '1.5', '1e3', '0x1', '1_000', 'NaN', 'null', 'undefined', 'true'],
  ...['2147483648', '9'.repeat(400), '٣', '１', '1%00', '%00', '1%0a', '1%0d%0aX-Evil:%20y'],
  ...['1%20', '%201', '__proto__', 'constructor', "1'--", '1%27%20or%201=1', '1;select%201'],
  ...[
    '..',
    '%2e%2e',
    '..%2f..%2fetc%2fpasswd',
    '..%5c..%5c',
    '%2e%2e%2fmetrics',
    '1/../../metrics',
  ],
  ...['%c0%af', '%ff', '%ed%a0%80', '%u0031', '%', '%1', '%zz', '1%', '<script>', '%3Cscript%3E'],
  ...['${7*7}', '{{7*7}}', '%2525', '1%252fstyles', '1%2fstyles', '1;jsessionid=1', '1%3Fpage=1'],
  ...['*', '~', '[1]', '{"id":1}', '1,2', '1/styles/../related', '1/styles//', './1', '1#top'],
]

const queries = [
  ...['page=0', 'page=-1', 'page=2147483648', 'page=1e9', 'page=%00', 'page=%31%00', 'page=1%0a'],
  ...['page[]=1', 'page[0]=1', 'page=1&page=1', 'page=1&%70age=2', 'page=%2531', 'count=10001'],
  ...[
    'count=9999999999',
    'count=99999999999',
    'count=-5',
    'count=',
    'count',
    'count==5',
    'count=5=',
  ],
  ...['__proto__[page]=1', 'page=1%26count=9', 'page=1;count=2', 'page=1&page=1'.repeat(200)],
  ...[
    '%',
    '%zz=%zz',
    '&&&&',
    '=1',
    '?page=1',
    'page=１',
    "page=1'",
    'a'.repeat(7_000),
    '&'.repeat(7_000),
  ],
]

const targets = [
  ...['//', '/./', '/..', '/../', '/%2e%2e/', '/products/', '//products/1', '/products//1'],
  ...['/PRODUCTS/1', '/products/1/', '/products\\1', '/products/1%5cstyles', '/%70roducts/1'],
  ...[
    '/livez',
    '/readyz',
    '/metrics',
    '//metrics',
    '/./metrics',
    '/%6detrics',
    '/metrics/',
    '/METRICS',
  ],
  ...[
    '/metrics%2f',
    '/x/../metrics',
    '/x/%2e%2e/metrics',
    '/metrics;x',
    '/metrics?x',
    '/%2fmetrics',
  ],
  ...[
    '/nginx-status',
    '/instances/1/metrics',
    '/_problem',
    '/.git/config',
    '/favicon.ico',
    '/\xff',
  ],
  ...[
    'http://evil.test/metrics',
    'http://evil.test',
    'https://evil.test/products/1',
    'evil.test:443',
  ],
  ...['products/1', '?page=1', '*', '', '/ /products/1', '/products/1 HTTP/1.1\r\nX: y'],
  `/${'x'.repeat(20_000)}`,
]

const manyHeaders = Array.from({ length: 200 }, (_, index) => `X-${index}: ${'y'.repeat(300)}\r\n`)

const smuggled = [
  `Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
  `Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
  `Content-Length: ${hidden.length}\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
  `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
  `Transfer-Encoding: chunked\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
  `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`,
  `Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc${hidden}`,
  `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
  `Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n${hidden}`,
  `Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n${hidden}`,
  `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`,
  `X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  `Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n${hidden}`,
  `Transfer-Encoding: chunked\r\n\r\n-1\r\n${hidden}`,
  `Transfer-Encoding: chunked\r\n\r\n0;${'x'.repeat(5_000)}\r\n\r\n`,
  `Transfer-Encoding: chunked\r\n\r\n0\r\nHost: evil.test\r\n\r\n`,
  `Content-Length: -1\r\n\r\n${hidden}`,
  `Content-Length: +3\r\n\r\nabc`,
  `Content-Length: 0x3\r\n\r\nabc`,
  `Content-Length: 3, 3\r\n\r\nabc`,
  `Content-Length: 99999999999999999999\r\n\r\n`,
  `Content-Length: 999999\r\n\r\n`,
  `X: y\r\n\r\n\x00\x00\x00`,
]

const methods = [
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'CONNECT', 'PURGE', 'PROPFIND', 'MKCOL', 'SEARCH'],
  ...['get', 'G\xcbT', 'GET\x00', 'X'.repeat(5_000), '', 'GET /products/1 HTTP/1.1\r\nGET'],
]

const lines = [
  ...[
    'GET /products/1',
    'GET /products/1 HTTP/1.1 x',
    'GET  /products/1  HTTP/1.1',
    'GET\t/\tHTTP/1.1',
  ],
  ...[
    'GET / HTTP/0.9',
    'GET / HTTP/1.2',
    'GET / HTTP/2.0',
    'GET / HTTP/9.9',
    'GET / HTTP/1.',
    'GET / HTTPS/1.1',
  ],
  ...[
    'GET / http/1.1',
    'PRI * HTTP/2.0',
    '\x16\x03\x01\x02\x00\x01',
    '\r\n\r\nGET / HTTP/1.1',
    '{}',
    '\x00',
  ],
]

/** Requests that are malformed, odd, or try to be taken for others; each is to be answered with no harm to anybody. */
export const hostileRequests: readonly HostileRequest[] = [
  ...ids.flatMap((id) => [
    { what: `id ${id}`, bytes: `GET /products/${id} HTTP/1.1\r\n${host}${end}` },
    { what: `id ${id} of styles`, bytes: `GET /products/${id}/styles HTTP/1.1\r\n${host}${end}` },
    { what: `id= ${id}`, bytes: `GET /Styles?id=${id} HTTP/1.1\r\n${host}${end}` },
  ]),
  ...queries.map((query) => ({
    what: `query ${query}`,
    bytes: `GET /products?${query} HTTP/1.1\r\n${host}${end}`,
  })),
  ...targets.map((target) => ({
    what: `target ${target}`,
    bytes: `GET ${target} HTTP/1.1\r\n${host}${end}`,
  })),
  ...hostileHeaders.map((header) => ({
    what: `header ${header}`,
    bytes: `${product}${/^host:/i.test(header) ? '' : host}${header}\r\n${end}`,
  })),
  { what: 'many headers', bytes: `${product}${host}${manyHeaders.join('')}${end}` },
  { what: 'two hosts', bytes: `${product}${host}Host: evil.test\r\n${end}` },
  { what: 'no host', bytes: `${product}${end}` },
  ...smuggled.map((rest) => ({
    what: `smuggled ${rest}`,
    bytes: `${product}${host}${rest}${product}${host}${end}`,
  })),
  ...methods.map((method) => ({
    what: `method ${method}`,
    bytes: `${method} /products/1 HTTP/1.1\r\n${host}${end}`,
  })),
  ...lines.map((line) => ({ what: `line ${line}`, bytes: `${line}\r\n${host}${end}` })),
]
