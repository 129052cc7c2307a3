const libxmljs = require("libxmljs");

function parse(text) {
  // ruleid: javascript-xxe
  const first = libxmljs.parseXml(text, { noent: true });
  // ruleid: javascript-xxe
  const second = libxmljs.parseXmlString(text, { noblanks: true, dtdload: true });
  // ok: javascript-xxe
  const third = libxmljs.parseXml(text);
  // ok: javascript-xxe
  const fourth = libxmljs.parseXml(text, { noent: false, noblanks: true });
  return [first, second, third, fourth];
}
