using Microsoft.Playwright;

namespace Relay.WebConsole.Browser.Tests.Checks;

/// <summary>Whether a page fits the window's width: WCAG 2.2, 1.4.10 Reflow. What is wide by nature, such as a table, scrolls in a box of its
/// own.</summary>
internal static class Reflow
{
    /// <exception cref="Xunit.Sdk.FailException">A user has to scroll sideways to read the page.</exception>
    public static async Task RequireAsync(IPage page)
    {
        int overflow = await FindOverflowAsync(page);
        if (overflow > 0)
        {
            Assert.Fail($"The page is {overflow} pixels wider than the window of {page.ViewportSize!.Width}.");
        }
    }

    /// <returns>By how many CSS pixels the page is wider than the window.</returns>
    public static Task<int> FindOverflowAsync(IPage page) =>
        page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
