const express = require("express");

const app = express();

// ruleid: javascript-directory-served-whole
app.use(express.static(__dirname));
// ruleid: javascript-directory-served-whole
app.use("/files", express.static("./"));
// ok: javascript-directory-served-whole
app.use(express.static("public"));
// ok: javascript-directory-served-whole
app.use(express.static(__dirname + "/public"));

app.use((error, req, res, next) => {
  // ruleid: javascript-stack-trace-to-client
  res.status(500).send(error.stack);
  // ruleid: javascript-stack-trace-to-client
  res.json({ message: error.message, stack: error.stack });
  // ok: javascript-stack-trace-to-client
  console.error(error.stack);
  // ok: javascript-stack-trace-to-client
  res.status(500).json({ message: "Internal error" });
});
