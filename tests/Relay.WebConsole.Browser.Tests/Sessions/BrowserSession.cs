using Microsoft.Playwright;
using Relay.WebConsole.Browser.Tests.Checks;
using Xunit.Sdk;

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

    /// <summary>Waits until the page is one of this path. Playwright's WaitForURL hangs where it is there already.</summary>
    public Task RequirePathAsync(string path) => Assertions.Expect(Page).ToHaveURLAsync(new Uri(_options.Address, path).AbsoluteUri);

    /// <summary>Saves a picture of the whole page, and requires what holds for every page: no sideways scrolling, accessible, no errors.</summary>
    /// <param name="name">Of the picture.</param>
    public async Task RequireSoundPageAsync(string name)
    {
        await SaveScreenshotAsync(name);
        await Reflow.RequireAsync(Page);
        await Accessibility.RequireAsync(Page);
        await Errors.RequireNoneAsync();
    }

    /// <summary>Opens each page and requires what <see cref="RequireSoundPageAsync"/> does; one page hides no other.</summary>
    /// <param name="pages">The name of the picture, and the path.</param>
    public async Task RequireSoundPagesAsync(params IEnumerable<(string Name, string Path)> pages)
    {
        List<string> failures = [];
        foreach ((string name, string path) in pages)
        {
            try
            {
                Assert.Equal(200, (await GoToAsync(path)).Status);
                await RequireSoundPageAsync(name);
            }
            catch (XunitException failure)
            {
                failures.Add($"{path}: {failure.Message}");
                await Errors.TakeAsync();
            }
        }

        Assert.Empty(failures);
    }

    /// <summary>Signs in to the console of a relay.</summary>
    public async Task SignInAsync(string key)
    {
        await GoToAsync("/");
        await Page.GetByLabel("API key").FillAsync(key);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await RequirePathAsync("/console");
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
