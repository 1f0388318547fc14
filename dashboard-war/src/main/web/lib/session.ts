/**
 * Who is signed in. The access token lives in this object only; the refresh token is a cookie that scripts cannot read.
 * Nothing about it is kept in browser storage.
 */

/** What the dashboard uses of the answer to a sign-in (management-api.md, SessionInfo). */
export interface SignedIn {
  readonly jwt: string;
  readonly expires_in: number;
  readonly username: string;
  readonly user_type: string;
  readonly role?: string;
}

/** A request that was refused or did not arrive. */
export class ApiError extends Error {
  /**
   * @param status of the answer, 0 when there was none
   * @param message what the server says, or why there was no answer
   */
  constructor(readonly status: number, message: string) {
    super(message);
    this.name = 'ApiError';
  }
}

/** `open`: signed in; `closed`: not; `expired`: was signed in and the page is to be kept. */
export type SessionState = 'unknown' | 'open' | 'closed' | 'expired';

/** Dispatches `change` when somebody signs in or out or may do something else than before, and `token` when there is a new access token. */
export class Session extends EventTarget {
  state: SessionState = 'unknown';
  user: string | undefined;
  /** Whether who is signed in looks and changes nothing (ADR 0157): what would be refused is not offered. */
  viewer = false;
  /** Whether the broker has to come up before anything is known. */
  waiting = false;
  #refused = false;
  #token = '';
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #refreshing: Promise<boolean> | undefined;

  /** The access token for the live channel; empty when nobody is signed in. */
  get token(): string {
    return this.#token;
  }

  /** Goes on with the session of an earlier visit, if its cookie still holds; waits for a broker that is starting. */
  async resume(): Promise<void> {
    while (this.state === 'unknown' && !await this.refresh() && !this.#refused) {
      this.waiting = true;
      this.dispatchEvent(new Event('change'));
      await new Promise((resolve) => setTimeout(resolve, RESUME_MILLIS));
    }
    if (this.state === 'unknown') {
      this.#become('closed');
    }
  }

  async signIn(username: string, password: string): Promise<void> {
    this.#accept(await exchange<SignedIn>('POST', '/api/usermgmt/login', { username, password }));
  }

  /** Ends the session here and takes the cookie away. */
  async signOut(): Promise<void> {
    this.#forget();
    this.#become('closed');
    await exchange('POST', '/api/v2/sign-out', {});
  }

  /** Fetches a new access token with the cookie; whether that succeeded. One request at a time. */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refresh().finally(() => { this.#refreshing = undefined; });
    return this.#refreshing;
  }

  async #refresh(): Promise<boolean> {
    try {
      const answer = await exchange<Partial<SignedIn>>('POST', '/api/v2/session', {});
      if (answer.jwt === undefined) { // nobody is signed in, which is no error
        this.#ended();
        return false;
      }
      this.#accept(answer as SignedIn);
      return true;
    } catch (e) {
      if (e instanceof ApiError && e.status > 0 && e.status < 500) {
        this.#ended();
      } else if (this.state === 'open') {
        this.#renewIn(10_000); // the server does not answer: the token may still be good
      }
      return false;
    }
  }

  /** Calls the management API; an expired token is renewed once. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    try {
      return await exchange<T>(method, path, body, this.#token);
    } catch (e) {
      if (!(e instanceof ApiError) || e.status !== 401) {
        throw e;
      }
      if (await this.refresh()) {
        return exchange<T>(method, path, body, this.#token);
      }
      throw new ApiError(401, 'The session had ended. Sign in again, then try once more.');
    }
  }

  #ended(): void {
    this.#refused = true;
    this.#forget();
    if (this.state === 'open') {
      this.#become('expired');
    }
  }

  #accept(answer: SignedIn): void {
    this.#token = answer.jwt;
    this.user = answer.username;
    const viewer = answer.role === VIEWER;
    const otherwise = this.viewer !== viewer && this.state === 'open';
    this.viewer = viewer;
    this.#renewIn(Math.max(5_000, answer.expires_in * 0.7));
    this.dispatchEvent(new Event('token'));
    this.#become('open');
    if (otherwise) {
      this.dispatchEvent(new Event('change'));
    }
  }

  #renewIn(millis: number): void {
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(() => { void this.refresh(); }, millis);
  }

  #forget(): void {
    clearTimeout(this.#renewal);
    this.#token = '';
  }

  #become(state: SessionState): void {
    if (this.state !== state) {
      this.state = state;
      this.dispatchEvent(new Event('change'));
    }
  }
}

const VIEWER = 'viewer';
const RESUME_MILLIS = 2_000;
const ANSWER_MILLIS = 20_000;

async function exchange<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const headers: Record<string, string> = {};
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (token) {
    headers['Authorization'] = `Bearer ${token}`;
  }
  let answer: Response;
  try {
    answer = await fetch(path, { method, headers, cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MILLIS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  } catch (e) {
    throw new ApiError(0, e instanceof DOMException && e.name === 'TimeoutError'
      ? 'The broker did not answer within 20 s.' : 'The broker cannot be reached.');
  }
  const text = await answer.text();
  if (!answer.ok) {
    throw new ApiError(answer.status, messageOf(text) ?? `The broker answered with status ${answer.status}.`);
  }
  return (text === '' ? {} : JSON.parse(text)) as T;
}

/** The text of an error answer: a sentence, or a list of fields with reasons. */
export function messageOf(body: string): string | undefined {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    if (typeof message === 'string') {
      return message;
    }
    if (Array.isArray(message)) {
      return message.map((m: { field?: string; reason?: string }) => `${m.field ?? 'field'}: ${m.reason ?? 'invalid'}`)
        .join(', ');
    }
  } catch {
    // no JSON: the status has to do
  }
  return undefined;
}
