import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;

class Tools {
    void ping(HttpServletRequest request) throws Exception {
        String host = request.getParameter("host");
        // ruleid: java-command-injection, java-command-formatted
        Runtime.getRuntime().exec("ping -c 1 " + host);
        // ruleid: java-command-injection
        new ProcessBuilder("sh", "-c", "ping " + host).start();
        List<String> arguments = new ArrayList<>();
        arguments.add("sh");
        arguments.add("-c");
        // ruleid: java-command-injection
        arguments.add("echo " + host);
        ProcessBuilder builder = new ProcessBuilder(arguments);
        // ok: java-command-injection
        new ProcessBuilder("ping", "-c", "1", "--", host).start();
        // ok: java-command-injection
        Runtime.getRuntime().exec("uptime");
    }

    void convert(String file) throws Exception {
        // ruleid: java-command-formatted
        Runtime.getRuntime().exec(String.format("convert %s out.png", file));
        // ok: java-command-formatted
        new ProcessBuilder("convert", file, "out.png").start();
        // ok: java-command-formatted
        Runtime.getRuntime().exec("make " + "clean");
    }
}
