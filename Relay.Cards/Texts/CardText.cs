using System.Globalization;
using Shared.Contracts;

namespace Relay.Cards.Texts;

/// <summary>How a card writes numbers and the names of others.</summary>
internal static class CardText
{
    public const string None = "–";

    private const int MaxName = 80;

    /// <summary>A name of the data: a column, a class, a text. Escaped, and cut where it is long.</summary>
    public static string Name(string name) => Cut(name, MaxName);

    public static string Cut(string text, int length) => DisplayText.Escape(text, length);

    /// <summary>With four digits, so that .9996 and 1 differ.</summary>
    public static string Figure(double figure) => double.IsFinite(figure)
        ? figure == Math.Floor(figure) && Math.Abs(figure) < 1e15 ? figure.ToString("#,0", CultureInfo.InvariantCulture)
            : Math.Abs(figure) is >= 1e6 or (> 0 and < 1e-4) ? figure.ToString("0.###e0", CultureInfo.InvariantCulture)
            : Math.Abs(figure) >= 1000 ? figure.ToString("#,0.#", CultureInfo.InvariantCulture)
            : figure.ToString(Math.Abs(figure) < 1 ? "0.####" : "0.###", CultureInfo.InvariantCulture)
        : figure.ToString(CultureInfo.InvariantCulture);

    public static string Figure(double? figure) => figure is { } value ? Figure(value) : None;

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Percent(double share) =>
        share is > 0 and < 0.001 ? "<0.1%"
        : share is > 0.999 and < 1 ? ">99.9%"
        : (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + "%";

    public static string Percent(long part, long whole) => whole == 0 ? None : Percent((double)part / whole);

    public static string Interval(double low, double high) => $"{Figure(low)} to {Figure(high)}";
}
