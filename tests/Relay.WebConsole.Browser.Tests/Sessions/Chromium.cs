using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Relay.WebConsole.Browser.Tests.Sessions.Chromium))]

namespace Relay.WebConsole.Browser.Tests.Sessions;

/// <summary>The browser of the machine, started once for all tests. Each visit has a session of its own, with no cookie of another.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // For a script of a page that never ends, which the browser waits for. A visit takes seconds.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    // As long as Playwright waits for a page. What a test expects comes when it comes on a machine that does other work.
    private static readonly TimeSpan ExpectTimeout = TimeSpan.FromSeconds(30);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (ChromiumProgram.Find() is { } program)
        {
            Assertions.SetDefaultExpectTimeout((float)ExpectTimeout.TotalMilliseconds);
            _playwright = await Playwright.CreateAsync();
            _browser = await ChromiumProgram.StartAsync(_playwright, program);
        }
    }

    /// <summary>Opens a session, visits pages in it, and requires that they had no errors. Skips the test where no chromium is installed.</summary>
    internal async Task VisitAsync(SessionOptions options, Func<BrowserSession, Task> visit)
    {
        Assert.SkipWhen(_browser is null, ChromiumProgram.NotInstalled);
        await using BrowserSession session = await BrowserSession.OpenAsync(_browser, options);
        try
        {
            await VisitAsync(session, visit).WaitAsync(Deadline);
        }
        catch
        {
            await session.ReportFailureAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private static async Task VisitAsync(BrowserSession session, Func<BrowserSession, Task> visit)
    {
        await visit(session);
        await session.Errors.RequireNoneAsync();
    }
}
