import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.cors.CorsConfiguration;

class Cors {
    CorsConfiguration open() {
        CorsConfiguration cors = new CorsConfiguration();
        // ruleid: java-cors-any-origin-with-credentials
        cors.addAllowedOriginPattern("*");
        cors.setAllowCredentials(true);
        return cors;
    }

    CorsConfiguration listed() {
        CorsConfiguration cors = new CorsConfiguration();
        // ok: java-cors-any-origin-with-credentials
        cors.setAllowedOrigins(List.of("https://app.example.org"));
        cors.setAllowCredentials(true);
        return cors;
    }

    CorsConfiguration withoutCookies() {
        CorsConfiguration cors = new CorsConfiguration();
        // ok: java-cors-any-origin-with-credentials
        cors.addAllowedOriginPattern("*");
        return cors;
    }

    void reflected(HttpServletRequest request, HttpServletResponse response) {
        // ruleid: java-cors-any-origin-with-credentials
        response.setHeader("Access-Control-Allow-Origin", request.getHeader("Origin"));
        response.setHeader("Access-Control-Allow-Credentials", "true");
    }
}
