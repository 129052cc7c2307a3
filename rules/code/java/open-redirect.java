import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

class Redirects {
    void go(HttpServletRequest request, HttpServletResponse response) throws Exception {
        // ruleid: java-open-redirect
        response.sendRedirect(request.getParameter("next"));
        // ok: java-open-redirect
        response.sendRedirect("/items/" + request.getParameter("number"));
        // ok: java-open-redirect
        response.sendRedirect("/home");
    }

    @GetMapping("/go")
    String spring(@RequestParam String next) {
        // ruleid: java-open-redirect
        return "redirect:" + next;
    }

    @GetMapping("/checked")
    String checked(@RequestParam String next) {
        if (!allowed.contains(next)) {
            return "home";
        }
        // ok: java-open-redirect
        return "redirect:" + next;
    }
}
