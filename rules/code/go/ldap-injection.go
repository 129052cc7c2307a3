package people

import (
	"fmt"
	"net/http"

	"github.com/go-ldap/ldap/v3"
)

func find(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: go-ldap-injection
	first := ldap.NewSearchRequest("ou=people", 2, 0, 0, 0, false, fmt.Sprintf("(uid=%s)", name), nil, nil)
	// ruleid: go-ldap-injection
	second := ldap.NewSearchRequest("ou=people", 2, 0, 0, 0, false, "(cn="+name+")", nil, nil)
	// ok: go-ldap-injection
	third := ldap.NewSearchRequest("ou=people", 2, 0, 0, 0, false, fmt.Sprintf("(uid=%s)", ldap.EscapeFilter(name)), nil, nil)
	// ok: go-ldap-injection
	fourth := ldap.NewSearchRequest("ou=people", 2, 0, 0, 0, false, "(objectClass=person)", nil, nil)
	use(first, second, third, fourth)
}
