const express = require("express");
const mysql = require("mysql2");
const { PrismaClient } = require("@prisma/client");

const app = express();
const db = mysql.createPool({});
const prisma = new PrismaClient();

app.get("/orders", (req, res) => {
  const state = req.query.state;
  const statement = "SELECT id FROM orders WHERE state = '" + state + "'";
  // ruleid: javascript-sql-injection
  db.query(statement, (error, rows) => res.json(rows));
  // ok: javascript-sql-injection
  db.query("SELECT id FROM orders WHERE state = ?", [state], (error, rows) => res.json(rows));
  const number = Number(req.query.number);
  // ok: javascript-sql-injection
  // ruleid: javascript-sql-formatted-query
  db.query(`SELECT id FROM orders WHERE id = ${number}`);
});

app.get("/customers/:name", async (req, res) => {
  const { name } = req.params;
  // ruleid: javascript-sql-injection
  const found = await prisma.$queryRawUnsafe(`SELECT * FROM customers WHERE name = '${name}'`);
  // ok: javascript-sql-injection
  const same = await prisma.$queryRaw`SELECT * FROM customers WHERE name = ${name}`;
  // ok: javascript-sql-injection
  const third = await db.query({ text: "SELECT 1 WHERE name = $1", values: [name] });
  res.json([found, same, third]);
});

function report(table, ids) {
  // ruleid: javascript-sql-formatted-query
  db.query(`SELECT * FROM ${table}`);
  // ok: javascript-sql-formatted-query
  db.query("SELECT * FROM t " + "WHERE a = 1");
  // ok: javascript-sql-formatted-query
  db.query("DELETE FROM t WHERE id IN (?)", [ids]);
}
