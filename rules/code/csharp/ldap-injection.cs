using System.DirectoryServices;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Security.Application;

public class PeopleController : Controller
{
    [HttpGet("people")]
    public IActionResult Find(string name)
    {
        var searcher = new DirectorySearcher();
        // ruleid: csharp-ldap-injection
        searcher.Filter = "(uid=" + name + ")";
        // ruleid: csharp-ldap-injection
        var second = new DirectorySearcher($"(cn={name})");
        // ok: csharp-ldap-injection
        searcher.Filter = "(uid=" + Encoder.LdapFilterEncode(name) + ")";
        // ok: csharp-ldap-injection
        searcher.Filter = "(objectClass=person)";
        return Ok();
    }
}
