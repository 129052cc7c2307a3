package hello

import (
	"fmt"
	"html"
	"net/http"
	"text/template"
)

func hello(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: go-xss
	fmt.Fprintf(w, "<p>Hello %s</p>", name)
	// ruleid: go-xss
	w.Write([]byte("<p>Hello " + name + "</p>"))
	// ok: go-xss
	fmt.Fprintf(w, "<p>Hello %s</p>", html.EscapeString(name))
	// ok: go-xss
	fmt.Fprintln(w, "<p>Hello</p>")
}

func text(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	// ok: go-xss
	fmt.Fprintf(w, "Hello %s", r.FormValue("name"))
}

func page(w http.ResponseWriter, r *http.Request, page *template.Template) {
	// ruleid: go-html-from-text-template
	page.Execute(w, data)
	// ruleid: go-html-from-text-template
	page.ExecuteTemplate(w, "page", data)
	// ok: go-html-from-text-template
	page.Execute(mail, data)
	// ok: go-html-from-text-template
	template.Must(template.ParseFiles("mail.tmpl"))
}
