package search

import (
	"net/http"
	"regexp"
)

func search(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-regex-from-request
	regexp.MustCompile(r.FormValue("q"))
	// ruleid: go-regex-from-request
	regexp.Compile("^" + r.FormValue("q"))
	// ok: go-regex-from-request
	regexp.Compile(regexp.QuoteMeta(r.FormValue("q")))
	// ok: go-regex-from-request
	regexp.MustCompile(`^\d+$`)
}
