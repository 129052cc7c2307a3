package users

import (
	"net/http"
	"strconv"

	"github.com/antchfx/xmlquery"
)

func find(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: go-xpath-injection
	first := xmlquery.Find(document, "//user[@name='"+name+"']")
	query := "//user[@name='" + name + "']/mail"
	// ruleid: go-xpath-injection
	second := xmlquery.FindOne(document, query)
	// ok: go-xpath-injection
	third := xmlquery.Find(document, "//user")
	number, _ := strconv.Atoi(r.FormValue("number"))
	// ok: go-xpath-injection
	fourth := xmlquery.Find(document, "//user["+strconv.Itoa(number)+"]")
	use(first, second, third, fourth)
}
