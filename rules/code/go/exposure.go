package main

import (
	"net/http"
	_ "net/http/pprof"
)

func main() {
	// ruleid: go-pprof-on-public-server, go-server-without-timeouts
	http.ListenAndServe(":6060", nil)
	// ruleid: go-pprof-on-public-server, go-server-without-timeouts
	http.ListenAndServe("0.0.0.0:6060", nil)
	// ok: go-pprof-on-public-server
	// ruleid: go-server-without-timeouts
	http.ListenAndServe("127.0.0.1:6060", nil)
	server := &http.Server{Addr: ":8080", ReadHeaderTimeout: timeout}
	// ok: go-pprof-on-public-server, go-server-without-timeouts
	server.ListenAndServe()
	// ok: go-server-without-timeouts
	server.ListenAndServeTLS("cert.pem", "key.pem")
}
