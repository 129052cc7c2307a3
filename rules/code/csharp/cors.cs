using Microsoft.AspNetCore.Cors.Infrastructure;

class Cors
{
    void Policies(CorsPolicyBuilder policy)
    {
        // ruleid: csharp-cors-any-origin-with-credentials
        policy.SetIsOriginAllowed((origin) => true).AllowAnyHeader().AllowCredentials();
        // ruleid: csharp-cors-any-origin-with-credentials
        policy.AllowAnyOrigin().AllowCredentials();
        // ok: csharp-cors-any-origin-with-credentials
        policy.WithOrigins("https://app.example.org").AllowCredentials();
        // ok: csharp-cors-any-origin-with-credentials
        policy.AllowAnyOrigin().AllowAnyHeader();
    }
}
