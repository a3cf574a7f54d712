using System.Globalization;
using Microsoft.Playwright;
using Relay.TestKit;
using Relay.WebConsole.Browser.Tests.Sessions;

namespace Benchmarks.WebConsole;

/// <summary>The first page as chromium loads it on a first visit: nothing is cached, and each visit makes a connection of its own.</summary>
internal static class HomeInBrowserRow
{
    private const int Visits = 21;

    // The end of the load event is known once its listeners have run, which is after the page counts as loaded.
    private const string Timing =
        "() => new Promise(resolve => setTimeout(() => { const t = performance.getEntriesByType('navigation')[0];"
        + " resolve([t.responseStart, t.loadEventEnd]); }, 50))";

    public static async Task<BenchRow> MeasureAsync(TestRelay relay)
    {
        string program = ChromiumProgram.Find() ?? throw new InvalidOperationException(ChromiumProgram.NotInstalled);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await ChromiumProgram.StartAsync(playwright, program);
        BrowserNewContextOptions options = new() { BaseURL = relay.Address.AbsoluteUri, IgnoreHTTPSErrors = true };
        options.StorageState = await SignInAsync(browser, options, relay.AdminKey);

        // Code that runs for the first time costs more.
        await VisitAsync(browser, options);
        List<(double FirstByte, double Loaded)> visits = [];
        for (int i = 0; i < Visits; i++)
        {
            visits.Add(await VisitAsync(browser, options));
        }

        double[] afterFirstByte = [.. visits.Select(visit => visit.Loaded - visit.FirstByte).Order()];
        return BenchRow.LowerIsBetter(
            "console.home.ms", afterFirstByte[Visits / 2], null, "ms",
            string.Create(CultureInfo.InvariantCulture, $"the first page in chromium, over HTTPS, at {LargeFleet.Nodes:N0} nodes: ")
            + $"from the first byte until all is loaded, median of {Visits}; "
            + string.Create(
                CultureInfo.InvariantCulture,
                $"the slowest took {afterFirstByte[^1]:0} ms; from the start of the visit, its handshake included, ")
            + string.Create(CultureInfo.InvariantCulture, $"{visits.Select(visit => visit.Loaded).Order().ElementAt(Visits / 2):0} ms"));
    }

    /// <returns>The cookies of the session.</returns>
    private static async Task<string> SignInAsync(IBrowser browser, BrowserNewContextOptions options, string key)
    {
        await using IBrowserContext context = await browser.NewContextAsync(options);
        IPage page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.GetByLabel("API key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(new Uri(options.BaseURL!), FirstPage.Path).AbsoluteUri);
        return await context.StorageStateAsync();
    }

    /// <returns>Milliseconds from the start of the visit.</returns>
    private static async Task<(double FirstByte, double Loaded)> VisitAsync(IBrowser browser, BrowserNewContextOptions options)
    {
        await using IBrowserContext context = await browser.NewContextAsync(options);
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(FirstPage.Path);
        return await page.EvaluateAsync<double[]>(Timing) is [var firstByte, var loaded] && loaded > 0
            ? (firstByte, loaded)
            : throw new InvalidOperationException("The page was not loaded.");
    }
}
