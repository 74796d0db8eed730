import assert from "node:assert/strict";
import { test } from "node:test";
import { toCodePoints, toUnits } from "../../src/offsets";

const TEXTS = ["", "data 设备", "a😀b😀", "😀", "\ud83d", "x\ude00\ud83dy", "e\u0301\r\n😀"];

test("both ways lead back", () => {
  for (const text of TEXTS) {
    const points = [...text];
    let units = 0;
    for (const [number, point] of points.entries()) {
      assert.equal(toUnits(text, number), units);
      assert.equal(toCodePoints(text, units), number);
      units += point.length;
    }
    assert.equal(toUnits(text, points.length), text.length);
    assert.equal(toCodePoints(text, text.length), points.length);
  }
});

test("what is outside of the text or within a pair is at an edge", () => {
  assert.equal(toUnits("a😀", 99), 3);
  assert.equal(toUnits("a😀", -1), 0);
  assert.equal(toCodePoints("a😀", 99), 2);
  assert.equal(toCodePoints("a😀b", 2), 1);
});
