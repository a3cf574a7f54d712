using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Relay.WebConsole.Hosting;

namespace Relay.WebConsole.Access;

/// <summary>Whether a form comes from a page of this console: it has the token of the session, and the browser names no other site as its
/// origin.</summary>
internal static class CsrfCheck
{
    public const string Field = "csrf";

    public static bool IsOwn(HttpRequest request, IFormCollection form, ConsoleUser user) =>
        IsOfThisSite(request)
        && form[Field] is [{ } token]
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(user.CsrfToken));

    /// <summary>What the browser says of the page that sent a request (Fetch Metadata, and Origin for older ones).</summary>
    public static bool IsOfThisSite(HttpRequest request) => request.Headers["Sec-Fetch-Site"] is [{ } site]
        ? site is "same-origin"
        : request.Headers.Origin is not [{ } origin] || origin == $"{request.Scheme}://{request.Host}";
}
