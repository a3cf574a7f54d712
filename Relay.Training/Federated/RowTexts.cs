using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Federated;

/// <summary>The texts that stand in the rows of a file, which owners agree on before a round.</summary>
/// <param name="Labels">Of the label column; empty where the spec groups them, or it is a number.</param>
/// <param name="Categories">Per column of texts.</param>
public sealed record RowTexts(IReadOnlyList<string> Labels, IReadOnlyDictionary<string, IReadOnlyList<string>> Categories)
{
    /// <exception cref="TrainingException">The file cannot be read by the spec.</exception>
    public static RowTexts Read(ModelSpec spec, string path, CancellationToken cancellationToken)
    {
        RawTable table = CsvTableReader.Read(spec, path, null, cancellationToken);
        return new RowTexts(
            table.LabelColumn is RawLabels labels && spec.Label.Groups.Count == 0 ? labels.Texts : [],
            table.Columns.OfType<CategoryColumn>().ToDictionary(
                c => c.Name, c => (IReadOnlyList<string>)c.Categories, StringComparer.Ordinal));
    }
}
