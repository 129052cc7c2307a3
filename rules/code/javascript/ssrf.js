const axios = require("axios");
const express = require("express");
const http = require("http");

const app = express();
const feeds = ["https://news.example.org/feed"];

app.get("/preview", async (req, res) => {
  const url = req.query.url;
  // ruleid: javascript-ssrf
  const first = await axios.get(url);
  // ruleid: javascript-ssrf
  const second = await fetch("https://" + req.query.host + "/status");
  // ok: javascript-ssrf
  const third = await fetch(`https://api.example.org/items/${req.query.id}`);
  // ok: javascript-ssrf
  const fourth = await axios.post("https://api.example.org/items", { url });
  res.json([first, second, third, fourth]);
});

app.get("/proxy", (req, res) => {
  // ruleid: javascript-ssrf
  http.request({ hostname: req.query.host, path: "/" }, () => {});
  // ok: javascript-ssrf
  http.request({ hostname: "api.example.org", headers: { ...req.headers } }, () => {});
});

app.get("/checked", async (req, res) => {
  const url = req.query.url;
  if (!feeds.includes(url)) return res.sendStatus(400);
  // ok: javascript-ssrf
  const feed = await fetch(url);
  res.json(feed);
});
