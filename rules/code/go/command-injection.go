package tools

import (
	"net/http"
	"os/exec"
)

func ping(w http.ResponseWriter, r *http.Request) {
	host := r.FormValue("host")
	// ruleid: go-command-injection
	exec.Command("sh", "-c", "ping -c 1 "+host).Run()
	// ruleid: go-command-injection
	exec.Command(r.FormValue("program"), "-h").Run()
	// ok: go-command-injection
	exec.Command("ping", "-c", "1", "--", host).Run()
	// ok: go-command-injection
	exec.Command("sh", "-c", "uptime").Run()
}
