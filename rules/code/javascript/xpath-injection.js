const xpath = require("xpath");
const express = require("express");

const app = express();

app.get("/user", (req, res) => {
  const name = req.query.name;
  // ruleid: javascript-xpath-injection
  const first = xpath.select(`//user[@name='${name}']`, users);
  const query = "//user[@name='" + name + "']";
  // ruleid: javascript-xpath-injection
  const second = xpath.select1(query, users);
  // ok: javascript-xpath-injection
  const third = xpath.parse("//user[@name=$name]").select({ node: users, variables: { name } });
  // ok: javascript-xpath-injection
  const fourth = xpath.select("//user", users);
  res.json([first, second, third, fourth]);
});
