// The page around a preview. Knows nothing of VS Code.

export interface Frame {
  readonly nonce: string;
  /** What the webview may load files from. */
  readonly source: string;
  readonly script: string;
  readonly style: string;
  readonly language: string;
  readonly title: string;
  readonly css: string;
}

/** A page that runs one script, loads one stylesheet, and connects to nothing. The script puts the preview into `main`. */
export function frame(given: Frame): string {
  const policy = [
    "default-src 'none'",
    `style-src ${given.source} 'nonce-${given.nonce}'`,
    `script-src 'nonce-${given.nonce}'`,
    `img-src ${given.source} data:`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${escape(given.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(given.title)}</title>
<style nonce="${given.nonce}">${given.css.replaceAll("</", "<\\/")}</style>
<link rel="stylesheet" href="${escape(given.style)}">
</head>
<body>
<main id="policy"></main>
<script nonce="${given.nonce}" src="${escape(given.script)}"></script>
</body>
</html>`;
}

export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
