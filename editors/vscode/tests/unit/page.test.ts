import assert from "node:assert/strict";
import { test } from "node:test";
import { frame } from "../../src/page";

const page = frame({
  nonce: "n0nce",
  source: "https://webview",
  script: "https://webview/preview.js",
  style: "https://webview/preview.css",
  language: 'en"><script>',
  title: "<b>Shop & Co</b>",
  css: "p { color: red } </style><script>alert(1)</script>",
});

test("nothing but the extension's own script runs, and nothing is fetched", () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  assert.equal(policy, "default-src 'none'; style-src https://webview 'nonce-n0nce'; script-src 'nonce-n0nce'; img-src https://webview data:");
  const outside = page.replace(/<style[^>]*>[^]*?<\/style>/, "");
  assert.doesNotMatch(outside, /alert/);
  assert.deepEqual(outside.match(/<script[^>]*>/g), ['<script nonce="n0nce" src="https://webview/preview.js">']);
  assert.equal(page.match(/<\/style>/g)?.length, 1);
});

test("what the policy says is text", () => {
  assert.match(page, /<title>&lt;b&gt;Shop &amp; Co&lt;\/b&gt;<\/title>/);
  assert.match(page, /<html lang="en&quot;&gt;&lt;script&gt;">/);
});
