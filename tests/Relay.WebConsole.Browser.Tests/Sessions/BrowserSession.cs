using Microsoft.Playwright;
using Relay.WebConsole.Browser.Tests.Checks;

namespace Relay.WebConsole.Browser.Tests.Sessions;

/// <summary>One user's browser: a window with a page, cookies of its own, and what went wrong in it.</summary>
internal sealed class BrowserSession : IAsyncDisposable
{
    private const int Height = 844;

    private readonly IBrowserContext _context;
    private readonly SessionOptions _options;

    private BrowserSession(IBrowserContext context, IPage page, PageErrors errors, SessionOptions options)
    {
        _context = context;
        _options = options;
        Page = page;
        Errors = errors;
    }

    public IPage Page { get; }

    /// <summary>Of all pages of the session.</summary>
    public PageErrors Errors { get; }

    public static async Task<BrowserSession> OpenAsync(IBrowser browser, SessionOptions options)
    {
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = options.Address.AbsoluteUri,
            ViewportSize = new ViewportSize { Width = options.Width, Height = Height },
            ColorScheme = options.Theme,
            JavaScriptEnabled = options.JavaScript,

            // A browser has its authorities from the moment it starts, and each relay of a test has its own. Tests of other clients verify it.
            IgnoreHTTPSErrors = true,
            ExtraHTTPHeaders = options.Key is { } key ? [new("Authorization", $"Bearer {key}")] : [],
        });
        PageErrors errors = new(context, options.Address);
        return new(context, await context.NewPageAsync(), errors, options);
    }

    /// <summary>Opens a page and waits until it and what it refers to are loaded.</summary>
    /// <param name="path">Under the server's address.</param>
    /// <returns>What the server answered.</returns>
    public async Task<IResponse> GoToAsync(string path) => (await Page.GotoAsync(path))!;

    /// <summary>Saves a picture of the whole page, and requires what holds for every page: no sideways scrolling, accessible, no errors.</summary>
    /// <param name="name">Of the picture.</param>
    public async Task RequireSoundPageAsync(string name)
    {
        await SaveScreenshotAsync(name);
        await Reflow.RequireAsync(Page);
        await Accessibility.RequireAsync(Page);
        await Errors.RequireNoneAsync();
    }

    /// <returns>The path of the file.</returns>
    public Task<string> SaveScreenshotAsync(string name) => Screenshots.SaveAsync(Page, _options.NameScreenshot(name));

    /// <summary>Writes to the test's output what a reader of its failure needs: where the page is, a picture of it and its errors.</summary>
    public async Task ReportFailureAsync()
    {
        if (TestContext.Current.TestOutputHelper is not { } output)
        {
            return;
        }

        output.WriteLine($"The page is {Page.Url}");
        foreach (PageError error in Errors.Seen)
        {
            output.WriteLine($"{error}");
        }

        try
        {
            output.WriteLine($"A picture of it: {await SaveScreenshotAsync($"failed/{TestContext.Current.TestMethod?.MethodName}")}");
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException)
        {
            output.WriteLine($"No picture of it: {e.Message}");
        }
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
