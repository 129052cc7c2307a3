const express = require("express");
const logger = require("winston");

const app = express();

app.post("/login", (req, res) => {
  // ruleid: javascript-log-injection
  logger.info("login of " + req.body.name);
  // ruleid: javascript-log-injection
  console.log(`login of ${req.body.name}`);
  // ok: javascript-log-injection
  logger.info({ event: "login", name: req.body.name });
  // ok: javascript-log-injection
  console.log("login of " + req.body.name.replace(/[\r\n]/g, " "));
  res.end();
});
