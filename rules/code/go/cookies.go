package server

import "net/http"

func cookies(w http.ResponseWriter, value string) {
	// ruleid: go-cookie-insecure
	http.SetCookie(w, &http.Cookie{Name: "session", Value: value})
	// ruleid: go-cookie-insecure
	http.SetCookie(w, &http.Cookie{Name: "auth_token", Value: value, Secure: true, HttpOnly: false})
	// ok: go-cookie-insecure
	http.SetCookie(w, &http.Cookie{Name: "session", Value: value, Secure: true, HttpOnly: true})
	// ok: go-cookie-insecure
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: value})
}
