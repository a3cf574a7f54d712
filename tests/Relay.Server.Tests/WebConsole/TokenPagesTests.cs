using System.Net;
using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Enrollment tokens in the console.</summary>
public sealed partial class TokenPagesTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    private const string Tokens = "/console/fleet/tokens";

    [Fact]
    public async Task Token_IsShownOnceAndRevoked()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(own.Relay, "operator");
        ConsoleAnswer created = await browser.SubmitAsync(Tokens, Tokens, ("name", "shops"), ("uses", "12"), ("days", "3"));
        string token = TokenText().Match(created.Html).Groups[1].Value;
        ConsoleAnswer list = await browser.GetAsync(Tokens);
        string revoke = RevokePath().Match(list.Html).Groups[1].Value;

        Assert.True(token.Length > 20, created.Text);
        Assert.DoesNotContain(token, list.Html, StringComparison.Ordinal);
        Assert.Contains("0 of 12", list.Text, StringComparison.Ordinal);
        Assert.Contains("is revoked", (await browser.SubmitAsync(Tokens, revoke)).Text, StringComparison.Ordinal);
        Assert.Contains("shops", (await browser.GetAsync($"{Tokens}?usable=false")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("No Such Name", "5", "3", HttpStatusCode.UnprocessableEntity)]
    [InlineData("shops", "many", "3", HttpStatusCode.BadRequest)]
    [InlineData("shops", "5", "9999", HttpStatusCode.UnprocessableEntity)]
    public async Task Token_RefusedForm_KeepsWhatWasTyped(string name, string uses, string days, HttpStatusCode status)
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(own.Relay, "operator");
        ConsoleAnswer refused = await browser.SubmitAsync(Tokens, Tokens, ("name", name), ("uses", uses), ("days", days));

        Assert.Equal(status, refused.Status);
        Assert.Contains("role=\"alert\"", refused.Html, StringComparison.Ordinal);
        Assert.All(new[] { name, uses, days }, value => Assert.Contains($"value=\"{value}\"", refused.Html, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Token_Auditor_SeesTheListAndNoForm()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(own.Relay, "auditor");
        ConsoleAnswer page = await browser.GetAsync(Tokens);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("Make the token", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync(Tokens, ("name", "x"), ("uses", "1"), ("days", "1"))).Status);
    }

    [GeneratedRegex("<pre>([^<]+)</pre>")]
    private static partial Regex TokenText();

    [GeneratedRegex("action=\"(/console/fleet/tokens/[0-9]+/revoke)\"")]
    private static partial Regex RevokePath();
}
