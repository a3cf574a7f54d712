using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Benchmarks;

/// <summary>One measurement, ours beside the peer's.</summary>
/// <param name="Peer">Null where the peer is not installed or there is none.</param>
/// <param name="Ratio">Above 1, ours is better; null without a peer.</param>
internal sealed record BenchRow(string Id, double Ours, double? Peer, string Unit, double? Ratio, string Note)
{
    /// <summary>A row where lower is better: time, memory.</summary>
    public static BenchRow LowerIsBetter(string id, double ours, double? peer, string unit, string note) =>
        new(id, ours, peer, unit, peer / ours, note);

    /// <summary>A row where higher is better: quality, throughput.</summary>
    public static BenchRow HigherIsBetter(string id, double ours, double? peer, string unit, string note) =>
        new(id, ours, peer, unit, peer is { } p ? ours / p : null, note);
}

/// <summary>All rows of a suite: a table for people, and as the last line JSON whose form does not change.</summary>
internal sealed record BenchReport(string Suite, IReadOnlyList<BenchRow> Rows)
{
    public void Write(TextWriter output)
    {
        int width = Rows.Max(r => r.Id.Length);
        output.WriteLine($"{"id".PadRight(width)} {"ours",12} {"peer",12} {"unit",-6} {"ratio",8}  note");
        foreach (BenchRow row in Rows)
        {
            output.WriteLine(
                $"{row.Id.PadRight(width)} {Number(row.Ours),12} {Number(row.Peer),12} {row.Unit,-6} {Number(row.Ratio),8}  {row.Note}");
        }

        output.WriteLine(JsonSerializer.Serialize(this, BenchJson.Default.BenchReport));
    }

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(Training.FitResult))]
[JsonSerializable(typeof(Trust.TrustServing))]
[JsonSerializable(typeof(Fleet.FleetServing))]
[JsonSerializable(typeof(Fleet.LightFleetServing))]
[JsonSerializable(typeof(double[]))]
internal sealed partial class BenchJson : JsonSerializerContext;
