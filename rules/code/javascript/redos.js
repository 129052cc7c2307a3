const express = require("express");
const _ = require("lodash");

const app = express();

app.get("/search", (req, res) => {
  // ruleid: javascript-regex-from-request
  const first = new RegExp(req.query.q, "i");
  // ruleid: javascript-regex-from-request
  const second = RegExp("^" + req.query.q);
  // ok: javascript-regex-from-request
  const third = new RegExp(_.escapeRegExp(req.query.q), "i");
  // ok: javascript-regex-from-request
  const fourth = /^\d+$/.test(req.query.q);
  res.json([first, second, third, fourth]);
});

function checks(text) {
  // ruleid: javascript-catastrophic-regex
  const first = /^(a+)+$/.test(text);
  // ruleid: javascript-catastrophic-regex
  const second = new RegExp("^(\\w+\\s?)*$");
  // ok: javascript-catastrophic-regex
  const third = /^a+$/.test(text);
  // ok: javascript-catastrophic-regex
  const fourth = new RegExp("^[a-z]+$");
  return [first, second, third, fourth];
}
