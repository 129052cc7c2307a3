using System.Net;
using System.Net.Http;
using System.Security.Authentication;

class Connections
{
    void Open(HttpClientHandler handler)
    {
        // ruleid: csharp-tls-verify-off
        handler.ServerCertificateCustomValidationCallback = (message, certificate, chain, errors) => true;
        // ruleid: csharp-tls-verify-off
        handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
        // ok: csharp-tls-verify-off
        handler.ServerCertificateCustomValidationCallback = (message, certificate, chain, errors) => certificate.Thumbprint == known;
        // ok: csharp-tls-verify-off
        handler.CheckCertificateRevocationList = true;
        // ruleid: csharp-tls-old-version
        ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls11;
        // ruleid: csharp-tls-old-version
        handler.SslProtocols = SslProtocols.Tls;
        // ok: csharp-tls-old-version
        ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;
        // ok: csharp-tls-old-version
        handler.SslProtocols = SslProtocols.None;
    }
}
