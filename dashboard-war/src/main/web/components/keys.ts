/** Shortcuts of the whole page. Single letters count only while no field has the focus and no dialog is open. */

const SINGLE: Record<string, string> = { n: 'new', y: 'link', '/': 'filter', '?': 'help', j: 'down', k: 'up', L: 'pause' };
const AFTER_G: Record<string, string> = { o: 'overview', s: 'overview', n: 'nodes' };
const CHORD_MILLIS = 1_500;

export class KeyChords {
  readonly #act: (action: string) => void;
  #gAt = -Infinity;

  /** @param act gets the name of what was asked for */
  constructor(act: (action: string) => void) {
    this.#act = act;
  }

  /** Listens until the returned function is called. */
  listen(): () => void {
    const pressed = (event: KeyboardEvent): void => this.#pressed(event);
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }

  #pressed(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || target.closest('dialog')
      || /^(input|select|textarea)$/i.test(target.tagName)) {
      return;
    }
    const row = target.closest('[data-row]') !== null;
    const action = event.timeStamp - this.#gAt < CHORD_MILLIS ? AFTER_G[event.key]
      : row && event.key === 'ArrowDown' ? 'down' : row && event.key === 'ArrowUp' ? 'up' : SINGLE[event.key];
    this.#gAt = event.key === 'g' ? event.timeStamp : -Infinity;
    if (action !== undefined) {
      event.preventDefault();
      this.#act(action);
    }
  }
}
