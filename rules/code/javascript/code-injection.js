const vm = require("vm");
const express = require("express");

const app = express();
const actions = new Map([["sum", (a, b) => a + b]]);

app.get("/calculate", (req, res) => {
  // ruleid: javascript-code-injection
  const first = eval(req.query.formula);
  // ruleid: javascript-code-injection
  const second = vm.runInNewContext(req.body.code, {});
  // ruleid: javascript-code-injection
  const third = new Function("a", "return " + req.query.formula);
  // ok: javascript-code-injection
  const fourth = JSON.parse(req.query.formula);
  // ok: javascript-code-injection
  const fifth = actions.get(req.query.action);
  // ok: javascript-code-injection
  setTimeout(() => console.log("later"), Number(req.query.delay));
  res.json([first, second, third, fourth, fifth(1, 2)]);
});
