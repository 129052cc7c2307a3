const { exec, execFile, spawn } = require("child_process");
const express = require("express");

const app = express();

app.get("/ping", (req, res) => {
  const host = req.query.host;
  // ruleid: javascript-command-injection, javascript-shell-formatted-command
  exec("ping -c 1 " + host, (error, out) => res.send("done"));
  // ruleid: javascript-command-injection
  spawn("sh", ["-c", `ping ${host}`]);
  // ok: javascript-command-injection
  execFile("ping", ["-c", "1", "--", host], (error, out) => res.send("done"));
  // ok: javascript-command-injection
  exec("ping -c 1 localhost");
  // ok: javascript-command-injection
  const match = /^[a-z]+$/.exec(host);
});

function convert(source, target) {
  // ruleid: javascript-shell-formatted-command
  exec(`convert ${source} ${target}`);
  // ok: javascript-shell-formatted-command
  execFile("convert", [source, target]);
  // ok: javascript-shell-formatted-command
  exec("make clean");
}
