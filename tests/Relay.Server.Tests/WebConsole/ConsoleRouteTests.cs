using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Relay.Server.Tests.Http;
using Relay.TestKit;
using Relay.WebConsole.Layout;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Every route of the console, also those that are still to come.</summary>
public sealed partial class ConsoleRouteTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    private static readonly string[] Open =
        ["/", "/console/assets/{file}", "/console/sign-in", "/console/sign-in/service", "/console/sign-in/callback"];
    private static readonly string[] Values =
        ["x", "-1", "0", "9223372036854775807", "%00", "%0A%1b", "..%2f..%2fx", "%3Cscript%3E", new('9', 3000)];

    private static readonly string[] Parameters =
        ["cursor", "state", "status", "since", "until", "channel", "release", "model", "dataset", "run", "back", "with"];

    [Fact]
    [Trait("Attack", "console-session")]
    public async Task EveryRoute_WithoutASession_LeadsToTheSignIn()
    {
        using ConsoleBrowser stranger = ConsoleBrowser.Open(own.Relay);
        foreach ((string method, string path) in Routes().Where(route => !Open.Contains(route.Path)))
        {
            string address = Parameter().Replace(path, "7");
            ConsoleAnswer answer = method == "GET" ? await stranger.GetAsync(address) : await stranger.PostAsync(address);
            if (path == ConsolePaths.Live)
            {
                Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
                continue;
            }

            Assert.True(answer.Status is HttpStatusCode.SeeOther, $"{method} {path}: {answer.Status}");
            Assert.StartsWith(ConsolePaths.SignIn, answer.Location, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Attack", "console-forged-form")]
    public async Task EveryForm_WithoutTheTokenOfTheSession_IsRefused()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        string[] forms = [.. Routes().Where(route => route.Method == "POST" && route.Path != ConsolePaths.SignIn).Select(route => route.Path)];
        Assert.Contains(ConsolePaths.SignOut, forms);
        foreach (string form in forms)
        {
            ConsoleAnswer answer = await browser.ForgeAsync(Parameter().Replace(form, "7"));
            Assert.True(answer.Status is HttpStatusCode.Forbidden, $"{form}: {answer.Status}");
        }
    }

    [Fact]
    public async Task EveryPage_AnyPathAndQuery_IsNeverAFailure()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        foreach (string path in Routes().Where(route => route.Method == "GET" && route.Path != ConsolePaths.Live).Select(route => route.Path))
        {
            foreach (string value in Values)
            {
                string query = string.Join('&', Parameters.Select(name => $"{name}={value}"));
                string address = $"{Parameter().Replace(path, value)}?{query}";
                ConsoleAnswer answer = await browser.GetAsync(address);
                Assert.True((int)answer.Status < 500, $"{address}: {answer.Status}");
                Assert.DoesNotContain("<script>", answer.Html, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    [Trait("Attack", "console-session")]
    public async Task CookieOfASession_OnARouteOfTheApi_IsNoCredential()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync(Shared.Contracts.Api.Routes.Models)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostAsync($"{Shared.Contracts.Api.Routes.TrainingRuns}/7/cancel")).Status);
    }

    private IEnumerable<(string Method, string Path)> Routes() =>
        from endpoint in own.Relay.Services.ReadConsoleRoutes()
        let path = $"/{endpoint.RoutePattern.RawText!.Trim('/')}"
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select (method, path);

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
