import { type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import uPlot from 'uplot';
import { Part } from '../lib/context.ts';
import { clock, date, short } from '../lib/format.ts';
import { columns, RANGES, type Range, type Sample } from '../lib/figures.ts';

/** Marks of the time axis, seconds apart. */
const MARKS: Record<Range, number[]> = { live: [60, 120], hour: [600, 1_200], hours: [3_600, 7_200], week: [86_400] };

/** The lines of the throughput. Loaded on demand; decoration for those who see, the sentence beside it says the same. */
@customElement('mp-chart')
export class Chart extends Part {
  @property({ attribute: false }) samples: readonly Sample[] = [];
  @property() range: Range = 'live';
  #plot: uPlot | undefined;
  #size: ResizeObserver | undefined;
  readonly #again = (): void => this.build();

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('theme', this.#again);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', this.#again);
    this.#size = new ResizeObserver(() => {
      const { width, height } = this.space();
      this.#plot?.setSize({ width, height });
    });
    this.#size.observe(this);
    this.build();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('theme', this.#again);
    matchMedia('(prefers-color-scheme: dark)').removeEventListener('change', this.#again);
    this.#size?.disconnect();
    this.#plot?.destroy();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('range')) {
      this.build();
    } else if (changed.has('samples') && !document.hidden) {
      this.#plot?.setData(columns(this.samples, RANGES[this.range].step));
    }
  }

  private space(): { width: number; height: number } {
    return { width: Math.max(this.clientWidth, 120), height: Math.max((this.parentElement?.clientHeight ?? 200) - 8, 100) };
  }

  private build(): void {
    this.#plot?.destroy();
    const ink = (token: string, alpha = ''): string => this.colour(token) + alpha;
    const axis = { stroke: ink('--text-3'), font: '11px system-ui, sans-serif', size: 28,
      grid: { stroke: ink('--border'), width: 1 }, ticks: { show: false } };
    this.#plot = new uPlot({
      ...this.space(),
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: true, range: () => this.window() },
        y: { range: (_plot, _min, max) => [0, Math.max(10, (max ?? 0) * 1.15)] },
      },
      axes: [
        { ...axis, grid: { show: false }, values: (_plot, ticks) => ticks.map((tick) => this.range === 'week'
          ? date(tick * 1000).slice(5) : clock(tick * 1000).slice(0, 5)), space: 80, incrs: MARKS[this.range] },
        { ...axis, size: 48, values: (_plot, ticks) => ticks.map((tick) => short(tick)), space: 40 },
      ],
      series: [
        {},
        { stroke: ink('--data-in'), fill: translucent(ink('--data-in')), width: 2, points: { show: false } },
        { stroke: ink('--data-out'), width: 2, dash: [6, 3], points: { show: false } },
      ],
    }, columns(this.samples, RANGES[this.range].step), this);
  }

  private window(): [number, number] {
    const last = this.range === 'live' ? this.samples.at(-1)?.[0] ?? Date.now() : Date.now();
    return [(last - RANGES[this.range].millis) / 1000, last / 1000];
  }

  /** A token's colour in the present theme; a custom property itself does not say which of its two values holds. */
  private colour(token: string): string {
    const probe = document.createElement('i');
    probe.style.color = `var(${token})`;
    this.append(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  }
}

function translucent(rgb: string): string {
  return rgb.replace(/^rgb\((.*)\)$/, (_all, parts: string) => `rgb(${parts.replaceAll(',', '')} / .12)`);
}
