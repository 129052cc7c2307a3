package pages

import (
	"net/http"
	"text/template"
)

func hello(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: go-template-injection
	first, _ := template.New("page").Parse("Hello " + name)
	// ruleid: go-template-injection
	second := template.Must(template.New("page").Parse(name))
	// ok: go-template-injection
	third, _ := template.New("page").Parse("Hello {{.}}")
	third.Execute(log, name)
	// ok: go-template-injection
	fourth, _ := template.ParseFiles("hello.tmpl")
	use(first, second, fourth)
}
