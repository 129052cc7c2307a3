package files

import (
	"archive/zip"
	"net/http"
	"os"
	"path/filepath"
)

func download(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: go-path-traversal
	os.Open(filepath.Join("/srv/files", name))
	// ruleid: go-path-traversal
	http.ServeFile(w, r, "/srv/files/"+name)
	// ok: go-path-traversal
	os.Open(filepath.Join("/srv/files", filepath.Base(name)))
	// ok: go-path-traversal
	http.ServeFile(w, r, "/srv/files/list.txt")
}

func checked(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	if !filepath.IsLocal(name) {
		return
	}
	// ok: go-path-traversal
	os.ReadFile(filepath.Join("/srv/files", name))
}

func unpack(target string, file *zip.File) {
	// ruleid: go-zip-slip
	os.Create(filepath.Join(target, file.Name))
	// ruleid: go-zip-slip
	os.MkdirAll(target+"/"+file.Name, 0o750)
	// ok: go-zip-slip
	os.Create(filepath.Join(target, filepath.Base(file.Name)))
}

func unpackChecked(target string, file *zip.File) {
	name := file.Name
	if !filepath.IsLocal(name) {
		return
	}
	// ok: go-zip-slip
	os.Create(filepath.Join(target, name))
}
