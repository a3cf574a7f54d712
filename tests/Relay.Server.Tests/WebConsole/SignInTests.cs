using System.Net;
using Relay.TestKit;

namespace Relay.Server.Tests.WebConsole;

/// <summary>The way into the console and out of it.</summary>
public sealed class SignInTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task Page_WithoutASession_LeadsToTheSignInAndBack()
    {
        using ConsoleBrowser browser = ConsoleBrowser.Open(own.Relay);
        ConsoleAnswer page = await browser.GetAsync("/console/fleet?stale=true");
        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        Assert.StartsWith("/console/sign-in?back=", page.Location, StringComparison.Ordinal);

        ConsoleAnswer signedIn = await browser.PostAsync(page.Location!, ("key", own.Relay.AdminKey));
        Assert.Equal("/console/fleet?stale=true", signedIn.Location);
    }

    [Fact]
    public async Task SignIn_UnknownKey_SaysWhatToDo()
    {
        using ConsoleBrowser browser = ConsoleBrowser.Open(own.Relay);
        ConsoleAnswer answer = await browser.PostAsync("/console/sign-in", ("key", "relay_wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Contains("Copy the whole of it", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_EndsTheSession()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/console")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync("/console/sign-out")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync("/console")).Status);
    }

    [Fact]
    public async Task Form_WithoutTheTokenOfTheSession_ChangesNothing()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        ConsoleAnswer answer = await browser.PostAsync("/console/sign-out");
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/console")).Status);
    }
}
