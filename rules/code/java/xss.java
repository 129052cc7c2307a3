import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.PrintWriter;
import org.owasp.encoder.Encode;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

class Hello {
    void hello(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java-xss
        response.getWriter().println("<p>Hello " + name + "</p>");
        PrintWriter out = response.getWriter();
        // ruleid: java-xss
        out.print(name);
        // ok: java-xss
        out.print(Encode.forHtml(name));
    }

    void data(HttpServletRequest request, HttpServletResponse response) throws Exception {
        response.setContentType("application/json");
        // ok: java-xss
        response.getWriter().print(request.getParameter("name"));
    }
}

@RestController
class Greetings {
    @GetMapping("/hello")
    String hello(@RequestParam String name) {
        // ruleid: java-spring-xss
        return "<p>Hello " + name + "</p>";
    }

    @GetMapping("/bye")
    String bye(@RequestParam(defaultValue = "you") String name) {
        // ruleid: java-spring-xss
        return String.format("<p>Bye %s</p>", name);
    }

    @GetMapping(value = "/text", produces = "text/plain")
    String text(@RequestParam String name) {
        // ok: java-spring-xss
        return "<p>Hello " + name;
    }

    @GetMapping("/safe")
    String safe(@RequestParam String name) {
        // ok: java-spring-xss
        return "<p>Hello " + Encode.forHtml(name) + "</p>";
    }
}
