import jakarta.servlet.http.HttpServletRequest;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.io.FilenameUtils;

class Downloads {
    void download(HttpServletRequest request) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java-path-traversal
        File file = new File("/srv/files/" + name);
        // ruleid: java-path-traversal
        FileInputStream stream = new FileInputStream("/srv/files/" + name);
        // ok: java-path-traversal
        File bare = new File("/srv/files", FilenameUtils.getName(name));
        // ok: java-path-traversal
        File fixed = new File("/srv/files/list.txt");
    }

    void checked(HttpServletRequest request) throws Exception {
        String name = request.getParameter("name");
        if (name.contains("..")) {
            throw new IllegalArgumentException("name");
        }
        // ok: java-path-traversal
        Path path = Path.of("/srv/files", name);
    }

    void unpack(ZipInputStream zip, File target) throws Exception {
        ZipEntry entry = zip.getNextEntry();
        // ruleid: java-zip-slip
        FileOutputStream first = new FileOutputStream(new File(target, entry.getName()));
        // ruleid: java-zip-slip
        Files.copy(zip, target.toPath().resolve(entry.getName()));
        Path path = target.toPath().resolve(entry.getName()).normalize();
        if (!path.startsWith(target.toPath())) {
            return;
        }
        // ok: java-zip-slip
        Files.copy(zip, path);
        // ok: java-zip-slip
        Files.copy(zip, target.toPath().resolve("fixed"));
    }
}
