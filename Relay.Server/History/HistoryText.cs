using System.Globalization;
using Shared.Contracts.Api;

namespace Relay.Server.History;

/// <summary>What a report says, for people.</summary>
internal static class HistoryText
{
    private const int Listed = 5;

    public static string Describe(CheckIn report) => report.Release == 0
        ? $"no release of channel '{report.Channel}'"
        : string.Create(CultureInfo.InvariantCulture, $"release {report.Release} of channel '{report.Channel}'{Models(report.Models)}");

    private static string Models(IReadOnlyList<ActiveModel> models) => models.Count == 0
        ? ""
        : $" ({string.Join(", ", models.Take(Listed).Select(Name))}{(models.Count > Listed ? ", ..." : "")})";

    private static string Name(ActiveModel model) => string.Create(CultureInfo.InvariantCulture, $"{model.Name} {model.Version}");
}
