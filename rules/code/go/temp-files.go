package temp

import "os"

func scratch(data []byte, path string) {
	// ruleid: go-fixed-temp-path
	os.Create("/tmp/report.txt")
	// ruleid: go-fixed-temp-path
	os.WriteFile("/var/tmp/app.log", data, 0o600)
	// ok: go-fixed-temp-path
	os.CreateTemp("", "report-*.txt")
	// ok: go-fixed-temp-path
	os.Create("/srv/report.txt")
	// ruleid: go-world-writable-file
	os.Chmod(path, 0o777)
	// ruleid: go-world-writable-file
	os.Chmod(path, 0666)
	// ok: go-world-writable-file
	os.Chmod(path, 0o750)
	// ok: go-world-writable-file
	os.WriteFile(path, data, 0o644)
}
