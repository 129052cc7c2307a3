package preview

import (
	"net/http"
	"net/url"
	"slices"
)

func preview(w http.ResponseWriter, r *http.Request) {
	address := r.FormValue("url")
	// ruleid: go-ssrf
	http.Get(address)
	// ruleid: go-ssrf
	http.NewRequest("GET", "https://"+address+"/status", nil)
	// ok: go-ssrf
	http.Get("https://api.example.org/items/" + url.PathEscape(address))
	// ok: go-ssrf
	http.Get("https://news.example.org/feed")
}

func checked(w http.ResponseWriter, r *http.Request) {
	address := r.FormValue("url")
	if !slices.Contains(feeds, address) {
		return
	}
	// ok: go-ssrf
	http.Get(address)
}
