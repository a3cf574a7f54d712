using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>Reads a CSV file into columns: numbers and codes, never the text.</summary>
internal static class CsvTable
{
    public static RawTable Read(
        ModelSpec spec, string path, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        TableReader table = new(spec);
        (_, string digest) = CsvScan.Run(spec, path, "read", _ => table, progress, cancellationToken);
        return table.Finish(Path.GetFileName(path), digest);
    }
}
