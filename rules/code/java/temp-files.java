import java.io.File;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;

class Temp {
    void folder() throws Exception {
        File folder = File.createTempFile("work", "");
        folder.delete();
        // ruleid: java-temp-folder-race
        folder.mkdir();
    }

    void folders() throws Exception {
        File folder = File.createTempFile("work", ".d");
        folder.delete();
        // ruleid: java-temp-folder-race
        folder.mkdirs();
        // ok: java-temp-folder-race
        Files.createTempDirectory("work");
        File fixed = new File("/srv/work");
        // ok: java-temp-folder-race
        fixed.mkdir();
    }

    void permissions(File file) throws Exception {
        // ruleid: java-world-writable-file
        file.setWritable(true, false);
        // ruleid: java-world-writable-file
        PosixFilePermissions.fromString("rw-rw-rw-");
        // ok: java-world-writable-file
        file.setWritable(true, true);
        // ok: java-world-writable-file
        PosixFilePermissions.fromString("rw-r-----");
    }
}
