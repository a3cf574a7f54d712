using Microsoft.Playwright;

namespace Relay.WebConsole.Browser.Tests.Checks;

/// <summary>Pictures of pages, for people to look at.</summary>
internal static class Screenshots
{
    /// <summary>That of the environment variable RELAY_SCREENSHOTS; without it, <c>screenshots</c> beside the tests.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable("RELAY_SCREENSHOTS") is { Length: > 0 } folder
        ? folder
        : Path.Combine(AppContext.BaseDirectory, "screenshots");

    /// <summary>Saves the whole page, also what a user scrolls to, with its animations at their end.</summary>
    /// <param name="file">Its name in the folder.</param>
    /// <returns>The path of the file.</returns>
    public static async Task<string> SaveAsync(IPage page, string file)
    {
        string path = Path.Combine(Folder, file);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = true, Animations = ScreenshotAnimations.Disabled });
        return path;
    }
}
