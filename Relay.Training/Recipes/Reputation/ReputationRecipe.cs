using System.Globalization;
using System.IO.Compression;
using System.Text;
using Shared.Contracts.Addresses;

namespace Relay.Training.Recipes.Reputation;

/// <summary>Writes the rows of <c>ip-reputation</c>: a training file and a file of held-out rows, the same bytes for the same lists.</summary>
public static class ReputationRecipe
{
    /// <param name="trainPath">Receives the rows to learn from, packed with gzip; replaced as a whole.</param>
    /// <param name="heldOutPath">Receives the held-out rows.</param>
    /// <returns>What was found in the lists and left out, a sentence each.</returns>
    /// <exception cref="TrainingException">A list cannot be read, lines are faulty (all are named), or addresses are too few.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(
        ReputationSources sources, string trainPath, string heldOutPath, CancellationToken cancellationToken = default)
    {
        if (!(sources.BaseRate is > 0 and <= 0.5))
        {
            throw new TrainingException(TrainingFault.InvalidSpec, $"base rate: got {sources.BaseRate}, expected a share above 0, at most 0.5");
        }

        ReputationLists lists = ReputationLists.Read(sources);
        ReputationRows rows = new(sources, lists);
        int train = Write(trainPath, rows.Training(), cancellationToken);
        int heldOut = Write(heldOutPath, rows.HeldOut(), cancellationToken);
        return
        [
            .. lists.Notes,
            .. lists.Older is null
                ?
                (string[])
                [
                    "no older list: a tenth of the list is held out by address, which is an upper bound for the list of tomorrow; "
                    + "--older measures by time",
                ]
                : [],
            string.Create(
                CultureInfo.InvariantCulture, $"{train} rows to learn from and to look up, {heldOut} held out, base rate {sources.BaseRate}"),
        ];
    }

    private static int Write(string path, IEnumerable<ReputationRow> rows, CancellationToken cancellationToken)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        int count = 0;
        try
        {
            using (StreamWriter text = new(new GZipStream(File.Create(temporary), CompressionLevel.Fastest), new UTF8Encoding(false)))
            {
                text.Write($"{string.Join(',', AddressFeatures.Names)},reputation,weight,source\n");
                foreach (ReputationRow row in rows)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    text.Write(string.Join(',', row.Cells));
                    text.Write(string.Create(CultureInfo.InvariantCulture, $",{row.Label},{row.Weight:G6},\"{row.Source}\"\n"));
                    count++;
                }
            }

            File.Move(temporary, path, overwrite: true);
            return count;
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
