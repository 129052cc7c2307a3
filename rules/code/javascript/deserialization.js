const serialize = require("node-serialize");
const yaml = require("js-yaml");
const cryo = require("cryo");

function read(text) {
  // ruleid: javascript-unsafe-deserialization
  const first = serialize.unserialize(text);
  // ruleid: javascript-unsafe-deserialization
  const second = cryo.parse(text);
  // ok: javascript-unsafe-deserialization
  const third = JSON.parse(text);
  // ok: javascript-unsafe-deserialization
  const fourth = serialize.serialize({ name: text });
  return [first, second, third, fourth];
}

function configuration(text) {
  // ruleid: javascript-yaml-unsafe-schema
  const first = yaml.load(text, { schema: yaml.DEFAULT_FULL_SCHEMA });
  const types = require("js-yaml-js-types");
  // ruleid: javascript-yaml-unsafe-schema
  const second = yaml.load(text, { schema: yaml.DEFAULT_SCHEMA.extend(types.all) });
  // ok: javascript-yaml-unsafe-schema
  const third = yaml.load(text);
  // ok: javascript-yaml-unsafe-schema
  const fourth = yaml.load(text, { schema: yaml.JSON_SCHEMA });
  return [first, second, third, fourth];
}
