using System.Globalization;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Sync.Client.Samples;

/// <summary>What a line holds.</summary>
internal enum SampleKind
{
    Samples,
    Labels,
}

/// <summary>A row or a label as it is sent.</summary>
/// <param name="Consent">Of a row, the <see cref="Scoring.ConsentedColumns.Key"/> by which it may leave; of a label <see cref="ForLabels"/>, since a
/// label holds no column.</param>
internal sealed record SampleLine(SampleKind Kind, string Dataset, string Consent, byte[] Text)
{
    public const string ForLabels = "label";
}

/// <summary>A file of lines that wait for the relay. Its name says all that there is to know of it.</summary>
/// <param name="Number">Grows; older batches are sent first.</param>
/// <param name="Consent">That of its lines.</param>
/// <param name="Lines">The number of lines in it.</param>
internal sealed record SampleBatch(long Number, SampleKind Kind, string Dataset, string Consent, int Lines)
{
    private const string Ending = "ndjson";

    public string FileName => string.Create(
        CultureInfo.InvariantCulture, $"{Number:D12}.{(Kind is SampleKind.Samples ? "samples" : "labels")}.{Dataset}.{Consent}.{Lines}.{Ending}");

    /// <summary>The route that takes it.</summary>
    public string Route => Kind is SampleKind.Samples ? Routes.SamplesOf(Dataset) : Routes.LabelsOf(Dataset);

    /// <summary>Null for a file that is no batch.</summary>
    public static SampleBatch? Read(string fileName) =>
        fileName.Split('.') is [string number, string kind, string dataset, string consent, string lines, Ending]
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed)
        && kind is "samples" or "labels"
        && RelayName.IsValid(dataset)
        && int.TryParse(lines, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? new(parsed, kind == "samples" ? SampleKind.Samples : SampleKind.Labels, dataset, consent, count)
            : null;
}
