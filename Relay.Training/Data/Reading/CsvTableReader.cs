using Shared.Contracts.Models;

namespace Relay.Training.Data.Reading;

/// <summary>Reads a CSV file into columns: numbers and codes, never the text.</summary>
internal static class CsvTableReader
{
    public static RawTable Read(
        ModelSpec spec, string path, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        TableReader table = new(spec);
        return table.Finish(CsvScanner.Run(spec, path, "read", _ => table, progress, cancellationToken));
    }
}
