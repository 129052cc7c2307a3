const ldap = require("ldapjs");
const express = require("express");

const app = express();
const client = ldap.createClient({ url: "ldaps://directory.example.org" });

app.get("/people", (req, res) => {
  const name = req.query.name;
  // ruleid: javascript-ldap-injection
  client.search("ou=people", { filter: `(uid=${name})`, scope: "sub" }, () => {});
  // ruleid: javascript-ldap-injection
  const options = { scope: "sub", filter: "(cn=" + name + ")" };
  client.search("ou=people", options, () => {});
  // ok: javascript-ldap-injection
  client.search("ou=people", { filter: new ldap.EqualityFilter({ attribute: "uid", value: name }) }, () => {});
  // ok: javascript-ldap-injection
  client.search("ou=people", { filter: "(objectClass=person)" }, () => {});
});
