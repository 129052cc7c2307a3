import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;

class Search {
    void search(HttpServletRequest request) {
        String query = request.getParameter("q");
        // ruleid: java-regex-from-request
        Pattern first = Pattern.compile(query);
        // ruleid: java-regex-from-request
        boolean second = Pattern.matches("^" + query, text);
        // ok: java-regex-from-request
        Pattern third = Pattern.compile(Pattern.quote(query));
        // ok: java-regex-from-request
        boolean fourth = Pattern.matches("^\\d+$", query);
        // ruleid: java-catastrophic-regex
        Pattern fifth = Pattern.compile("^(a+)+$");
        // ruleid: java-catastrophic-regex
        boolean sixth = Pattern.matches("^(\\w+\\s?)*$", query);
        // ok: java-catastrophic-regex
        Pattern seventh = Pattern.compile("^a+$");
        // ok: java-catastrophic-regex
        boolean eighth = query.matches("^[a-z]+$");
    }
}
