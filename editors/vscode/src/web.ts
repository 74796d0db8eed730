// Where there is no Python, as on vscode.dev, there are colours, brackets and snippets, for which no code is needed.

export function activate(): void {}
