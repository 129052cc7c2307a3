import freemarker.template.Template;
import jakarta.servlet.http.HttpServletRequest;
import java.io.StringReader;
import org.apache.velocity.app.Velocity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
class Pages {
    void render(HttpServletRequest request) throws Exception {
        String text = request.getParameter("text");
        // ruleid: java-template-injection
        Velocity.evaluate(context, writer, "page", "Hello " + text);
        // ok: java-template-injection
        Velocity.evaluate(context, writer, "page", "Hello $name");
        // ruleid: java-template-injection
        Template template = new Template("page", new StringReader(text), configuration);
        // ok: java-template-injection
        Template fixed = configuration.getTemplate("page.ftl");
    }

    @GetMapping("/page")
    String page(@RequestParam String language) {
        // ruleid: java-template-injection
        return "pages/" + language + "/welcome";
    }

    @GetMapping("/home")
    String home(@RequestParam String language) {
        // ok: java-template-injection
        return "pages/welcome";
    }
}
