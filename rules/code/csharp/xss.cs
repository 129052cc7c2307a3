using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;

public class HelloController : Controller
{
    [HttpGet("hello")]
    public IActionResult Hello(string name)
    {
        // ruleid: csharp-xss
        var first = Content("<p>Hello " + name + "</p>", "text/html");
        // ruleid: csharp-xss
        var second = new HtmlString(Request.Query["text"]);
        // ok: csharp-xss
        var third = Content("<p>Hello " + HtmlEncoder.Default.Encode(name) + "</p>", "text/html");
        // ok: csharp-xss
        var fourth = Content("Hello " + name);
        return first;
    }
}
