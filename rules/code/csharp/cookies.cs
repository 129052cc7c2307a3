using Microsoft.AspNetCore.Http;

class Cookies
{
    void Set(HttpResponse response, string value)
    {
        // ruleid: csharp-cookie-insecure
        response.Cookies.Append("session", value, new CookieOptions { Secure = false, HttpOnly = true });
        // ruleid: csharp-cookie-insecure
        options.Cookie.HttpOnly = false;
        // ok: csharp-cookie-insecure
        response.Cookies.Append("session", value, new CookieOptions { Secure = true, HttpOnly = true });
        // ok: csharp-cookie-insecure
        options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
    }
}
