using System.Net;
using System.Text;
using Microsoft.IdentityModel.Tokens;

class Tokens
{
    void Parameters()
    {
        // ruleid: csharp-jwt-checks-off
        var first = new TokenValidationParameters { ValidIssuer = "shop", ValidateIssuerSigningKey = false };
        // ruleid: csharp-jwt-checks-off
        options.TokenValidationParameters.ValidateLifetime = false;
        // ok: csharp-jwt-checks-off
        var second = new TokenValidationParameters { ValidIssuer = "shop", ValidateLifetime = true };
        // ok: csharp-jwt-checks-off
        options.TokenValidationParameters.ValidateLifetime = true;
    }

    void Keys()
    {
        // ruleid: csharp-hardcoded-secret
        var first = new SymmetricSecurityKey(Encoding.UTF8.GetBytes("sunny-Tuesday-81"));
        // ruleid: csharp-hardcoded-secret
        var second = new SqlConnection("Server=db;Database=shop;User Id=shop;Password=sunny-Tuesday-81");
        // ok: csharp-hardcoded-secret
        var third = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(configuration["Jwt:Key"]));
        // ok: csharp-hardcoded-secret
        var fourth = new SqlConnection("Server=db;Database=shop;Integrated Security=true");
    }
}
