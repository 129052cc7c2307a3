package shop

import (
	"database/sql"
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
)

func orders(w http.ResponseWriter, r *http.Request) {
	state := r.URL.Query().Get("state")
	query := "SELECT id FROM orders WHERE state = '" + state + "'"
	// ruleid: go-sql-injection
	db.Query(query)
	// ok: go-sql-injection
	db.Query("SELECT id FROM orders WHERE state = $1", state)
	number, _ := strconv.Atoi(r.FormValue("number"))
	// ok: go-sql-injection
	// ruleid: go-sql-formatted-query
	db.Query(fmt.Sprintf("SELECT id FROM orders WHERE id = %d", number))
}

func customers(c *gin.Context) {
	name := c.Query("name")
	// ruleid: go-sql-injection, go-sql-formatted-query
	db.Raw("SELECT * FROM customers WHERE name = '" + name + "'")
	// ok: go-sql-injection
	db.Raw("SELECT * FROM customers WHERE name = ?", name)
}

func report(db *sql.DB, table string) {
	// ruleid: go-sql-formatted-query
	db.Exec("DELETE FROM " + table)
	// ok: go-sql-formatted-query
	db.Exec("DELETE FROM t " + "WHERE a = 1")
	// ok: go-sql-formatted-query
	db.Exec("DELETE FROM t WHERE a = $1", table)
}
