const express = require("express");
const mysql = require("mysql2");
const nodemailer = require("nodemailer");
const session = require("express-session");
const cookieSession = require("cookie-session");

const app = express();

// ruleid: javascript-hardcoded-password
const db = mysql.createConnection({ host: "db", user: "shop", password: "sunny-Tuesday-81" });
// ruleid: javascript-hardcoded-password
const mail = nodemailer.createTransport({ host: "mail", auth: { user: "shop", pass: "sunny-Tuesday-81" } });
// ok: javascript-hardcoded-password
const safe = mysql.createConnection({ host: "db", user: "shop", password: process.env.DB_PASSWORD });
// ok: javascript-hardcoded-password
const empty = mysql.createConnection({ host: "db", user: "root", password: "" });

// ruleid: javascript-hardcoded-session-secret
app.use(session({ secret: "sunny-Tuesday-81", resave: false }));
// ruleid: javascript-hardcoded-session-secret
app.use(cookieSession({ keys: ["sunny-Tuesday-81"] }));
// ok: javascript-hardcoded-session-secret
app.use(session({ secret: process.env.SESSION_SECRET, resave: false }));
// ok: javascript-hardcoded-session-secret
app.use(cookieSession({ keys: [process.env.SESSION_SECRET] }));

// ruleid: javascript-next-public-secret
const first = process.env.NEXT_PUBLIC_STRIPE_SECRET_KEY;
// ruleid: javascript-next-public-secret
const second = process.env.NEXT_PUBLIC_DB_PASSWORD;
// ok: javascript-next-public-secret
const third = process.env.NEXT_PUBLIC_API_URL;
// ok: javascript-next-public-secret
const fourth = process.env.STRIPE_SECRET_KEY;
