/** The product's own icons: 16 px, stroke 1.5. Decoration only; the control carries the name. */
import { html, svg, type TemplateResult } from 'lit';

const icon = (shape: TemplateResult): TemplateResult => html`<svg width="16" height="16" viewBox="0 0 16 16"
  fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"
  aria-hidden="true">${shape}</svg>`;

export const mark = html`<svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
  <path fill="var(--data-in)" d="M14 5h-3a9 9 0 0 0-9 9v4a9 9 0 0 0 9 9h3z"/>
  <path fill="var(--data-out)" d="M18 5h3a9 9 0 0 1 9 9v4a9 9 0 0 1-9 9h-3z"/></svg>`;
export const plus = icon(svg`<path d="M8 3v10M3 8h10"/>`);
export const bin = icon(svg`<path d="M2.5 4.5h11M6 4.5V3h4v1.5M4 4.5l.6 8.5h6.8l.6-8.5M6.8 7v3.8M9.2 7v3.8"/>`);
export const cross = icon(svg`<path d="M4 4l8 8M12 4l-8 8"/>`);
export const older = icon(svg`<path d="M10 3L5 8l5 5"/>`);
export const newer = icon(svg`<path d="M6 3l5 5-5 5"/>`);
export const link = icon(svg`<path d="M6.5 9.5l3-3M7 4.5L8.8 2.7a3 3 0 0 1 4.3 4.3L11.3 8.800M9 11.500l-1.8 1.800a3 3 0 0 1-4.3-4.300L4.7 7.2"/>`);
export const pause = icon(svg`<path d="M5.5 3.500v9M10.5 3.500v9"/>`);
export const play = icon(svg`<path d="M5 3.500v9l7-4.500z"/>`);
export const again = icon(svg`<path d="M13 8a5 5 0 1 1-1.5-3.600M13 2v3h-3"/>`);
export const out = icon(svg`<path d="M6.5 13.500H3v-11h3.500M10 5l3 3-3 3M13 8H6.5"/>`);
export const alert = icon(svg`<path d="M8 2L1.5 13.500h13zM8 6.500v3M8 11.500v.1"/>`);
export const info = icon(svg`<circle cx="8" cy="8" r="6"/><path d="M8 7.500V11M8 5v.1"/>`);
export const themes = {
  system: icon(svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 2.500v11a5.5 5.5 0 0 0 0-11z" fill="currentColor"/>`),
  light: icon(svg`<circle cx="8" cy="8" r="3"/><path d="M8 1.500v1M8 13.500v1M1.5 8h1M13.5 8h1M3.4 3.400l.7.7M11.9 11.900l.7.7M3.4 12.600l.7-.7M11.9 4.100l.7-.7"/>`),
  dark: icon(svg`<path d="M13.5 9.500A6 6 0 0 1 6.5 2.500a5.8 5.8 0 1 0 7 7z"/>`),
};
