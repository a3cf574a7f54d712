using System.Text.Json.Serialization;
using Shared.Contracts.Json;

namespace Shared.Contracts.Models;

/// <summary>What one gate said of a version: its verdict, and the figure that the verdict depends on.</summary>
/// <param name="Name">The gate.</param>
/// <param name="Detail">What was found and, where the gate did not pass, what to do; one sentence for people.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record GateResult(string Name, GateVerdict Verdict, string Detail)
{
    /// <summary>What the gate measured; null where it measured nothing.</summary>
    public double? Figure { get; init; }

    /// <summary>The value of the figure beyond which the gate fails or, where it never fails, warns.</summary>
    public double? Bound { get; init; }

    /// <summary>The 95% confidence interval of the figure; null where the figure is exact.</summary>
    public GateInterval? Interval { get; init; }

    /// <summary>Why a person accepted the version although this gate failed; null where none had to.</summary>
    public string? Accepted { get; init; }
}

/// <summary>A 95% confidence interval.</summary>
public sealed record GateInterval(double Low, double High);

[JsonConverter(typeof(EnumTextConverter<GateVerdict>))]
public enum GateVerdict
{
    [JsonStringEnumMemberName("pass")] Pass,

    /// <summary>The version may ship, and a person should look at the figure.</summary>
    [JsonStringEnumMemberName("warn")] Warn,

    /// <summary>No version comes of the run, unless a person accepts it with a reason.</summary>
    [JsonStringEnumMemberName("fail")] Fail,

    /// <summary>There is nothing that the gate could measure.</summary>
    [JsonStringEnumMemberName("not-applicable")] NotApplicable,
}
