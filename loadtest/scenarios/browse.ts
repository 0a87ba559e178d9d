import { check, sleep } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'
import type { Params, RefinedResponse, ResponseType } from 'k6/http'
import { Counter, Gauge, Trend } from 'k6/metrics'

import { faultOf, isRefusal, statusFaultOf } from '../answers.ts'
import { cacheStateOf } from '../cache-state.ts'
import { catalogueOf } from '../catalogue.ts'
import { randomStream } from '../random.ts'
import { Shopper, crawl, crawlStepOf } from '../traffic.ts'
import type { Ask, Flash, Route, Shown, View } from '../traffic.ts'
import { productIds, settings } from './settings.ts'

// k6 has the console of browsers, its types do not.
declare const console: { error(message: string): void }

type Reply = RefinedResponse<ResponseType>

const faultsLoggedMax = 3
const checkStreams = 1_000_000
const timeoutS = 10

// k6 tags a request before its answer is there: what the answer says needs metrics of its own.
const replyMs = new Trend('reply_ms', true)
const replies = new Counter('replies')
const began = new Gauge('began_ms')

export const catalogue = catalogueOf(productIds, settings.seed)

// One browser for each virtual user. What is checked draws from a stream of its own, so that the
// traffic is the same however much of it is checked.
const random = randomStream(settings.seed, __VU)
const checkRandom = randomStream(settings.seed, checkStreams + __VU)
export const shopper = new Shopper({ catalogue, random, exponent: settings.exponent })

http.setResponseCallback(http.expectedStatuses(200, 304))
const expectNotFound = http.expectedStatuses(404)
const acceptEncoding = { 'Accept-Encoding': 'gzip, deflate, br' }

const paramsByRoute = {
  list: paramsFor('list'),
  product: paramsFor('product'),
  styles: paramsFor('styles'),
  related: paramsFor('related'),
}

function paramsFor(route: Route): Record<'bodyless' | 'whole' | 'missing', Params> {
  const bodyless: Params = {
    tags: { name: route },
    timeout: `${timeoutS}s`,
    headers: acceptEncoding,
    responseType: 'none',
  }
  const whole: Params = { ...bodyless, responseType: 'text' }
  return { bodyless, whole, missing: { ...whole, responseCallback: expectNotFound } }
}

/** Before the load: ends the run at once when nothing answers, and notes when the load begins. */
export function setup(): void {
  const { status } = http.get(`${settings.target}/products?count=1`, { tags: { name: 'setup' } })
  if (status !== 200) exec.test.abort(`${settings.target}/products: expected 200, came ${status}`)
  began.add(Date.now())
}

/** One arrival: a visitor, or the next step of the crawler. */
export function arrive(flash?: Flash): void {
  const step = crawlStepOf(exec.scenario.iterationInTest)
  if (step === undefined) shopper.visit(settings.thinkS > 0 ? showAndThink : show, flash)
  else show(crawl(catalogue, step))
}

function showAndThink(view: View): Shown {
  const shown = show(view)
  sleep(settings.thinkS * 2 * random())
  return shown
}

/** Sends the requests of a view at once, as a browser does, and counts and checks the answers. */
export function show(view: View, base: string = settings.target): Shown {
  const checked = checkRandom() < settings.checkedShare
  const answers = send(view, base, checked)
  const etags: (string | undefined)[] = []
  let related: number[] = []
  for (let i = 0; i < view.length; i++) {
    const ask = view[i] as Ask
    const reply = answers[i] as Reply
    const headers = reply.headers
    etags.push(headers['Etag'])
    count(reply, headers['Cache-Status'])
    judge(ask, reply, checked)
    if (ask.route === 'related' && reply.status === 200) related = idsOf(reply)
  }
  return { etags, related }
}

function send(view: View, base: string, checked: boolean): Reply[] {
  const [first] = view as [Ask]
  if (view.length === 1) return [http.get(base + first.path, paramsOf(first, checked))]
  return http.batch(
    view.map((ask) => ['GET', base + ask.path, null, paramsOf(ask, checked)] as const),
  )
}

// Bodies that nobody reads are discarded by k6 before they reach JavaScript.
function paramsOf({ route, etag, known }: Ask, checked: boolean): Params {
  const { bodyless, whole, missing } = paramsByRoute[route]
  if (!known) return missing
  const params = checked || route === 'related' ? whole : bodyless
  if (etag === undefined) return params
  return { ...params, headers: { ...acceptEncoding, 'If-None-Match': etag } }
}

function count(reply: Reply, cacheStatus: string | undefined): void {
  const tags = tagsOf(cacheStatus ?? '', reply.status)
  replyMs.add(reply.timings.duration, tags)
  replies.add(1, tags)
}

function judge(ask: Ask, reply: Reply, checked: boolean): void {
  const { status } = reply
  if (isRefusal(status)) return
  let fault = statusFaultOf(ask, status)
  if (checked) fault ??= faultOf(ask, status, reply.body as string)
  if (checked || fault !== undefined) check(fault, { [`${ask.route} is right`]: isUndefined })
  if (fault !== undefined) log(ask, fault)
}

const isUndefined = (fault: string | undefined) => fault === undefined

type Tags = { cache: string; answer: string }

// Most answers say the same, but a stale one says its age.
const tagsKnownMax = 1000
const tagsKnown = new Map<string, Tags>()

function tagsOf(cacheStatus: string, status: number): Tags {
  const key = `${status} ${cacheStatus}`
  const known = tagsKnown.get(key)
  if (known !== undefined) return known
  const answer = status === 0 ? 'none' : String(status)
  const tags = { cache: cacheStateOf(cacheStatus), answer }
  if (tagsKnown.size < tagsKnownMax) tagsKnown.set(key, tags)
  return tags
}

let faultsLogged = 0

function log(ask: Ask, fault: string): void {
  if (faultsLogged >= faultsLoggedMax) return
  faultsLogged += 1
  console.error(`GET ${ask.path}: ${fault}`)
}

// A body that is no JSON has been judged if it was checked; the visitor just finds nothing related.
function idsOf(reply: Reply): number[] {
  try {
    return JSON.parse(reply.body as string) as number[]
  } catch {
    return []
  }
}
