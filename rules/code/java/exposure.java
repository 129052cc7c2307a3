import jakarta.servlet.http.HttpServletResponse;
import java.io.PrintWriter;

class Errors {
    void first(HttpServletResponse response, Exception error) throws Exception {
        // ruleid: java-stack-trace-to-client
        error.printStackTrace(response.getWriter());
        PrintWriter out = response.getWriter();
        // ruleid: java-stack-trace-to-client
        error.printStackTrace(out);
    }

    void second(HttpServletResponse response, Exception error) throws Exception {
        // ok: java-stack-trace-to-client
        error.printStackTrace();
        StringWriter buffer = new StringWriter();
        // ok: java-stack-trace-to-client
        error.printStackTrace(new PrintWriter(buffer));
    }
}
