using Microsoft.Playwright;

namespace Relay.WebConsole.Browser.Tests.Sessions;

/// <summary>What a user has: a screen, a color scheme, and a browser with scripts or without.</summary>
/// <param name="Address">Of the server whose pages the session shows; requests to any other are errors.</param>
internal sealed record SessionOptions(Uri Address)
{
    /// <summary>The width of a laptop's window, in CSS pixels.</summary>
    public const int Wide = 1280;

    /// <summary>The width of a phone, in CSS pixels.</summary>
    public const int Narrow = 390;

    /// <summary>For a theory with a width and a color scheme: each of both, and with <c>./test --long</c> each with each. Colors do not depend on the
    /// width.</summary>
    public static TheoryData<int, ColorScheme> Views => Environment.GetEnvironmentVariable("RELAY_TEST_LONG") is "1"
        ? new() { { Wide, ColorScheme.Light }, { Wide, ColorScheme.Dark }, { Narrow, ColorScheme.Light }, { Narrow, ColorScheme.Dark } }
        : new() { { Wide, ColorScheme.Light }, { Narrow, ColorScheme.Dark } };

    /// <summary>In CSS pixels.</summary>
    public int Width { get; init; } = Wide;

    public ColorScheme Theme { get; init; } = ColorScheme.Light;

    public bool JavaScript { get; init; } = true;

    /// <summary>An API key that each request sends; null: none.</summary>
    public string? Key { get; init; }

    /// <summary>The name of a screenshot: <c>card-390-dark.png</c>.</summary>
    public string NameScreenshot(string name) =>
        $"{name}-{Width}-{(Theme == ColorScheme.Dark ? "dark" : "light")}{(JavaScript ? "" : "-noscript")}.png";
}
