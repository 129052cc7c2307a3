using System.Net.Http;
using Microsoft.AspNetCore.Mvc;

public class PreviewController : Controller
{
    [HttpGet("preview")]
    public async Task<IActionResult> Preview(string url)
    {
        // ruleid: csharp-ssrf
        var first = await client.GetStringAsync(url);
        // ruleid: csharp-ssrf
        var second = await client.GetAsync("https://" + Request.Query["host"] + "/status");
        // ok: csharp-ssrf
        var third = await client.GetAsync("https://api.example.org/items/" + url);
        // ok: csharp-ssrf
        var fourth = await client.PostAsync("https://api.example.org/items", new StringContent(url));
        return Ok();
    }
}
