import jakarta.servlet.http.HttpServletRequest;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;

class Users {
    void find(HttpServletRequest request) throws Exception {
        String name = request.getParameter("name");
        XPath xpath = XPathFactory.newInstance().newXPath();
        // ruleid: java-xpath-injection
        xpath.evaluate("//user[@name='" + name + "']", document);
        String query = "//user[@name='" + name + "']/mail";
        // ruleid: java-xpath-injection
        xpath.compile(query);
        // ok: java-xpath-injection
        xpath.compile("//user[@name=$name]");
        int number = Integer.parseInt(request.getParameter("number"));
        // ok: java-xpath-injection
        xpath.evaluate("//user[" + number + "]", document);
    }
}
