using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Contracts.Api;

namespace Sync.Client.Reports;

/// <summary>Writes check-ins within <see cref="CheckInBounds"/>: what is too long is cut, what does not fit is left out, and the check-in says
/// both. One that a relay does not take would be sent for ever.</summary>
internal static class CheckInWriter
{
    public static WrittenCheckIn Write(CheckIn report)
    {
        List<string> cut = [];
        CheckIn whole = report with
        {
            Models = Bound(report.Models, "models", cut),
            Refusals = [.. report.Refusals.Take(CheckInBounds.Items).Select(r => Shorten(r))],
            Quarantine = Bound(report.Quarantine, "quarantine", cut),
            Shadow = report.Shadow is { } shadow ? Bound(shadow, "shadow", cut) : null,
            Steering = report.Steering is { } steering ? CheckInBounds.Cut(steering, CheckInBounds.SubjectLength) : null,
        };
        while (true)
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(
                whole with { Cut = cut.Count == 0 ? null : cut }, CheckInJson.Default.CheckIn);
            if (json.Length <= CheckInBounds.Bytes)
            {
                return new WrittenCheckIn(json, whole.Refusals.Count, whole.Windows?.Count ?? 0);
            }

            whole = Reduce(whole, cut);
        }
    }

    // Windows and refusals are not lost by it: the next check-in has the rest. Of the others, what counts most for an operator stays longest.
    private static CheckIn Reduce(CheckIn report, List<string> cut) => report switch
    {
        { Windows.Count: > 1 } => report with { Windows = Half(report.Windows) },
        { Refusals.Count: > 1 } => report with { Refusals = Half(report.Refusals) },
        { Shadow.Count: > 0 } => report with { Shadow = Halve(report.Shadow, "shadow", cut) },
        { Quarantine.Count: > 0 } => report with { Quarantine = Halve(report.Quarantine, "quarantine", cut) },
        _ => report with { Models = Halve(report.Models, "models", cut) },
    };

    private static RefusalReport Shorten(RefusalReport refusal) => refusal with
    {
        Subject = CheckInBounds.Cut(refusal.Subject, CheckInBounds.SubjectLength),
        Detail = CheckInBounds.Cut(refusal.Detail, CheckInBounds.DetailLength),
    };

    private static IReadOnlyList<T> Bound<T>(IReadOnlyList<T> items, string name, List<string> cut) =>
        items.Count <= CheckInBounds.Items ? items : Keep(items, CheckInBounds.Items, name, cut);

    private static IReadOnlyList<T> Halve<T>(IReadOnlyList<T> items, string name, List<string> cut) => Keep(items, items.Count / 2, name, cut);

    private static IReadOnlyList<T> Keep<T>(IReadOnlyList<T> items, int kept, string name, List<string> cut)
    {
        string before = name + ": ";
        string line = cut.Find(l => l.StartsWith(before, StringComparison.Ordinal)) ?? $"{before}{items.Count} are";
        cut.Remove(line);
        cut.Add($"{before}{line[before.Length..].Split(' ')[0]} are too many, the first {kept} follow");
        return [.. items.Take(kept)];
    }

    private static IReadOnlyList<T> Half<T>(IReadOnlyList<T> items) => [.. items.Take(items.Count / 2)];
}

/// <summary>A check-in as it is sent. The refusals and windows after those that it holds are for the next one.</summary>
/// <param name="Refusals">The number of refusals in it.</param>
/// <param name="Windows">The number of windows in it.</param>
internal sealed record WrittenCheckIn(byte[] Json, int Refusals, int Windows);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CheckIn))]
internal sealed partial class CheckInJson : JsonSerializerContext;
