using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;

public class SearchController : Controller
{
    [HttpGet("search")]
    public IActionResult Search(string query)
    {
        // ruleid: csharp-regex-from-request
        var first = new Regex(query);
        // ruleid: csharp-regex-from-request
        var second = Regex.IsMatch(text, "^" + query);
        // ok: csharp-regex-from-request
        var third = new Regex(Regex.Escape(query));
        // ok: csharp-regex-from-request
        var fourth = Regex.IsMatch(query, "^[a-z]+$");
        return Ok();
    }
}
