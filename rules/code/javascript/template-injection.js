const ejs = require("ejs");
const Handlebars = require("handlebars");
const nunjucks = require("nunjucks");
const pug = require("pug");
const express = require("express");

const app = express();

app.get("/hello", (req, res) => {
  // ruleid: javascript-template-injection
  const first = ejs.render("<p>Hello " + req.query.name + "</p>");
  // ruleid: javascript-template-injection
  const second = pug.render(req.query.template);
  // ok: javascript-template-injection
  const third = ejs.render("<p>Hello <%= name %></p>", { name: req.query.name });
  // ok: javascript-template-injection
  const fourth = pug.renderFile("hello.pug", { name: req.query.name });
  // ruleid: javascript-render-options-from-request
  res.render("page", req.query);
  // ruleid: javascript-render-options-from-request
  res.render("page", { title: "Page", ...req.body });
  // ok: javascript-render-options-from-request
  res.render("page", { name: req.query.name });
  // ok: javascript-render-options-from-request
  res.render("page");
});

// ruleid: javascript-handlebars-no-escape
const loose = Handlebars.compile("{{name}}", { noEscape: true });
// ruleid: javascript-handlebars-no-escape
nunjucks.configure("views", { autoescape: false });
// ok: javascript-handlebars-no-escape
const strict = Handlebars.compile("{{name}}");
// ok: javascript-handlebars-no-escape
nunjucks.configure("views", { autoescape: true });
