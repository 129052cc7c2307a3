import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;

class Login {
    private static final Logger logger = LoggerFactory.getLogger(Login.class);

    void login(HttpServletRequest request) {
        String name = request.getParameter("name");
        // ruleid: java-log-injection
        logger.info("login of " + name);
        // ruleid: java-log-injection
        logger.warn("login of {}", name);
        // ok: java-log-injection
        logger.info("login of {}", name.replaceAll("[\r\n]", " "));
        // ok: java-log-injection
        logger.info("login");
    }
}
