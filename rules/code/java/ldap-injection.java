import jakarta.servlet.http.HttpServletRequest;
import javax.naming.directory.DirContext;
import javax.naming.directory.SearchControls;
import org.springframework.ldap.core.LdapTemplate;
import org.springframework.ldap.support.LdapEncoder;

class People {
    private DirContext context;
    private LdapTemplate template;

    void find(HttpServletRequest request) throws Exception {
        String name = request.getParameter("name");
        SearchControls controls = new SearchControls();
        // ruleid: java-ldap-injection
        context.search("ou=people", "(uid=" + name + ")", controls);
        // ok: java-ldap-injection
        context.search("ou=people", "(uid={0})", new Object[] {name}, controls);
        // ruleid: java-ldap-injection
        template.search("ou=people", "(cn=" + name + ")", mapper);
        // ok: java-ldap-injection
        template.search("ou=people", "(cn=" + LdapEncoder.filterEncode(name) + ")", mapper);
    }
}
