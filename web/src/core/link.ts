// The only file of the core that touches the world: socket, fetch, clock. What is done is decided in live.ts and sender.ts.
import * as live from './live';
import * as sender from './sender';
import type { Command, Problem } from './state';
import { t, taste } from './words';

/** The folder the pages live in, whatever prefix stands before it. This file is built into assets/. */
const here: string = import.meta.url;
export const root = new URL('..', here);
export const api = (path: string): URL => new URL('api/v1/' + path, root);
export const now = (): number => performance.now();

const kKept = 'lull-stop';  // a STOP without an answer outlives a reload of the page: people reload what does not answer
const kKeptFor = 10 * 60_000;

export class Link {
  live = live.begin(now());
  sender = sender.begin();
  changed: () => void = () => {};
  private socket: WebSocket | null = null;
  private opened = false;  // this connection has brought something
  private timer = 0;

  start(): void {
    const kept = Number(sessionStorage.getItem(kKept) ?? 0);
    if (Date.now() - kept < kKeptFor) this.ask({ do: 'stop' });
    this.timer = window.setInterval(() => this.tick(), 250);
    addEventListener('online', () => this.tick());
    document.addEventListener('visibilitychange', () => this.tick());
    addEventListener('pagehide', () => { clearInterval(this.timer); this.socket?.close(); });
    // From the back-forward cache a page comes as it was, with a dead socket and an old state.
    addEventListener('pageshow', e => { if (e.persisted) location.reload(); });
    this.tick();
  }
  ask(command: Command): void {
    if (sender.isStop(command)) sessionStorage.setItem(kKept, String(Date.now()));
    // What the socket still holds back may leave much later: it must not be a START then.
    else if (this.socket && this.socket.bufferedAmount > 0) this.tell({ is: 'link', up: false });
    this.tell({ is: 'asked', command });
    this.changed();
  }
  private tick(): void {
    this.hear({ is: 'tick' });
    this.tell({ is: 'tick' });
  }
  private hear(news: live.News): void {
    const before = this.live;
    const [next, deeds] = live.step(before, news, now());
    this.live = next;
    for (const deed of deeds) deed.do === 'connect' ? this.connect(deed.since) : this.close();
    this.tell({ is: 'link', up: next.phase === 'up' });
    if (next !== before) this.changed();
  }
  private tell(news: sender.News): void {
    const before = this.sender;
    const [next, deeds] = sender.step(before, news, now());
    this.sender = next;
    for (const deed of deeds) deed.way === 'live' ? this.sendLive(deed.id, deed.command) : void this.post(deed.id, deed.command);
    if (next === before) return;
    if (!sender.stopPending(next)) sessionStorage.removeItem(kKept);
    this.changed();
  }

  private connect(since: number | null): void {
    const url = api(`live?lang=${taste.lang}` + (since === null ? '' : `&since=${since}`));
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = this.socket = new WebSocket(url);
    this.opened = false;
    socket.onmessage = e => {
      if (socket !== this.socket) return;
      this.opened = true;
      this.frame(JSON.parse(e.data as string) as live.Frame & Answer);
    };
    socket.onclose = e => {
      if (socket !== this.socket) return;
      this.socket = null;
      if (e.code === 4401 || e.code === 1008) login();
      else if (!this.opened) void this.allowed();
      this.hear({ is: 'closed' });
    };
  }
  private close(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }
  private frame(frame: live.Frame & Answer): void {
    if (frame.id !== undefined)
      this.tell({ is: 'answer', id: frame.id, accepted: frame.accepted === true, problem: frame.problem });
    this.hear({ is: 'frame', frame });
  }
  private sendLive(id: string, command: Command): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    // A START that waits on its way begins nothing when it arrives: the server counts from the touch. A STOP never is too late.
    const at = sender.isStop(command) ? null : live.serverTime(this.live, now());
    this.socket.send(JSON.stringify({ id, command: at === null ? command : { ...command, asked_at: at } }));
  }
  private async post(id: string, command: Command): Promise<void> {
    try {
      const answer = await fetch(api('commands'), {
        method: 'POST', headers: { ...spoken(), 'Content-Type': 'application/json' }, body: JSON.stringify(command),
        cache: 'no-store', signal: AbortSignal.timeout(5_000),
      });
      // Only a word of Lull itself ends a STOP: a proxy that says 502 has asked nobody.
      if (answer.ok) this.tell({ is: 'answer', id, accepted: true });
      else if (answer.status === 401 || answer.status === 403)
        this.tell({ is: 'answer', id, accepted: false, problem: await problemOf(answer) });
    } catch { /* no way there; the machine asks again */ }
  }
  /** A browser does not tell why a WebSocket was refused. */
  private async allowed(): Promise<void> {
    try {
      const answer = await fetch(api('state'), { cache: 'no-store', signal: AbortSignal.timeout(4_000) });
      if (answer.status === 401) login();
    } catch { /* down, and said to be */ }
  }
}
interface Answer { id?: string; accepted?: boolean; problem?: Problem }

/** The sentences of the server come in the language of the page, whatever the browser's is. */
export const spoken = (): Record<string, string> => ({ 'Accept-Language': taste.lang });

export function login(): void {
  const to = new URL('login', root);
  to.searchParams.set('to', location.pathname.slice(root.pathname.length));
  location.replace(to);
}
export async function problemOf(answer: Response): Promise<Problem> {
  try { return await answer.json() as Problem; } catch { return { detail: `HTTP ${answer.status}` }; }
}
/** An answer of the API, or the problem it tells of, in an exception. */
export class Refused extends Error {
  constructor(readonly problem: Problem) { super(problem.detail ?? problem.title ?? '?'); }
}
/** What went wrong, in our words; a browser's own are in whatever language it speaks. */
export function wordsOf(e: unknown): string {
  if (e instanceof Refused) return e.message;
  if (e instanceof TypeError) return t('no_link');  // so fetch says that nobody answered
  return t(e instanceof DOMException && e.name === 'TimeoutError' ? 'too_long' : 'went_wrong');
}

export async function get<T>(path: string, body?: unknown, wait = 20_000): Promise<T> {
  const answer = await fetch(api(path), body === undefined ? { headers: spoken(), signal: AbortSignal.timeout(wait) } : {
    method: 'POST', headers: { ...spoken(), 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(wait),
  });
  if (answer.status === 401) login();
  if (!answer.ok) throw new Refused(await problemOf(answer));
  return await answer.json() as T;
}
