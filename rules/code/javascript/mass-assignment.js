const _ = require("lodash");
const express = require("express");
const { User } = require("./models");

const app = express();
const settings = {};

app.post("/users", async (req, res) => {
  // ruleid: javascript-mass-assignment
  const first = await User.create(req.body);
  // ruleid: javascript-mass-assignment
  const second = await User.findByIdAndUpdate(req.user.id, req.body);
  // ok: javascript-mass-assignment
  const third = await User.create({ name: req.body.name });
  // ok: javascript-mass-assignment
  const fourth = await User.create(schema.parse(req.body));
  res.json([first, second, third, fourth]);
});

app.post("/settings", (req, res) => {
  // ruleid: javascript-prototype-pollution
  settings[req.body.group][req.body.name] = req.body.value;
  // ruleid: javascript-prototype-pollution
  _.set(settings, req.body.path, req.body.value);
  // ok: javascript-prototype-pollution
  settings.colours[req.body.name] = "red";
  // ok: javascript-prototype-pollution
  _.set(settings, "colours.main", req.body.value);
  res.end();
});
