using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Relay.Training.Models;

namespace Relay.Training.Packaging;

/// <summary>Chooses the rows of the golden vectors: few, the same for the same model and data, and with
/// every class, missing values and the edges where implementations differ.</summary>
internal static class GoldenRows
{
    private const int PerClass = 3;
    private const int WithMissing = 6;
    private const int Spread = 20;

    /// <returns>Columns of the chosen held-out rows, followed by the edge rows.</returns>
    public static (IReadOnlyList<DataColumn> Columns, int Rows) Choose(
        DataSet heldOut, Predictions predictions, FittedModel model)
    {
        GoldenRowBuilder rows = new(model.Encodings);
        int[] chosen = Existing(heldOut, predictions);
        foreach (int row in chosen)
        {
            rows.AddCopy(heldOut.Columns, row);
        }

        EdgeRows.Add(rows, heldOut.Columns, chosen[0], model);
        return (rows.Build(), rows.Count);
    }

    private static int[] Existing(DataSet heldOut, Predictions predictions)
    {
        SortedSet<int> chosen = [];
        int rowCount = predictions.RowCount;
        int[] truly = new int[Math.Max(1, heldOut.Classes.Count)];
        int[] predicted = new int[predictions.Labels.Length == 0 ? 1 : predictions.Labels.Max() + 1];
        int missing = 0;
        for (int row = 0; row < rowCount; row++)
        {
            // No short circuit: each of the three quotas counts on its own.
            bool wanted = truly[heldOut.Labels[row]]++ < PerClass;
            wanted |= predicted[predictions.Labels.Length == 0 ? 0 : predictions.Labels[row]]++ < PerClass;
            wanted |= missing < WithMissing && HasMissing(heldOut.Columns, row) && ++missing > 0;
            if (wanted)
            {
                chosen.Add(row);
            }
        }

        for (int i = 0; i < Spread; i++)
        {
            chosen.Add((int)((long)i * rowCount / Spread));
        }

        return [.. chosen];
    }

    private static bool HasMissing(IReadOnlyList<DataColumn> columns, int row)
    {
        foreach (DataColumn column in columns)
        {
            if (column is NumberColumn number ? float.IsNaN(number.Values[row]) : ((CategoryColumn)column).Codes[row] < 0)
            {
                return true;
            }
        }

        return false;
    }
}
