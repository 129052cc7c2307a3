const express = require("express");

const app = express();
const targets = ["/home", "/orders"];

app.get("/go", (req, res) => {
  // ruleid: javascript-open-redirect
  res.redirect(req.query.next);
});

app.get("/moved", (req, res) => {
  const target = req.query.to || "/";
  // ruleid: javascript-open-redirect
  res.redirect(301, target);
});

app.get("/item", (req, res) => {
  // ok: javascript-open-redirect
  res.redirect(`/items/${req.query.number}`);
});

app.get("/notice", (req, res) => {
  // ok: javascript-open-redirect
  res.redirect(`/?notice=${req.query.text}`);
});

app.get("/back", (req, res) => {
  // ok: javascript-open-redirect
  res.redirect(req.get("Referrer") || "/");
});

app.get("/checked", (req, res) => {
  const target = req.query.to;
  if (!targets.includes(target)) return res.sendStatus(400);
  // ok: javascript-open-redirect
  res.redirect(target);
});

export function GET(request) {
  // ruleid: javascript-open-redirect
  return NextResponse.redirect(request.nextUrl.searchParams.get("next"));
}

function leave() {
  const next = new URLSearchParams(location.search).get("next");
  // ruleid: javascript-dom-open-redirect
  window.location.href = next;
  // ruleid: javascript-dom-open-redirect
  location.replace(location.hash.slice(1));
  // ok: javascript-dom-open-redirect
  window.location.href = `/search?q=${next}`;
  // ok: javascript-dom-open-redirect
  window.location.href = "/home";
}
