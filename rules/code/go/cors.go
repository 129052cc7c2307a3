package server

import (
	"net/http"

	"github.com/rs/cors"
)

func options() {
	// ruleid: go-cors-any-origin-with-credentials
	cors.New(cors.Options{AllowedOrigins: []string{"*"}, AllowCredentials: true})
	// ok: go-cors-any-origin-with-credentials
	cors.New(cors.Options{AllowedOrigins: []string{"https://app.example.org"}, AllowCredentials: true})
	// ok: go-cors-any-origin-with-credentials
	cors.New(cors.Options{AllowedOrigins: []string{"*"}})
}

func reflected(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-cors-any-origin-with-credentials
	w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}
