const fs = require("fs");
const os = require("os");
const path = require("path");

function scratch(text, name) {
  // ruleid: javascript-fixed-temp-path
  fs.writeFileSync("/tmp/report.txt", text);
  // ruleid: javascript-fixed-temp-path
  fs.createWriteStream("/var/tmp/app.log");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "report-"));
  // ok: javascript-fixed-temp-path
  fs.writeFileSync(path.join(folder, "report.txt"), text);
  // ok: javascript-fixed-temp-path
  fs.writeFileSync("/srv/report.txt", text);
  // ruleid: javascript-world-writable-file
  fs.chmodSync(name, 0o777);
  // ruleid: javascript-world-writable-file
  fs.chmod(name, "666", () => {});
  // ok: javascript-world-writable-file
  fs.chmodSync(name, 0o755);
  // ok: javascript-world-writable-file
  fs.chmodSync(name, 0o640);
}
