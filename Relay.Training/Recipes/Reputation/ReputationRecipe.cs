using System.Globalization;
using System.IO.Compression;
using System.Text;
using Shared.Contracts.Addresses;
using Shared.Platform.Files;

namespace Relay.Training.Recipes.Reputation;

/// <summary>Writes the rows of <c>ip-reputation</c>: a training file and a file of held-out rows, the same bytes for the same lists.</summary>
public static class ReputationRecipe
{
    /// <param name="trainPath">Receives the rows to learn from, packed with gzip. Both files are replaced as a whole, when both are written.</param>
    /// <param name="heldOutPath">Receives the held-out rows.</param>
    /// <returns>What was found in the lists and left out, a sentence each.</returns>
    /// <exception cref="TrainingException">A list cannot be read, lines are faulty (all are named), or addresses are too few.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(
        ReputationSources sources, string trainPath, string heldOutPath, CancellationToken cancellationToken = default)
    {
        double lowest = ReputationRows.LowestBaseRate(sources);
        if (!(sources.BaseRate >= lowest && sources.BaseRate <= 0.5))
        {
            throw new TrainingException(
                TrainingFault.InvalidSpec,
                string.Create(CultureInfo.InvariantCulture, $"base rate: got {sources.BaseRate}, expected a share of {lowest:0.######} to 0.5"));
        }

        ReputationLists lists = ReputationLists.Read(sources);
        ReputationRows rows = new(sources, lists);

        // Drawn first: lists that are refused leave the files of before as they are.
        IEnumerable<ReputationRow> heldOut = rows.HeldOut();
        DurableFiles files = new();
        string[] temporary = [.. ((string[])[trainPath, heldOutPath]).Select(path => $"{path}.{Guid.NewGuid():N}.tmp")];
        try
        {
            RowCount learned = Write(files, temporary[0], rows.Training(), cancellationToken);
            RowCount measured = Write(files, temporary[1], heldOut, cancellationToken);
            files.Rename(temporary[0], trainPath);
            files.Rename(temporary[1], heldOutPath);
            return [.. lists.Notes, .. Describe(sources, lists, learned, measured)];
        }
        finally
        {
            Array.ForEach(temporary, File.Delete);
        }
    }

    private static IEnumerable<string> Describe(ReputationSources sources, ReputationLists lists, RowCount learned, RowCount measured)
    {
        if (lists.Older is null)
        {
            yield return "no older list: a tenth of the list is held out by address, which is an upper bound for the list of tomorrow; "
                + "--older measures by time";
        }

        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{learned.All} rows to learn from and to look up; {measured.All} held out, {measured.Bad} of them bad; "
                + $"base rate {sources.BaseRate:0.##########}");
    }

    private static RowCount Write(DurableFiles files, string path, IEnumerable<ReputationRow> rows, CancellationToken cancellationToken)
    {
        RowCount count = default;
        files.Write(path, file =>
        {
            using StreamWriter text = new(new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true), new UTF8Encoding(false));
            text.Write($"{string.Join(',', AddressFeatures.Names)},reputation,weight,source\n");
            foreach (ReputationRow row in rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                text.Write(string.Join(',', row.Cells));
                text.Write(string.Create(CultureInfo.InvariantCulture, $",{row.Label},{row.Weight:G6},\"{row.Source}\"\n"));
                count = new RowCount(count.All + 1, count.Bad + (row.Label == ReputationRow.Bad ? 1 : 0));
            }
        });
        return count;
    }

    private readonly record struct RowCount(int All, int Bad);
}
