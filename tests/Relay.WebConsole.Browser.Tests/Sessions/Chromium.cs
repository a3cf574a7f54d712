using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Relay.WebConsole.Browser.Tests.Sessions.Chromium))]

namespace Relay.WebConsole.Browser.Tests.Sessions;

/// <summary>The browser of the machine, started once for all tests: the command <c>chromium-headless-shell</c>, or the program that the
/// environment variable RELAY_CHROMIUM names. Each visit has a session of its own, with no cookie of another.</summary>
public sealed class Chromium : IAsyncLifetime
{
    internal const string NotInstalled = "chromium is not installed: apt-get install chromium-headless-shell";

    // For a script of a page that never ends, which the browser waits for. A visit takes seconds.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    // As long as Playwright waits for a page. What a test expects comes when it comes on a machine that does other work.
    private static readonly TimeSpan ExpectTimeout = TimeSpan.FromSeconds(30);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is { } program)
        {
            Assertions.SetDefaultExpectTimeout((float)ExpectTimeout.TotalMilliseconds);
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = program,

                // Chromium refuses to start its sandbox as root, which ./test is in a container. The pages are the relay's own.
                ChromiumSandbox = !Environment.IsPrivilegedProcess,

                // No test reaches the network, nor does the browser itself.
                Args = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"],
            });
        }
    }

    /// <summary>Opens a session, visits pages in it, and requires that they had no errors. Skips the test where no chromium is installed.</summary>
    internal async Task VisitAsync(SessionOptions options, Func<BrowserSession, Task> visit)
    {
        Assert.SkipWhen(_browser is null, NotInstalled);
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

    private static string? Find() => Environment.GetEnvironmentVariable("RELAY_CHROMIUM") is { Length: > 0 } program
        ? program
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "chromium-headless-shell")).FirstOrDefault(File.Exists);
}
