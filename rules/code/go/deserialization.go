package carts

import (
	"encoding/gob"
	"encoding/json"
	"net/http"

	"gopkg.in/yaml.v3"
)

func read(w http.ResponseWriter, r *http.Request) {
	// ruleid: go-unbounded-decoding
	gob.NewDecoder(r.Body).Decode(&cart)
	// ruleid: go-unbounded-decoding
	yaml.NewDecoder(r.Body).Decode(&cart)
	// ok: go-unbounded-decoding
	yaml.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&cart)
	// ok: go-unbounded-decoding
	json.NewDecoder(r.Body).Decode(&cart)
}
