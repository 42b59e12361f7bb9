import { shown } from '../../kernel/errors.ts';

/** A drawing: what it is of, for who sees it and who does not, and its parts from back to front. */
interface Drawing {
  width: number;
  height: number;
  title: string;
  /** The same in words: what the drawing shows. */
  description: string;
  parts: readonly string[];
}

/** The colours by what they mean, in light and in dark surroundings. Each differs from its ground by 4.5 to 1 where it is text. */
const STYLE = `
.ground{fill:#ffffff}.ink{fill:#1f2328}.soft{fill:#59636e}.rule{stroke:#d1d9e0}.base{stroke:#59636e;stroke-dasharray:4 3}
.up{fill:#1a7f37;stroke:#1a7f37}.down{fill:#cf222e;stroke:#cf222e}.even{fill:#59636e;stroke:#59636e}.field{fill:#0969da;stroke:#0969da}
text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif}.head{font-weight:600;font-size:15px}.small{font-size:11px}
@media (prefers-color-scheme:dark){.ground{fill:#0d1117}.ink{fill:#f0f6fc}.soft{fill:#9198a1}.rule{stroke:#3d444d}.base{stroke:#9198a1}
.up{fill:#3fb950;stroke:#3fb950}.down{fill:#ff7b72;stroke:#ff7b72}.even{fill:#9198a1;stroke:#9198a1}.field{fill:#4493f8;stroke:#4493f8}}
`.replaceAll('\n', '');

/** The file of a drawing. It fetches nothing, runs nothing, and is the same for the same parts. */
export function svg({ width, height, title, description, parts }: Drawing): string {
  const [w, h] = [at(width), at(height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${w}" height="${h}"/>`,
    text(16, 26, title, 'ink head'),
    ...parts,
    '</svg>',
  ].join('\n');
}

/** A line of text whose baseline starts, is centred or ends there. */
export function text(x: number, y: number, content: string, style: string, anchor: 'start' | 'middle' | 'end' = 'start'): string {
  const place = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text class="${style}" x="${at(x)}" y="${at(y)}"${place}>${escaped(content)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, style: string, width = 1): string {
  return `<line class="${style}" x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" stroke-width="${at(width)}"/>`;
}

export function circle(x: number, y: number, radius: number, style: string): string {
  return `<circle class="${style}" cx="${at(x)}" cy="${at(y)}" r="${at(radius)}"/>`;
}

/** `opacity` from 0 to 1 of its fill. */
export function box(x: number, y: number, width: number, height: number, style: string, opacity = 1): string {
  const faint = opacity === 1 ? '' : ` fill-opacity="${at(opacity)}"`;
  return `<rect class="${style}" x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}"${faint}/>`;
}

/** Parts that say something together, in words, where they are pointed at or read out. */
export function told(words: string, parts: readonly string[]): string {
  return `<g><title>${escaped(words)}</title>${parts.join('')}</g>`;
}

/** Text in at most so many characters. */
export function cut(content: string, most: number): string {
  const letters = [...shown(content)];
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : letters.join('');
}

/** A number as it stands in the file: two places at most, and always one. */
function at(value: number): string {
  if (!Number.isFinite(value)) throw new Error('a drawing has no place for what is not finite');
  return String(Math.round(value * 100) / 100 + 0);
}

function escaped(content: string): string {
  return content
    .replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '·')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
