import type { Hono } from 'hono'
import type { Counter, Metrics } from './metrics.ts'

/** Counts the answers of one route. */
export interface RouteMetrics {
  readonly observe: (status: number, seconds: number) => void
}

/** 0.1 ms to 5 s: from hits, which take microseconds, to what only a fault explains. */
const secondsBounds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
]

/**
 * Finds the metrics of the route that a URL belongs to. Routes are named by their patterns in the app, so that there are as many
 * series as routes, whatever clients ask for.
 */
export const createRouteMetrics = (
  app: Hono,
  metrics: Metrics,
): ((url: string) => RouteMetrics) => {
  const requests = metrics.counter('http_requests_total', 'Answered requests.', ['route', 'status'])
  const durations = metrics.histogram(
    'http_request_duration_seconds',
    'Time from the head of a request to the end of its answer.',
    secondsBounds,
    ['route'],
  )
  const byRoute = new Map<string, RouteMetrics>()
  const byShape = new Map<string, RouteMetrics>()

  const create = (route: string): RouteMetrics => {
    const duration = durations(route)
    const counts = new Map<number, Counter>()
    const countOf = (status: number) => {
      const count = counts.get(status) ?? requests(route, String(status))
      counts.set(status, count)
      return count
    }
    return {
      observe: (status, seconds) => {
        countOf(status).value += 1
        duration.observe(seconds)
      },
    }
  }

  const metricsOfRoute = (route: string): RouteMetrics => {
    const found = byRoute.get(route) ?? create(route)
    byRoute.set(route, found)
    return found
  }

  return (url) => {
    const shape = shapeOf(url)
    const known = byShape.get(shape)
    if (known !== undefined) return known
    const route = routeOf(app, shape)
    const found = metricsOfRoute(route)
    // One shape for each route, and none for paths that nobody serves, of which there are as many as clients invent.
    if (shape === route.replaceAll(/:\w+/g, '0')) byShape.set(shape, found)
    return found
  }
}

/** The path, any number in it as 0: no route depends on which number it is. */
const shapeOf = (url: string): string => {
  const query = url.indexOf('?')
  return (query === -1 ? url : url.slice(0, query)).replaceAll(/\d+/g, '0')
}

const routeOf = (app: Hono, path: string): string => {
  const [handlers] = app.router.match('GET', path)
  return handlers[0]?.[0][1].path ?? 'none'
}
