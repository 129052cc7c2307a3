using Microsoft.AspNetCore.Mvc;

public class SessionsController : Controller
{
    [HttpGet("go")]
    public IActionResult Go(string next)
    {
        // ruleid: csharp-open-redirect
        return Redirect(next);
    }

    [HttpGet("moved")]
    public IActionResult Moved()
    {
        // ruleid: csharp-open-redirect
        return RedirectPermanent(Request.Query["to"]);
    }

    [HttpGet("checked")]
    public IActionResult Checked(string next)
    {
        if (!Url.IsLocalUrl(next))
        {
            // ok: csharp-open-redirect
            return Redirect("/");
        }
        // ok: csharp-open-redirect
        return Redirect(next);
    }

    [HttpGet("local")]
    public IActionResult Local(string next)
    {
        // ok: csharp-open-redirect
        return LocalRedirect(next);
    }
}
