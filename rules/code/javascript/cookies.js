const express = require("express");
const session = require("express-session");

const app = express();

app.get("/", (req, res) => {
  // ruleid: javascript-cookie-insecure
  res.cookie("theme", "dark", { secure: false });
  // ok: javascript-cookie-insecure
  res.cookie("theme", "dark", { secure: true });
  // ok: javascript-cookie-insecure
  res.cookie("theme", "dark", { maxAge: 1000 });
  // ruleid: javascript-session-cookie-readable-by-script
  res.cookie("sessionId", req.session.id, { secure: true, httpOnly: false });
  // ok: javascript-session-cookie-readable-by-script
  res.cookie("sessionId", req.session.id, { secure: true, httpOnly: true });
  // ok: javascript-session-cookie-readable-by-script
  res.cookie("theme", "dark", { secure: true, httpOnly: false });
});

// ruleid: javascript-cookie-insecure
app.use(session({ secret: process.env.SECRET, cookie: { maxAge: 1000, secure: false } }));
// ruleid: javascript-session-cookie-readable-by-script
app.use(session({ secret: process.env.SECRET, cookie: { secure: true, httpOnly: false } }));
// ok: javascript-cookie-insecure, javascript-session-cookie-readable-by-script
app.use(session({ secret: process.env.SECRET, cookie: { secure: true, httpOnly: true } }));
