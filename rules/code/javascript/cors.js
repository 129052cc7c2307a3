const cors = require("cors");
const express = require("express");

const app = express();
// ruleid: javascript-cors-any-origin-with-credentials
app.use(cors({ origin: true, credentials: true }));
// ok: javascript-cors-any-origin-with-credentials
app.use(cors({ origin: ["https://app.example.org"], credentials: true }));
// ok: javascript-cors-any-origin-with-credentials
app.use(cors());

app.use((req, res, next) => {
  // ruleid: javascript-cors-any-origin-with-credentials
  res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
  res.setHeader("Access-Control-Allow-Credentials", "true");
  next();
});

app.use((req, res, next) => {
  // ok: javascript-cors-any-origin-with-credentials
  res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
  next();
});
