import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.springframework.http.ResponseCookie;

class Cookies {
    void set(String value) {
        Cookie cookie = new Cookie("session", value);
        // ruleid: java-cookie-insecure
        cookie.setSecure(false);
        // ruleid: java-cookie-readable-by-script
        cookie.setHttpOnly(false);
        // ok: java-cookie-insecure
        cookie.setSecure(true);
        // ok: java-cookie-readable-by-script
        cookie.setHttpOnly(true);
        // ruleid: java-cookie-insecure
        ResponseCookie first = ResponseCookie.from("session", value).path("/").secure(false).build();
        // ruleid: java-cookie-readable-by-script
        ResponseCookie second = ResponseCookie.from("session", value).httpOnly(false).build();
        // ok: java-cookie-insecure, java-cookie-readable-by-script
        ResponseCookie third = ResponseCookie.from("session", value).secure(true).httpOnly(true).build();
    }

    void remember(HttpServletRequest request) {
        HttpSession session = request.getSession();
        String user = request.getParameter("user");
        // ruleid: java-trust-boundary
        session.setAttribute("user", user);
        // ruleid: java-trust-boundary
        request.getSession().setAttribute("language", request.getHeader("Accept-Language"));
        // ok: java-trust-boundary
        session.setAttribute("page", Integer.parseInt(request.getParameter("page")));
        // ok: java-trust-boundary
        session.setAttribute("seen", true);
    }
}
