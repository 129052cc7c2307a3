package login

import (
	"log"
	"net/http"
	"strings"
)

func login(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: go-log-injection
	log.Println("login of " + name)
	// ruleid: go-log-injection
	log.Printf("login of %s", name)
	// ok: go-log-injection
	log.Printf("login of %q", name)
	// ok: go-log-injection
	log.Println("login of " + strings.ReplaceAll(name, "\n", " "))
}
