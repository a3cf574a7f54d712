using System.Globalization;

namespace Relay.WebConsole.Components;

/// <summary>Numbers as pages write them.</summary>
internal static class NumberText
{
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A length in bytes, in the unit that fits.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 10_000 => $"{Count(bytes)} bytes",
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:N0} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB"),
    };
}
