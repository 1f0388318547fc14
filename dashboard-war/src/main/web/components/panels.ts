/** What stands where data would be: loading, nothing there, failed. */
import { html, nothing, type TemplateResult } from 'lit';
import { ApiError } from '../lib/session.ts';
import { time } from '../lib/format.ts';
import { t } from '../lib/texts.ts';

export function empty(title: string, hint: string, action: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<div class="panel"><h3>${title}</h3><p>${hint}</p>${action}</div>`;
}

/** A request failed: what, the server's words, and a way on. */
export function failed(what: string, error: unknown, retry: () => void): TemplateResult {
  const status = error instanceof ApiError ? error.status : 0;
  const words = error instanceof Error ? error.message : String(error);
  return html`<div class="panel" role="alert"><h3>${t.error.title(what)}</h3>
    <p>${status === 403 ? t.error.denied : words}</p>
    <button class="button" type="button" @click=${retry}>${t.error.retry}</button>
    <details><summary>${t.error.details}</summary>
      <p>${t.error.status(status, time(Date.now()))}</p><p>${words}</p></details></div>`;
}

/** Grey lines in the final layout. */
export function skeletonRows(rows: number): TemplateResult {
  return html`<div class="panel" aria-hidden="true">${Array.from({ length: rows }, () =>
    html`<div class="skeleton line">.</div>`)}</div>`;
}

/** A figure's place while nothing is known. */
export const placeholder = html`<span class="skeleton">0000</span>`;
