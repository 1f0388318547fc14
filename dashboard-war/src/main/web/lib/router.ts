/** The address says what is shown (dashboard.md 3.1, rule 4). Own and small: a handful of routes. */

/** What an address names. */
export type Route =
  | { readonly page: 'login'; readonly next: string }
  | { readonly page: 'overview'; readonly create: boolean; readonly name?: string }
  | { readonly page: 'nodes' }
  | { readonly page: 'station'; readonly station: string; readonly message?: { readonly partition: number; readonly sequence: number } }
  | { readonly page: 'unknown' };

/** Reads a path with its query. `/-/` cannot begin a name, so it may stand for actions. */
export function parse(path: string, search: string): Route {
  const parts = path.split('/').filter((part) => part !== '').map(decode);
  const [first, second, third, fourth, fifth] = parts;
  if (parts.length === 0 || first === 'overview' && parts.length === 1 || first === 'stations' && parts.length === 1) {
    return { page: 'overview', create: false };
  }
  if (first === 'login' && parts.length === 1) {
    return { page: 'login', next: ownPath(new URLSearchParams(search).get('next')) };
  }
  if (first === 'nodes' && parts.length === 1) {
    return { page: 'nodes' };
  }
  if (first === 'stations' && second !== undefined) {
    if (second === '-') {
      const name = new URLSearchParams(search).get('name');
      return third !== 'new' || parts.length !== 3 ? { page: 'unknown' }
        : { page: 'overview', create: true, ...(name === null ? {} : { name }) };
    }
    if (parts.length === 2 || third === 'messages' && parts.length === 3) {
      return { page: 'station', station: second };
    }
    const partition = Number(fourth);
    const sequence = Number(fifth);
    if (third === 'messages' && parts.length === 5 && Number.isInteger(partition) && Number.isSafeInteger(sequence)) {
      return { page: 'station', station: second, message: { partition, sequence } };
    }
  }
  return { page: 'unknown' };
}

/** Only a path of this site may be gone to after signing in. */
export function ownPath(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/overview';
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const paths = {
  overview: '/overview',
  nodes: '/nodes',
  newStation: '/stations/-/new',
  newStationCalled: (name: string): string => `/stations/-/new?name=${encodeURIComponent(name)}`,
  station: (name: string): string => `/stations/${encodeURIComponent(name)}`,
  message: (name: string, partition: number, sequence: number): string =>
    `/stations/${encodeURIComponent(name)}/messages/${partition}/${sequence}`,
  login: (next: string): string => next === '/overview' || next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`,
};

/** Dispatches `change` when the address changes; links of the page are followed without loading it again. */
export class Router extends EventTarget {
  route: Route = parse(location.pathname, location.search);

  constructor() {
    super();
    addEventListener('popstate', () => this.#changed());
    document.addEventListener('click', (event) => {
      const link = (event.target as Element | null)?.closest?.('a');
      if (link && link.origin === location.origin && !link.target && !link.hasAttribute('download') && !link.hash
        && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        this.go(link.pathname + link.search);
      }
    });
  }

  go(path: string): void {
    if (path !== location.pathname + location.search) {
      history.pushState(null, '', path);
    }
    this.#changed();
  }

  /** Like {@link go}, without a step in the history. */
  replace(path: string): void {
    history.replaceState(null, '', path);
    this.#changed();
  }

  #changed(): void {
    this.route = parse(location.pathname, location.search);
    this.dispatchEvent(new Event('change'));
  }
}
