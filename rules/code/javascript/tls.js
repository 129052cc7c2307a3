const https = require("https");
const tls = require("tls");
const fs = require("fs");

// ruleid: javascript-tls-verify-off
const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
// ruleid: javascript-tls-verify-off
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
// ok: javascript-tls-verify-off
const careful = new https.Agent({ ca: fs.readFileSync("ca.pem") });
// ok: javascript-tls-verify-off
const chosen = new https.Agent({ rejectUnauthorized: !settings.insecure || false });
// ok: javascript-tls-verify-off
const explicit = new https.Agent({ rejectUnauthorized: true });

// ruleid: javascript-tls-old-version
tls.createServer({ minVersion: "TLSv1" });
// ruleid: javascript-tls-old-version
https.createServer({ key, cert, secureProtocol: "TLSv1_1_method" });
// ok: javascript-tls-old-version
tls.createServer({ minVersion: "TLSv1.2" });
// ok: javascript-tls-old-version
https.createServer({ key, cert });
